"""An account's state, its latest bill and its latest payment, as lines; items of a list start with a bullet."""

from datetime import date

from bot.accounts.account_status import Account, AccountStatus
from bot.replies.account_bills import bill, listed, to_pay
from bot.replies.account_words import AccountWords, paid, total
from bot.replies.formats import BULLET


def joined(lines: list[str]) -> str:
    """Sentences joined on one line, and each item of a list on its own line."""
    text = ""
    for line in lines:
        is_item = line.startswith(BULLET)
        apart = "\n" if is_item or text.rpartition("\n")[2].startswith(BULLET) else " "
        text += (apart if text else "") + line
    return text


def standing_lines(words: AccountWords, account: Account, status: AccountStatus) -> list[str]:
    """The amount to be paid, or overpaid."""
    if status.open:
        lines = to_pay(words, account, status)
    elif status.overpaid:
        overpaid = words.money(status.overpaid)
        lines = [words.say("utter_account_overpaid", address=account.address, amount=overpaid)]
    else:
        lines = [words.say("utter_account_nothing_owed", address=account.address)]
    return lines + _under_way(words, status)


def invoice_lines(words: AccountWords, account: Account, status: AccountStatus, today: date) -> list[str]:
    """The latest bill, and the other open ones."""
    issued = [invoice for invoice in account.invoices if invoice.issued_on <= today]
    if not issued:
        return [words.say("utter_invoice_none", address=account.address)]
    latest = max(issued, key=lambda invoice: (invoice.issued_on, invoice.number))
    lines = [
        words.say(
            "utter_invoice_latest",
            address=account.address,
            issued=words.date(latest.issued_on),
            amount=words.money(latest.amount),
            due=words.date(latest.due_on),
        )
    ]
    left = next((one.left for one in status.open if one.invoice == latest), None)
    if left is None:
        lines.append(words.say("utter_invoice_paid"))
    else:
        key = "utter_invoice_left_late" if latest.due_on < today else "utter_invoice_left"
        lines.append(words.say(key, amount=words.money(left)))
    others = [one for one in status.open if one.invoice != latest]
    late = sum(one.invoice.due_on < today for one in others)
    if len(others) == 1:
        lines += [words.say("utter_invoice_other"), BULLET + bill(words, others[0], is_late=bool(late))]
    elif others:
        bills = words.count(len(others), "bills")
        lines.append(words.say("utter_invoice_others", bills=bills, amount=words.money(total(others))))
        lines += listed(words, others, late=late)
    return lines + _under_way(words, status)


def payment_lines(words: AccountWords, status: AccountStatus) -> list[str]:
    """The latest payments, and the amount still to be paid."""
    last = status.last_payments
    if not last:
        lines = [words.say("utter_payment_none")]
    else:
        received, amount = words.date(last[0].received_on), words.money(paid(last))
        several = {"payments": words.count(len(last), "payments")} if len(last) > 1 else {}
        key = "utter_payment_latest_several" if several else "utter_payment_latest"
        lines = [words.say(key, amount=amount, received=received, **several)]
    lines += _under_way(words, status)
    if status.overdue:
        owed = {"amount": words.money(status.owed), "late": words.money(status.overdue)}
        lines.append(words.say("utter_payment_owed_late", **owed))
    elif status.owed:
        lines.append(words.say("utter_payment_owed", amount=words.money(status.owed)))
    return lines


def _under_way(words: AccountWords, status: AccountStatus) -> list[str]:
    announced, amount = status.announced, words.money(status.under_way)
    if len(announced) > 1:
        payments = words.count(len(announced), "payments_announced")
        return [words.say("utter_account_under_way_several", payments=payments, amount=amount)]
    return [words.say("utter_account_under_way", amount=amount)] if announced else []
