"""The state of an account: the arithmetic of invoices and payments, by examples and properties."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounts.account_status import ZERO, Account, Invoice, Payment, status_of

TODAY = date(2020, 3, 25)
JANUARY = Invoice("DEMO-1", "2020-01", date(2020, 2, 5), date(2020, 2, 25), Decimal("52.10"))
FEBRUARY = Invoice("DEMO-2", "2020-02", date(2020, 3, 5), date(2020, 3, 25), Decimal("46.20"))
MARCH = Invoice("DEMO-3", "2020-03", date(2020, 4, 5), date(2020, 4, 25), Decimal("40.00"))


def account(*lines: Invoice | Payment) -> Account:
    return Account(
        contract_number="90010000011",
        address="Demo iela 1, Rīga",
        kind="household",
        disconnected_since=None,
        reminded_on=None,
        invoices=tuple(line for line in lines if isinstance(line, Invoice)),
        payments=tuple(line for line in lines if isinstance(line, Payment)),
    )


def paid(amount: str, day: date = date(2020, 3, 1), *, booked: bool = True) -> Payment:
    return Payment(day, Decimal(amount), booked)


@pytest.mark.parametrize(
    ("lines", "owed", "overpaid", "overdue", "days"),
    [
        pytest.param([], "0.00", "0.00", "0.00", 0, id="no invoice yet"),
        pytest.param([FEBRUARY], "46.20", "0.00", "0.00", 0, id="due today is not late"),
        pytest.param([JANUARY], "52.10", "0.00", "52.10", 29, id="late"),
        pytest.param([FEBRUARY, JANUARY], "98.30", "0.00", "52.10", 29, id="one late, one due"),
        pytest.param([JANUARY, paid("52.10")], "0.00", "0.00", "0.00", 0, id="paid"),
        pytest.param([JANUARY, paid("20.00")], "32.10", "0.00", "32.10", 29, id="paid in part"),
        pytest.param([JANUARY, FEBRUARY, paid("60.00")], "38.30", "0.00", "0.00", 0, id="the earliest due first"),
        pytest.param([JANUARY, paid("60.00")], "0.00", "7.90", "0.00", 0, id="overpaid"),
        pytest.param([paid("10.00")], "0.00", "10.00", "0.00", 0, id="paid before any invoice"),
        pytest.param([JANUARY, paid("52.10", booked=False)], "52.10", "0.00", "52.10", 29, id="under way"),
        pytest.param([JANUARY, MARCH], "52.10", "0.00", "52.10", 29, id="an invoice of the future"),
        pytest.param(
            [JANUARY, paid("52.10", date(2020, 3, 26))], "52.10", "0.00", "52.10", 29, id="a payment of the future"
        ),
    ],
)
def test_what_is_owed_and_what_is_late(
    lines: list[Invoice | Payment], owed: str, overpaid: str, overdue: str, days: int
) -> None:
    status = status_of(account(*lines), TODAY)
    assert (status.owed, status.overpaid, status.overdue, status.overdue_days) == (
        Decimal(owed),
        Decimal(overpaid),
        Decimal(overdue),
        days,
    )


def test_the_next_due_invoice_is_the_earliest_that_is_not_late() -> None:
    status = status_of(account(JANUARY, FEBRUARY, MARCH), date(2020, 4, 6))
    assert status.next_due is not None
    assert status.next_due.invoice is MARCH


def test_an_invoice_is_late_from_the_day_after_it_was_due() -> None:
    assert status_of(account(FEBRUARY), date(2020, 3, 26)).overdue_days == 1


def test_the_last_payment_is_the_latest_booked_one() -> None:
    first, second = paid("1.00", date(2020, 3, 1)), paid("2.00", date(2020, 3, 2))
    status = status_of(account(second, first, paid("3.00", date(2020, 3, 3), booked=False)), TODAY)
    assert status.last_payments == (second,)


def test_what_is_under_way_is_told_apart() -> None:
    assert status_of(account(JANUARY, paid("52.10", booked=False)), TODAY).under_way == Decimal("52.10")


cents = st.integers(1, 99_999).map(lambda number: Decimal(number) / 100)
days = st.integers(-120, 60).map(lambda number: TODAY + timedelta(number))
invoices = st.lists(
    st.builds(
        lambda number, issued, term, amount: Invoice(
            f"DEMO-{number}", "2020-01", issued, issued + timedelta(term), amount
        ),
        st.integers(0, 9999),
        days,
        st.integers(0, 40),
        cents,
    ),
    max_size=8,
)
payments = st.lists(st.builds(Payment, days, cents, st.booleans()), max_size=8)


@given(invoices, payments)
def test_the_open_sum_is_what_is_owed(bills: list[Invoice], paid_in: list[Payment]) -> None:
    status = status_of(account(*bills, *paid_in), TODAY)
    assert sum((one.left for one in status.open), ZERO) == status.owed


@given(invoices, payments)
def test_owed_and_overpaid_exclude_each_other(bills: list[Invoice], paid_in: list[Payment]) -> None:
    status = status_of(account(*bills, *paid_in), TODAY)
    assert ZERO in (status.owed, status.overpaid)
    assert status.owed - status.overpaid == status.balance


@given(invoices, payments)
def test_what_is_overdue_is_owed(bills: list[Invoice], paid_in: list[Payment]) -> None:
    status = status_of(account(*bills, *paid_in), TODAY)
    assert ZERO <= status.overdue <= status.owed
    assert (status.overdue > 0) == (status.overdue_days > 0)


@given(invoices, payments)
def test_paying_what_is_owed_leaves_nothing_due(bills: list[Invoice], paid_in: list[Payment]) -> None:
    owed = status_of(account(*bills, *paid_in), TODAY).owed
    settled = status_of(account(*bills, *paid_in, Payment(TODAY, owed)), TODAY)
    assert (settled.owed, settled.overdue, settled.open) == (ZERO, ZERO, ())


@given(invoices, payments, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(bills: list[Invoice], paid_in: list[Payment], random: object) -> None:
    mixed = [*paid_in, *bills]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = status_of(account(*bills, *paid_in), TODAY), status_of(account(*mixed), TODAY)
    assert (one.balance, one.overdue, one.overdue_days) == (other.balance, other.overdue, other.overdue_days)


@given(invoices, payments, cents)
def test_a_payment_never_makes_more_overdue(bills: list[Invoice], paid_in: list[Payment], amount: Decimal) -> None:
    before = status_of(account(*bills, *paid_in), TODAY)
    after = status_of(account(*bills, *paid_in, Payment(TODAY, amount)), TODAY)
    assert (after.overdue, after.overdue_days) <= (before.overdue, before.overdue_days)
