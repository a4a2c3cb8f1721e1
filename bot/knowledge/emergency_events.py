"""Ending and reopening an emergency: a change of data that every answer reflects at once."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.knowledge.fact_store import refuse_overlap
from bot.knowledge.models import EmergencyEvent, Fact
from bot.knowledge.records import KnowledgeError

EMERGENCY = "emergency"


def emergency(session: Session, event_id: str = EMERGENCY) -> EmergencyEvent:
    """The event.

    Raises:
        KnowledgeError: the database has no such event.
    """
    event: EmergencyEvent | None = session.get(EmergencyEvent, event_id)
    if event is None:
        raise KnowledgeError(f"There is no event '{event_id}' in the database; run 'bot facts load' first.")
    return event


def hanging_facts(session: Session, event_id: str = EMERGENCY) -> int:
    """How many fact records end with the event."""
    return int(
        session.execute(
            select(func.count()).where(Fact.until_event_id == event_id, Fact.retracted.is_(False))
        ).scalar_one()
    )


def end(session: Session, last_day: date, who: str, event_id: str = EMERGENCY) -> EmergencyEvent:
    """End the event; `last_day` is the last day on which it was still in force.

    Raises:
        KnowledgeError: it has ended already, or the day is before its start.
    """
    event = emergency(session, event_id)
    if event.ended_on is not None:
        raise KnowledgeError(
            f"The emergency was ended already, on {event.ended_on.isoformat()}; 'bot emergency reopen' undoes that."
        )
    if last_day < event.began_on:
        raise KnowledgeError(
            f"The emergency began on {event.began_on.isoformat()}; it cannot end on {last_day.isoformat()}."
        )
    return _changed(event, last_day, who)


def reopen(session: Session, who: str, event_id: str = EMERGENCY) -> EmergencyEvent:
    """Undo the end: the event is open again.

    Raises:
        KnowledgeError: it is open, or a fact that becomes valid again would overlap with a newer one.
    """
    event = emergency(session, event_id)
    if event.ended_on is None:
        raise KnowledgeError("The emergency is open; there is no end to undo.")
    _changed(event, None, who)
    session.flush()
    for key in session.execute(select(Fact.key).where(Fact.until_event_id == event_id).distinct()).scalars():
        refuse_overlap(session, key, "The emergency cannot be reopened")
    return event


def _changed(event: EmergencyEvent, last_day: date | None, who: str) -> EmergencyEvent:
    event.ended_on = last_day
    event.changed_by = who
    event.changed_at = datetime.now(UTC)
    return event
