"""Requests to pay later or in instalments: what is recorded and what the assistant asks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.accounts.account_status import Account, AccountStatus, Invoice, status_of
from bot.accounts.extension import LATEST, WishProblem, wish_of
from bot.accounts.source import ExtensionWish

TODAY = date(2020, 3, 25)
NUMBER = "90010000033"
OVERDUE = Invoice("DEMO-1", "2020-01", date(2020, 2, 5), date(2020, 2, 25), Decimal("52.10"))
DUE = Invoice("DEMO-2", "2020-02", date(2020, 3, 5), date(2020, 3, 25), Decimal("46.20"))


def status(*invoices: Invoice) -> AccountStatus:
    return status_of(Account(NUMBER, "Demo iela 1", "household", None, None, invoices, ()), TODAY)


def wish(
    *invoices: Invoice, dates: tuple[str, ...] = (), parts: tuple[str, ...] = (), amounts: tuple[str, ...] = ()
) -> ExtensionWish | WishProblem:
    return wish_of(NUMBER, status(*invoices), TODAY, dates=dates, instalments=parts, amounts=amounts)


@pytest.mark.parametrize(
    ("dates", "until"),
    [
        (("2020-05-01",), date(2020, 5, 1)),
        (("05-01",), date(2020, 5, 1)),
        (("2020-03-26",), date(2020, 3, 26)),
        ((f"{TODAY + LATEST}",), TODAY + LATEST),
        (("05-01", "06-01"), date(2020, 5, 1)),
    ],
)
def test_a_later_day_is_a_wish(dates: tuple[str, ...], until: date) -> None:
    assert wish(OVERDUE, dates=dates) == ExtensionWish(NUMBER, OVERDUE.amount, until=until)


@pytest.mark.parametrize("parts", ["2", "3", "12"])
def test_instalments_are_a_wish(parts: str) -> None:
    assert wish(OVERDUE, parts=(parts,)) == ExtensionWish(NUMBER, OVERDUE.amount, instalments=int(parts))


def test_instalments_count_before_a_day() -> None:
    assert wish(OVERDUE, parts=("3",), dates=("05-01",)) == ExtensionWish(NUMBER, OVERDUE.amount, instalments=3)


@pytest.mark.parametrize(
    ("invoices", "amounts", "amount"),
    [
        ((OVERDUE, DUE), (), "52.10"),  # what is overdue
        ((DUE,), (), "46.20"),  # or all that is owed
        ((OVERDUE, DUE), ("98.30",), "98.30"),
        ((OVERDUE, DUE), ("20",), "20.00"),
        ((OVERDUE, DUE), ("0",), "52.10"),
        ((OVERDUE, DUE), ("nothing",), "52.10"),
    ],
)
def test_the_sum_is_what_was_said_or_what_is_overdue(
    invoices: tuple[Invoice, ...], amounts: tuple[str, ...], amount: str
) -> None:
    found = wish(*invoices, parts=("3",), amounts=amounts)
    assert isinstance(found, ExtensionWish)
    assert found.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("invoices", "given", "problem"),
    [
        pytest.param((), {"parts": ("3",)}, WishProblem.NOTHING_OWED, id="nothing owed"),
        pytest.param((OVERDUE,), {}, WishProblem.MISSING, id="neither a day nor parts"),
        pytest.param((OVERDUE,), {"dates": ("2020-03-25",)}, WishProblem.PAST, id="today"),
        pytest.param((OVERDUE,), {"dates": ("2020-03-01",)}, WishProblem.PAST, id="a day gone by"),
        pytest.param((OVERDUE,), {"dates": (f"{TODAY + LATEST + timedelta(1)}",)}, WishProblem.TOO_LATE, id="day 91"),
        pytest.param((OVERDUE,), {"dates": ("03-24",)}, WishProblem.TOO_LATE, id="next year's day"),
        pytest.param((OVERDUE,), {"parts": ("1",)}, WishProblem.INSTALMENTS, id="one part"),
        pytest.param((OVERDUE,), {"parts": ("24",)}, WishProblem.INSTALMENTS, id="many parts"),
        pytest.param((OVERDUE,), {"parts": ("3",), "amounts": ("52.11",)}, WishProblem.TOO_MUCH, id="more than owed"),
    ],
)
def test_what_cannot_be_recorded(
    invoices: tuple[Invoice, ...], given: dict[str, tuple[str, ...]], problem: WishProblem
) -> None:
    assert wish(*invoices, **given) is problem


def test_the_29th_of_february_is_a_day_in_some_years_only() -> None:
    found = wish_of(NUMBER, status(OVERDUE), date(2020, 12, 20), dates=["02-29"], instalments=[], amounts=[])
    assert found is WishProblem.MISSING
