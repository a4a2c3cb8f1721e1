"""Answers from accounts, in words, with what the announcement says about them on that day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from bot.accounts.account_status import ZERO, Account, AccountStatus, status_of
from bot.accounts.senders import CodeMessage
from bot.domain_names import Intent
from bot.knowledge.conveyed import Act, Conveyed, Opening
from bot.replies.account_lines import invoice_lines, joined, payment_lines, standing_lines
from bot.replies.account_words import AccountWords
from bot.replies.answer_composer import BUTTONS, STATEMENTS_OF_TWO, answer, one_reply
from bot.replies.catalogue import Button, catalogues
from bot.replies.fixed_replies import fixed
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

PROMISE = Intent.ASK_DISCONNECTION_GUARANTEE  # the facts of the day about it, and that the debt remains
SCOPE = Intent.ASK_GUARANTEE_SCOPE  # says that the announcement does not tell whether it covers businesses
ROWS_OF: dict[str, str] = {Intent.CHECK_INVOICE: "ACC:invoice", Intent.CHECK_PAYMENT_RECEIVED: "ACC:payment"}
AFTER: dict[str, tuple[Intent, ...]] = {
    Intent.CHECK_ACCOUNT_STATUS: (Intent.REQUEST_PAYMENT_EXTENSION, Intent.CHECK_INVOICE, Intent.REQUEST_HUMAN),
    Intent.CHECK_INVOICE: (Intent.CHECK_ACCOUNT_STATUS, Intent.ASK_HOW_TO_PAY, Intent.REQUEST_HUMAN),
    Intent.CHECK_PAYMENT_RECEIVED: (Intent.CHECK_ACCOUNT_STATUS, Intent.REQUEST_HUMAN),
    Intent.REPORT_DISCONNECTED: (Intent.CHECK_ACCOUNT_STATUS, Intent.ASK_HOW_TO_PAY),
}


def account_answer(
    session: Session,
    questions: Sequence[str],
    accounts: Sequence[Account],
    language: str,
    today: date,
    medium: str | None = None,
    *,
    sums: bool = True,
) -> Reply:
    """The answer to account questions (keys of `AFTER`) from open accounts.

    Args:
        sums: whether several accounts are all that the customer asked about, so that their total is correct.

    The promise not to disconnect is said once, only about an overdue debt, and only as the facts of the day allow.
    """
    words = AccountWords(language, medium)
    standing = [(account, status_of(account, today)) for account in accounts]
    is_one = len(standing) == 1
    replies = [
        _told(session, words, question, account, status, today, is_one=is_one)
        for account, status in standing
        for question in questions
    ]
    if not is_one and sums:
        replies.append(_private(_together(words, [status for _, status in standing]), ("ACC:balance",)))
    late = [account for account, status in standing if account.disconnected_since is None and status.overdue]
    if late:
        policy = answer(session, PROMISE, language, today, medium=medium, room=STATEMENTS_OF_TWO)
        replies.append(policy)
        if any(account.kind == "business" for account in late):
            scope = answer(session, SCOPE, language, today, medium=medium, room=1, before=policy.text)
            replies += [scope] if scope.text not in policy.text else []
    return one_reply(replies, _buttons(questions, language, owed=any(status.owed for _, status in standing)))


def _buttons(questions: Sequence[str], language: str, *, owed: bool) -> tuple[Button, ...]:
    texts = catalogues()[language]
    buttons = dict.fromkeys(texts.button(intent) for question in questions for intent in AFTER[question])
    without_debt = () if owed else (Intent.REQUEST_PAYMENT_EXTENSION,)
    pointless = {texts.button(intent) for intent in (*questions, *without_debt)}
    return tuple(button for button in buttons if button not in pointless)[:BUTTONS]


def _private(text: str, rows: tuple[str, ...], act: Act = Act.ACCOUNT) -> Reply:
    return Reply(text, private=True, conveyed=Conveyed(act, Opening.OPEN, rows))


def _told(
    session: Session,
    words: AccountWords,
    question: str,
    account: Account,
    status: AccountStatus,
    today: date,
    *,
    is_one: bool,
) -> Reply:
    rows = [ROWS_OF.get(question, "ACC:balance")]
    match question:
        case Intent.CHECK_INVOICE:
            lines = invoice_lines(words, account, status, today)
        case Intent.CHECK_PAYMENT_RECEIVED:
            at = [] if is_one else [words.say("utter_account_at", address=account.address)]
            lines = at + payment_lines(words, status)
        case _:
            lines = standing_lines(words, account, status)
    if account.disconnected_since is not None:
        lines.append(words.say("utter_account_disconnected", since=words.date(account.disconnected_since)))
        rows.append("S24")
    elif question == Intent.REPORT_DISCONNECTED:
        fault = answer(session, Intent.REPORT_OUTAGE, words.language, today, medium=words.medium)
        lines.append(words.say("utter_account_connected", faults_line=fault.text))
        rows += fault.conveyed.rows
    if status.overdue:
        rows.append("ACC:overdue")
    return _private(joined(lines), tuple(rows))


def _together(words: AccountWords, standing: Sequence[AccountStatus]) -> str:
    """The amount to be paid for several contracts; a credit on one does not reduce another's debt."""
    owed, late = (sum(sums, ZERO) for sums in zip(*((one.owed, one.overdue) for one in standing), strict=True))
    contracts = words.count(len(standing), "contracts")
    if not owed:
        return words.say("utter_account_total_nothing", contracts=contracts)
    lines = [words.say("utter_account_total", contracts=contracts, amount=words.money(owed))]
    if late:
        lines.append(words.say("utter_account_total_late", amount=words.money(late)))
    if any(one.overpaid for one in standing):
        lines.append(words.say("utter_account_total_overpaid"))
    return " ".join(lines)


def code_message(code: str, language: str, recipient: str) -> CodeMessage:
    """The message with a one-time code; in Latvian where we do not have the customer's language."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    subject, text = fixed("mail_code_subject", known).text, fixed("mail_code_text", known, code=code).text
    return CodeMessage(recipient, subject, text)
