"""Calls that customers asked for. The number is sealed, and erased when the call has been made or given up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.models import CallBackRow
from bot.storage.engine import inserting
from bot.words.reference import Reference


@dataclass(frozen=True)
class WishedCall:
    """A call that is wished.

    Attributes:
        number: in E.164.
        wished_from: the time from which it suits, with `wished_until`; None: any time.
        consent_at: when the customer agreed; None in rows of versions that did not ask callers.
    """

    number: str
    wished_from: datetime | None = None
    wished_until: datetime | None = None
    consent_at: datetime | None = None


@dataclass(frozen=True)
class CallBack:
    """A call that was asked for; its number is None once it is done."""

    reference: Reference
    conversation_id: str
    number: str | None
    wished_from: datetime | None
    wished_until: datetime | None
    consent_at: datetime | None
    asked_at: datetime
    done_at: datetime | None


def keep(session: Session, reference: Reference, conversation_id: str, wished: WishedCall, now: datetime) -> None:
    """Store a wish for a call with a request; a later wish takes the place of an earlier one."""
    values = {
        "number": wished.number,
        "wished_from": wished.wished_from,
        "wished_until": wished.wished_until,
        "consent_at": wished.consent_at,
        "asked_at": now,
        "done_at": None,
    }
    row = inserting(session, CallBackRow).values(reference=reference.number, conversation_id=conversation_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["reference"], set_=values))


def call_back_of(session: Session, reference: Reference) -> CallBack | None:
    """The call that was asked for with a request."""
    row = CallBackRow
    columns = (
        *(row.conversation_id, row.number, row.wished_from, row.wished_until),
        *(row.consent_at, row.asked_at, row.done_at),
    )
    found = session.execute(select(*columns).where(row.reference == reference.number)).first()
    return CallBack(reference, *found) if found else None


def erase_number(session: Session, reference: Reference, now: datetime) -> None:
    """Erase the number of a call that has been made, or will not be made."""
    changed = update(CallBackRow).where(CallBackRow.reference == reference.number, CallBackRow.done_at.is_(None))
    session.execute(changed.values(number=None, done_at=now).execution_options(**UNSYNCHRONISED))
