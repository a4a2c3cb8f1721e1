"""A wish to pay later or in instalments: parsed from the entities, and checked against the account."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum

from bot.accounts.account_status import AccountStatus
from bot.accounts.source import ExtensionWish

LATEST = timedelta(days=90)
INSTALMENTS = range(2, 13)


class WishProblem(Enum):
    """Why a wish cannot be recorded; the value is the reply's key."""

    NOTHING_OWED = "utter_extension_nothing_owed"
    MISSING = "utter_extension_ask"
    PAST = "utter_extension_past"
    TOO_LATE = "utter_extension_too_late"
    INSTALMENTS = "utter_extension_instalments"
    TOO_MUCH = "utter_extension_too_much"


def wish_of(
    contract_number: str,
    status: AccountStatus,
    today: date,
    *,
    dates: Sequence[str],
    instalments: Sequence[str],
    amounts: Sequence[str],
) -> ExtensionWish | WishProblem:
    """The wish from the entities of a message, or the problem with it.

    Args:
        dates: YYYY-MM-DD, or MM-DD for the next occurrence; instalments, amounts: numbers.

    Without an amount, the wish is for the overdue amount, or else for everything owed.
    """
    if status.owed == 0:
        return WishProblem.NOTHING_OWED
    amount = _amount(amounts) or status.overdue or status.owed
    if amount > status.owed:
        return WishProblem.TOO_MUCH
    if instalments:
        parts = int(instalments[0])
        return (
            ExtensionWish(contract_number, amount, instalments=parts)
            if parts in INSTALMENTS
            else WishProblem.INSTALMENTS
        )
    until = _day(dates, today)
    if until is None:
        return WishProblem.MISSING
    if until <= today:
        return WishProblem.PAST
    return ExtensionWish(contract_number, amount, until=until) if until - today <= LATEST else WishProblem.TOO_LATE


def _amount(amounts: Sequence[str]) -> Decimal | None:
    try:
        amount = Decimal(amounts[0]).quantize(Decimal("0.01")) if amounts else None
    except InvalidOperation:
        return None
    return amount if amount else None


def _day(dates: Sequence[str], today: date) -> date | None:
    """The first date; one without a year means its next occurrence, today included."""
    if not dates:
        return None
    if len(dates[0]) == len("2020-03-20"):
        return date.fromisoformat(dates[0])
    month, day = map(int, dates[0].split("-"))
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:  # the 29th of February
            continue
        if found >= today:
            return found
    return None
