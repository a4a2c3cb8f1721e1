"""The state of an account on a day: computed from invoices and payments, never stored. Independent of the tables."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Invoice:
    """A bill for a month of supply.

    Attributes:
        period: year and month, such as 2020-02.
        amount: in euro.
    """

    number: str
    period: str
    issued_on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Payment:
    """Money paid for a contract, in euro; `booked` is false while the bank has only announced it."""

    received_on: date
    amount: Decimal
    booked: bool = True


@dataclass(frozen=True)
class Account:
    """A contract with its invoices and payments, as an `AccountSource` returns it.

    Attributes:
        kind: household or business.
        disconnected_since: the day on which supply was cut off for debt; None while it is connected.
        reminded_on: the day of the latest reminder about the debt, if there was one.
    """

    contract_number: str
    address: str
    kind: str
    disconnected_since: date | None
    reminded_on: date | None
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]


@dataclass(frozen=True)
class Open:
    """An invoice that is not fully paid, and the amount outstanding, in euro."""

    invoice: Invoice
    left: Decimal


@dataclass(frozen=True)
class AccountStatus:
    """The state of an account on a day.

    Attributes:
        balance: billed minus paid, in euro; positive is owed, negative is overpaid.
        open: invoices that are not fully paid, earliest due date first.
        late: open invoices that were due before today.
        overdue: the outstanding amount of `late`, in euro.
        overdue_days: days since the earliest due date of `late`; 0 when nothing is overdue.
        next_due: the open invoice that is due next, today or later.
        announced: payments that the bank has announced but not booked.
        last_payments: the booked payments of the latest day with one.
    """

    balance: Decimal
    open: tuple[Open, ...]
    late: tuple[Open, ...]
    overdue: Decimal
    overdue_days: int
    next_due: Open | None
    announced: tuple[Payment, ...]
    last_payments: tuple[Payment, ...]

    @property
    def due(self) -> tuple[Open, ...]:
        """Open invoices that are due today or later."""
        return self.open[len(self.late) :]

    @property
    def under_way(self) -> Decimal:
        """The sum of announced payments."""
        return sum((payment.amount for payment in self.announced), ZERO)

    @property
    def owed(self) -> Decimal:
        """The amount to be paid, due or not yet."""
        return max(self.balance, ZERO)

    @property
    def overpaid(self) -> Decimal:
        """The overpaid amount."""
        return max(-self.balance, ZERO)


def status_of(account: Account, today: date) -> AccountStatus:
    """The state of the account today; invoices issued and payments received after today do not count yet.

    Payments settle the invoice with the earliest due date first, whatever they were meant for.
    """
    invoices = sorted(
        (invoice for invoice in account.invoices if invoice.issued_on <= today),
        key=lambda one: (one.due_on, one.number),
    )
    payments = [payment for payment in account.payments if payment.received_on <= today]
    booked = [payment for payment in payments if payment.booked]
    paid = sum((payment.amount for payment in booked), ZERO)
    still_open = _unsettled(invoices, paid)
    late = [one for one in still_open if one.invoice.due_on < today]
    latest = max((payment.received_on for payment in booked), default=None)
    return AccountStatus(
        balance=sum((invoice.amount for invoice in invoices), ZERO) - paid,
        open=tuple(still_open),
        late=tuple(late),
        overdue=sum((one.left for one in late), ZERO),
        overdue_days=(today - late[0].invoice.due_on).days if late else 0,
        next_due=next((one for one in still_open if one.invoice.due_on >= today), None),
        announced=tuple(payment for payment in payments if not payment.booked),
        last_payments=tuple(payment for payment in booked if payment.received_on == latest),
    )


def _unsettled(invoices: list[Invoice], paid: Decimal) -> list[Open]:
    found = []
    for invoice in invoices:
        settled = min(paid, invoice.amount)
        paid -= settled
        if settled < invoice.amount:
            found.append(Open(invoice, invoice.amount - settled))
    return found
