"""An account as it stands on a day: computed from invoices and payments, never stored. Knows nothing of tables."""

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
    """Money paid for a contract, in euro; `booked` is false while the bank has announced it only."""

    received_on: date
    amount: Decimal
    booked: bool = True


@dataclass(frozen=True)
class Account:
    """A contract with its invoices and payments, as an `AccountSource` gives it.

    Attributes:
        kind: household or business.
        disconnected_since: the day supply was cut off for debt; None while it is connected.
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
    """An invoice that is not wholly paid, and what of it is left, in euro."""

    invoice: Invoice
    left: Decimal


@dataclass(frozen=True)
class Status:
    """How an account stands on a day.

    Attributes:
        balance: what has been billed less what has been paid; above zero is owed, below zero overpaid.
        open: invoices that are not wholly paid, the earliest due first.
        overdue: the part of the open sum that was due before today.
        overdue_days: days since the earliest due date of what is overdue; 0 when nothing is.
        next_due: the open invoice that is due next, today or later.
        under_way: payments that are announced and not booked.
        last_payment: the latest booked payment.
    """

    balance: Decimal
    open: tuple[Open, ...]
    overdue: Decimal
    overdue_days: int
    next_due: Open | None
    under_way: Decimal
    last_payment: Payment | None

    @property
    def owed(self) -> Decimal:
        """What is to be paid, due or not yet."""
        return max(self.balance, ZERO)

    @property
    def overpaid(self) -> Decimal:
        """What was paid too much."""
        return max(-self.balance, ZERO)


def status_of(account: Account, today: date) -> Status:
    """How the account stands; what was issued or received after today does not count yet.

    Payments settle the invoice that is due earliest first, whatever they were meant for.
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
    return Status(
        balance=sum((invoice.amount for invoice in invoices), ZERO) - paid,
        open=tuple(still_open),
        overdue=sum((one.left for one in late), ZERO),
        overdue_days=(today - late[0].invoice.due_on).days if late else 0,
        next_due=next((one for one in still_open if one.invoice.due_on >= today), None),
        under_way=sum((payment.amount for payment in payments if not payment.booked), ZERO),
        last_payment=max(booked, key=lambda payment: payment.received_on, default=None),
    )


def _unsettled(invoices: list[Invoice], paid: Decimal) -> list[Open]:
    found = []
    for invoice in invoices:
        settled = min(paid, invoice.amount)
        paid -= settled
        if settled < invoice.amount:
            found.append(Open(invoice, invoice.amount - settled))
    return found
