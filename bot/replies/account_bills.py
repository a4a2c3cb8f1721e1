"""The open bills of an account: how many, the sum, the overdue amount, the next due, and each date in order."""

from collections.abc import Sequence

from bot.accounts.account_status import Account, AccountStatus, Open
from bot.known_channels import SPOKEN
from bot.replies.account_words import AccountWords, total
from bot.replies.formats import BULLET

MOST = 6  # bills that are listed one by one
MOST_HEARD = 3  # on the phone, where nobody can scroll back


def to_pay(words: AccountWords, account: Account, status: AccountStatus) -> list[str]:
    """The lines about open bills; there is at least one."""
    late, due = status.late, status.due
    if len(late) <= 1 and len(due) <= 1:
        return [" ".join(_each(words, account, status))]
    said = [
        words.say(
            "utter_account_bills",
            address=account.address,
            bills=words.count(len(status.open), "bills"),
            amount=words.money(total(status.open)),
        )
    ]
    if late:
        bills = words.count(len(late), "bills_late")
        said.append(words.say("utter_account_bills_late", bills=bills, amount=words.money(status.overdue)))
    else:
        said.append(words.say("utter_account_bills_none_late"))
    if due:
        said.append(next_due(words, due))
    return [" ".join(said), *listed(words, status.open, late=len(late))]


def next_due(words: AccountWords, due: Sequence[Open]) -> str:
    """The amount due on the next due date, which may be of more than one bill."""
    day = due[0].invoice.due_on
    amount = total(one for one in due if one.invoice.due_on == day)
    return words.say("utter_account_next_due", due=words.date(day), amount=words.money(amount))


def listed(words: AccountWords, bills: Sequence[Open], *, late: int) -> list[str]:
    """A line for each bill, earliest due date first; where there are many, one line sums up the last ones.

    Args:
        late: how many of them, from the first, are overdue.
    """
    most = MOST_HEARD if words.medium == SPOKEN else MOST
    # A line that sums up only one bill would save nothing.
    shown = len(bills) if len(bills) <= most + 1 else most
    lines = [BULLET + bill(words, one, is_late=place < late) for place, one in enumerate(bills[:shown])]
    if rest := bills[shown:]:
        more = words.count(len(rest), "bills")
        lines.append(BULLET + words.say("utter_account_bills_more", bills=more, amount=words.money(total(rest))))
    return lines


def bill(words: AccountWords, one: Open, *, is_late: bool) -> str:
    """The outstanding amount of a bill, and when it is or was due."""
    key = "utter_account_bill_late" if is_late else "utter_account_bill_due"
    return words.say(key, amount=words.money(one.left), due=words.date(one.invoice.due_on))


def _each(words: AccountWords, account: Account, status: AccountStatus) -> list[str]:
    """At most one overdue bill and one other, each in its own sentence."""
    if not status.late:
        (one,) = status.due
        due = {"amount": words.money(one.left), "due": words.date(one.invoice.due_on)}
        return [words.say("utter_account_due", address=account.address, **due)]
    (late,) = status.late
    days = words.count(status.overdue_days, "days_ago")
    said = [words.say("utter_account_overdue", address=account.address, amount=words.money(late.left), days=days)]
    for one in status.due:
        due = {"amount": words.money(one.left), "due": words.date(one.invoice.due_on)}
        said.append(words.say("utter_account_also_due", **due))
        said.append(words.say("utter_payment_owed", amount=words.money(status.owed)))
    return said
