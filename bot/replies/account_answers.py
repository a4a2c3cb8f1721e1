"""An account said in words, joined with what the announcement says of it on that day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts.account import Account, Open, Status, status_of
from bot.accounts.senders import CodeMessage
from bot.replies.answers import BUTTONS, STATEMENTS_OF_TWO, answer, fixed, one_reply
from bot.replies.catalogue import catalogues
from bot.replies.formats import SpokenDate, money_text, number_text, plural_text
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

DISCONNECTED, OUTAGE = "report_disconnected", "report_outage"
PROMISE = "ask_disconnection_guarantee"  # what is said of it on the day, and that the debt remains
SCOPE = "ask_guarantee_scope"  # that the announcement does not say whether it covers businesses
EXTENSION = "request_payment_extension"
AFTER = {
    "check_account_status": (EXTENSION, "check_invoice", "request_human"),
    "check_invoice": ("check_account_status", "ask_how_to_pay", "request_human"),
    "check_payment_received": ("check_account_status", "request_human"),
    DISCONNECTED: ("check_account_status", "ask_how_to_pay"),
}


def account_answer(
    session: Session,
    questions: Sequence[str],
    account: Account,
    language: str,
    today: date,
    medium: str | None = None,
) -> Reply:
    """The answer to account questions (keys of `AFTER`) from an account that is open.

    The promise not to disconnect is said once, only of a debt that is late, and only as the facts stand on the day.
    """
    status = status_of(account, today)
    words = _Words(language, medium)
    texts = catalogues()[language]
    buttons = dict.fromkeys(texts.button(intent) for question in questions for intent in AFTER[question])
    done = {*questions, *([] if status.owed else [EXTENSION])}
    pointless = {texts.button(intent) for intent in done}
    replies = [Reply(_lines(session, words, question, account, status, today), private=True) for question in questions]
    if account.disconnected_since is None and status.overdue:
        policy = answer(session, PROMISE, language, today, medium=medium, room=STATEMENTS_OF_TWO)
        replies.append(policy)
        if account.kind == "business":
            scope = answer(session, SCOPE, language, today, medium=medium, room=1, before=policy.text)
            replies += [scope] if scope.text not in policy.text else []
    return one_reply(replies, tuple(button for button in buttons if button not in pointless)[:BUTTONS])


def _lines(session: Session, words: "_Words", question: str, account: Account, status: Status, today: date) -> str:
    match question:
        case "check_invoice":
            lines = _invoice(words, account, status, today)
        case "check_payment_received":
            lines = _payment(words, status)
        case _:
            lines = _standing(words, account, status)
    if account.disconnected_since is not None:
        lines.append(words.say("utter_account_disconnected", since=words.date(account.disconnected_since)))
    elif question == DISCONNECTED:
        fault = answer(session, OUTAGE, words.language, today, medium=words.medium)
        lines.append(words.say("utter_account_connected", faults_line=fault.text))
    return " ".join(lines)


class _Words:
    """Sentences of the catalogue with dates and sums in them."""

    def __init__(self, language: str, medium: str | None) -> None:
        self.language, self.medium = language, medium

    def say(self, key: str, **values: Any) -> str:
        return fixed(key, self.language, self.medium, **values).text

    def date(self, day: date) -> SpokenDate:
        return SpokenDate(day, self.language)

    def money(self, amount: Decimal) -> str:
        return money_text(amount, self.language)

    def days(self, count: int) -> str:
        return f"{number_text(count, self.language)} {plural_text(count, 'days_ago', self.language)}"


def _standing(words: _Words, account: Account, status: Status) -> list[str]:
    lines = []
    if status.overdue:
        lines.append(
            words.say(
                "utter_account_overdue",
                address=account.address,
                amount=words.money(status.overdue),
                days=words.days(status.overdue_days),
            )
        )
        if status.next_due:
            lines.append(_due(words, "utter_account_also_due", status.next_due))
    elif status.next_due:
        lines.append(_due(words, "utter_account_due", status.next_due, address=account.address))
    elif status.overpaid:
        lines.append(words.say("utter_account_overpaid", address=account.address, amount=words.money(status.overpaid)))
    else:
        lines.append(words.say("utter_account_nothing_owed", address=account.address))
    return lines + _under_way(words, status)


def _due(words: _Words, key: str, due: Open, **values: Any) -> str:
    return words.say(key, amount=words.money(due.left), due=words.date(due.invoice.due_on), **values)


def _under_way(words: _Words, status: Status) -> list[str]:
    return [words.say("utter_account_under_way", amount=words.money(status.under_way))] if status.under_way else []


def _invoice(words: _Words, account: Account, status: Status, today: date) -> list[str]:
    issued = [invoice for invoice in account.invoices if invoice.issued_on <= today]
    if not issued:
        return [words.say("utter_invoice_none", address=account.address)]
    latest = max(issued, key=lambda invoice: (invoice.issued_on, invoice.number))
    left = next((one.left for one in status.open if one.invoice == latest), None)
    lines = [
        words.say(
            "utter_invoice_latest",
            address=account.address,
            issued=words.date(latest.issued_on),
            amount=words.money(latest.amount),
            due=words.date(latest.due_on),
        ),
        words.say("utter_invoice_paid") if left is None else words.say("utter_invoice_left", amount=words.money(left)),
    ]
    earlier = status.owed - (left or 0)
    if earlier > 0:
        lines.append(words.say("utter_invoice_earlier", amount=words.money(earlier)))
    return lines + _under_way(words, status)


def _payment(words: _Words, status: Status) -> list[str]:
    last = status.last_payment
    lines = (
        [words.say("utter_payment_latest", amount=words.money(last.amount), received=words.date(last.received_on))]
        if last
        else [words.say("utter_payment_none")]
    )
    lines += _under_way(words, status)
    return [*lines, words.say("utter_payment_owed", amount=words.money(status.owed))] if status.owed else lines


def code_message(code: str, language: str, recipient: str) -> CodeMessage:
    """The message that brings a one-time code; in Latvian where the customer's language is none of ours."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    subject, text = fixed("mail_code_subject", known).text, fixed("mail_code_text", known, code=code).text
    return CodeMessage(recipient, subject, text)
