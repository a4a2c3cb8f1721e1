"""A hundred thousand invented customers, the same in every run."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot.accounts.models import Contract, Customer, InvoiceRow, PaymentRow

CUSTOMERS = 100_000
TODAY = date(2020, 3, 30)  # the last bill is overdue for customers who have not paid it
BATCH = 2_000  # customers
MONTHS = [date(2019 + month // 12, month % 12 + 1, 1) for month in range(2, 14)]
KNOWN, UNKNOWN = "91", "92"  # the prefix of every contract number, and one that none has

Rows = dict[Any, list[dict[str, Any]]]


def fill(connection: Connection, customers: int = CUSTOMERS) -> None:
    """Insert the customers: on average each has 1.1 contracts, and a contract 12 invoices and 11 payments."""
    for rows in _batches(customers):
        for table, new in rows.items():
            connection.execute(insert(table), new)


def contract_number(place: int, beginning: str = KNOWN) -> str:
    """The number of the contract at an index from 0; with `UNKNOWN`, one that does not exist."""
    return f"{beginning}{place:09d}"


def numbers(session: Session, *, with_phone: bool) -> list[str]:
    """The numbers of all contracts whose customers have a phone, or have none."""
    there = Customer.phone.is_not(None) if with_phone else Customer.phone.is_(None)
    wanted = select(Contract.number).join(Customer).where(there).order_by(Contract.number)
    return list(session.execute(wanted).scalars())


def _batches(customers: int) -> Iterator[Rows]:
    random, contracts, payments = Random(2020), count(), count(1)  # noqa: S311  (invented, not secret)
    for first in range(0, customers, BATCH):
        rows: Rows = {table.__table__: [] for table in (Customer, Contract, InvoiceRow, PaymentRow)}
        for person in range(first, min(first + BATCH, customers)):
            rows[Customer.__table__].append(_customer(random, person))
            for _ in range(2 if random.random() < 0.1 else 1):
                _add_contract(rows, random, person, next(contracts), payments)
        yield rows


def _customer(random: Random, person: int) -> dict[str, Any]:
    return {
        "id": person + 1,
        "name": f"Paraugs {person}",
        "kind": "business" if random.random() < 0.05 else "household",
        "email": f"paraugs.{person}@example.lv" if random.random() < 0.7 else None,
        "phone": f"+3712{person:07d}" if random.random() < 0.9 else None,
        "preferred_language": "en" if random.random() < 0.05 else "lv",
    }


def _add_contract(rows: Rows, random: Random, person: int, place: int, payments: Iterator[int]) -> None:
    number = contract_number(place)
    rows[Contract.__table__].append(
        {
            "number": number,
            "customer_id": person + 1,
            "address": f"Parauga iela {place % 200 + 1}-{place % 90 + 1}, Rīga",
            "eic": f"43X-BENCH-{place:06d}",
            "disconnected_since": None,
        }
    )
    paid = random.choice((10, 11, 11, 12))
    for month, period in enumerate(MONTHS):
        amount, issued = Decimal(random.randrange(1_500, 25_000)) / 100, _next_month(period) + timedelta(days=4)
        rows[InvoiceRow.__table__].append(
            {
                "number": f"B-{place}-{month}",
                "contract_number": number,
                "period": f"{period:%Y-%m}",
                "issued_on": issued,
                "due_on": issued + timedelta(days=20),
                "amount": amount,
            }
        )
        if month < paid:
            received = issued + timedelta(days=random.randrange(1, 24))
            rows[PaymentRow.__table__].append(
                {
                    "id": next(payments),
                    "contract_number": number,
                    "received_on": received,
                    "amount": amount,
                    "booked": True,
                }
            )


def _next_month(day: date) -> date:
    return (day + timedelta(days=31)).replace(day=1)
