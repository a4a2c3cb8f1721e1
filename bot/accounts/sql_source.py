"""Accounts from the assistant's own tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from bot.accounts import models
from bot.accounts.account_status import Account, Invoice, Payment
from bot.accounts.source import Contact, ExtensionWish, SourceUnavailable, Supply
from bot.storage.engine import session_scope
from bot.words.reference import Reference

LONGEST_ID = 18  # digits; more are no integer to SQLite


class SqlAccountSource:
    """An `AccountSource` on the tables of `bot.accounts.models`."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url

    def contact(self, contract_number: str) -> Contact | None:
        with _plain_errors(), session_scope(self._url) as session:
            # Columns only: loading a whole object takes so long that the time would reveal which numbers exist.
            found = session.execute(
                select(models.Customer.phone, models.Customer.email, models.Customer.preferred_language)
                .join(models.Contract)
                .where(models.Contract.number == contract_number)
            ).first()
            return Contact(*found) if found else None

    def account(self, contract_number: str) -> Account | None:
        with _plain_errors(), session_scope(self._url) as session:
            contract = session.get(
                models.Contract,
                contract_number,
                options=[
                    selectinload(models.Contract.invoices),
                    selectinload(models.Contract.payments),
                    selectinload(models.Contract.reminders),
                    selectinload(models.Contract.customer),
                ],
            )
            return _account(contract) if contract else None

    def supplies(self, customer_id: str) -> list[Supply] | None:
        if not (customer_id.isascii() and customer_id.isdecimal()) or len(customer_id) > LONGEST_ID:
            return None
        with _plain_errors(), session_scope(self._url) as session:
            if session.get(models.Customer, int(customer_id)) is None:
                return None
            rows = session.execute(
                select(models.Contract.number, models.Contract.address)
                .where(models.Contract.customer_id == int(customer_id))
                .order_by(models.Contract.number)
            )
            return [Supply(row.number, row.address) for row in rows]

    def record_extension(self, wish: ExtensionWish) -> str:
        with _plain_errors(), session_scope(self._url) as session:
            return _recorded(session, wish) or _record(session, wish)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Within the block, a database that is gone, locked or read-only becomes `SourceUnavailable`."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise SourceUnavailable(type(error).__name__) from error


def _account(contract: models.Contract) -> Account:
    return Account(
        contract_number=contract.number,
        address=contract.address,
        kind=contract.customer.kind,
        disconnected_since=contract.disconnected_since,
        reminded_on=max((reminder.sent_on for reminder in contract.reminders), default=None),
        invoices=tuple(
            Invoice(one.number, one.period, one.issued_on, one.due_on, one.amount) for one in contract.invoices
        ),
        payments=tuple(Payment(one.received_on, one.amount, one.booked) for one in contract.payments),
    )


def _recorded(session: Session, wish: ExtensionWish) -> str | None:
    same = select(models.ExtensionRequest.reference).where(
        models.ExtensionRequest.contract_number == wish.contract_number,
        models.ExtensionRequest.amount == wish.amount,
        models.ExtensionRequest.until.is_(None) if wish.until is None else models.ExtensionRequest.until == wish.until,
        models.ExtensionRequest.instalments.is_(None)
        if wish.instalments is None
        else models.ExtensionRequest.instalments == wish.instalments,
    )
    reference: str | None = session.execute(same).scalars().first()
    return reference


def _record(session: Session, wish: ExtensionWish) -> str:
    reference = Reference.new().number
    session.add(
        models.ExtensionRequest(
            reference=reference,
            contract_number=wish.contract_number,
            amount=wish.amount,
            until=wish.until,
            instalments=wish.instalments,
            created_at=datetime.now(UTC),
        )
    )
    return reference
