"""The invented customers of `data/demo/`, for trying the assistant out."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.accounts.models import Contract, Customer, InvoiceRow, PaymentRow, Reminder
from bot.data_files import DataFileError, read_yaml
from bot.settings import PROJECT
from bot.storage.engine import count_on

DEMO = PROJECT / "data" / "demo" / "customers.yml"


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class _Invoice(_Strict):
    number: str
    period: str
    issued: date
    due: date
    amount: Decimal


class _Payment(_Strict):
    received: date
    amount: Decimal
    booked: bool = True


class _Contract(_Strict):
    number: str
    address: str
    eic: str
    disconnected_since: date | None = None
    invoices: list[_Invoice] = []
    payments: list[_Payment] = []
    reminders: list[date] = []


class _Customer(_Strict):
    id: int
    name: str
    kind: str
    email: str | None = None
    phone: str | None = None
    language: str
    contracts: list[_Contract]


def load_demo(session: Session, path: Path = DEMO) -> int:
    """Load the demo customers from their files (idempotent); returns how many there are.

    Raises:
        DataFileError: the file cannot be used.
    """
    content: Any = read_yaml(path)
    try:
        customers = [_Customer(**entry) for entry in content["customers"]]
    except (ValidationError, TypeError, KeyError) as error:
        raise DataFileError(f"{path}: {error}") from error
    rows = [_row(customer) for customer in customers]
    if session.execute(select(Customer.id).limit(1)).first() is None:
        session.add_all(rows)  # a new database, as in a fresh clone: a tenth of the statements
    else:
        for row in rows:
            session.merge(row)
    session.flush()
    count_on(session, Customer, PaymentRow, Reminder)
    return len(customers)


def holds_demo(session: Session, path: Path = DEMO) -> bool:
    """Whether a database contains contracts of the demo customers, whose numbers are public."""
    numbers = [contract["number"] for entry in read_yaml(path)["customers"] for contract in entry["contracts"]]
    return session.execute(select(Contract.number).where(Contract.number.in_(numbers)).limit(1)).first() is not None


def _row(customer: _Customer) -> Customer:
    return Customer(
        id=customer.id,
        name=customer.name,
        kind=customer.kind,
        email=customer.email,
        phone=customer.phone,
        preferred_language=customer.language,
        contracts=[_contract(contract) for contract in customer.contracts],
    )


def _contract(contract: _Contract) -> Contract:
    return Contract(
        number=contract.number,
        address=contract.address,
        eic=contract.eic,
        disconnected_since=contract.disconnected_since,
        invoices=[
            InvoiceRow(number=i.number, period=i.period, issued_on=i.issued, due_on=i.due, amount=i.amount)
            for i in contract.invoices
        ],
        payments=[
            PaymentRow(id=_id(contract, place), received_on=p.received, amount=p.amount, booked=p.booked)
            for place, p in enumerate(contract.payments)
        ],
        reminders=[Reminder(id=_id(contract, place), sent_on=day) for place, day in enumerate(contract.reminders)],
    )


def _id(contract: _Contract, place: int) -> int:
    """An id derived from contract and position: idempotent, so loading again adds no payment or reminder twice."""
    return int(contract.number[-6:]) * 100 + place
