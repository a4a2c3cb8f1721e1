"""Beginning, ending and reopening events: changes of data that every answer reflects at once."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.knowledge.event_records import EventRecord
from bot.knowledge.event_versions import EventAct, add_event_version, values_of
from bot.knowledge.fact_versions import Signed
from bot.knowledge.models import EmergencyEvent, Fact
from bot.knowledge.record_changes import refuse_overlap
from bot.knowledge.records import KnowledgeError
from bot.knowledge.similar_names import unknown_event


def all_events(session: Session) -> list[EmergencyEvent]:
    """Every event that was not taken back, in the order in which they began."""
    query = select(EmergencyEvent).where(EmergencyEvent.retracted.is_(False))
    return list(session.execute(query.order_by(EmergencyEvent.began_on, EmergencyEvent.id)).scalars())


def emergency(session: Session, event_id: str | None = None) -> EmergencyEvent:
    """An event; where none is named, the only one that there is.

    Raises:
        KnowledgeError: there is no such event, or none is named and there are several.
    """
    return _meant(session, event_id, all_events(session))


def _meant(session: Session, event_id: str | None, among: list[EmergencyEvent]) -> EmergencyEvent:
    """The event with an id; where none is given, the only one among some, or else of all."""
    everything = all_events(session)
    if event_id is not None:
        found = next((event for event in everything if event.id == event_id), None)
        if found is None:
            reason = unknown_event(event_id, (event.id for event in everything))
            raise KnowledgeError(f"{reason[0].upper()}{reason[1:]}.")
        return found
    for events in (among, everything):
        if len(events) == 1:
            return events[0]
    if not everything:
        raise KnowledgeError("There is no event in the database; run 'bot facts load' first.")
    names = ", ".join(event.id for event in among or everything)
    raise KnowledgeError(f"There are several events: {names}; name the one that you mean.")


def hanging_facts(session: Session, event_id: str | None = None) -> int:
    """How many fact records end with an event."""
    found = emergency(session, event_id).id
    query = select(func.count()).where(Fact.until_event_id == found, Fact.retracted.is_(False))
    return int(session.execute(query).scalar_one())


def begin(session: Session, record: EventRecord, signed: Signed) -> EmergencyEvent:
    """Open a new event, known from `signed.known_from` on, or as early as it began.

    Raises:
        KnowledgeError: its id is taken, or another that may be in force at the same time has its name.
    """
    event = session.get(EmergencyEvent, record.id)
    if event is not None and not event.retracted:
        raise KnowledgeError(f"The event '{record.id}' is there already; give the new one an id of its own.")
    for other in all_events(session):
        same = {name.casefold() for name in record.name.values()} & {n.casefold() for n in other.names.values()}
        if same and _together(record, other):
            raise KnowledgeError(
                f"The event '{record.id}' would be called as '{other.id}', which may be in force at the same time; "
                f"end that first (bot emergency end {other.id} --on DATE), or give the new one a name of its own."
            )
    event = event or EmergencyEvent(id=record.id)
    event.retracted, event.ended_on = False, record.ends
    for name, value in values_of(record).items():
        setattr(event, name, value)
    session.add(event)
    add_event_version(session, event, EventAct.BEGUN, signed, signed.known_from)
    return event


def _together(record: EventRecord, other: EmergencyEvent) -> bool:
    last = min(record.ends or date.max, other.ended_on or date.max)
    return bool(max(record.began, other.began_on) <= last)


def end(
    session: Session, last_day: date, who: str, event_id: str | None = None, signed: Signed | None = None
) -> EmergencyEvent:
    """End an event; `last_day` is the last day on which it was still in force.

    Args:
        event_id: None for the only one that is open.
        signed: says more than `who`: why, and the first day on which the end is known; without a day, it is known as
            early as the event began.

    Raises:
        KnowledgeError: as `event_to_end`.
    """
    event = event_to_end(session, event_id, last_day)
    event.ended_on = last_day
    signed = signed or Signed(who)
    add_event_version(session, event, EventAct.ENDED, signed, signed.known_from)
    return event


def event_to_end(session: Session, event_id: str | None, last_day: date) -> EmergencyEvent:
    """The event that can end on a day.

    Raises:
        KnowledgeError: it has ended already, or the day is before its start.
    """
    event = _meant(session, event_id, [one for one in all_events(session) if one.ended_on is None])
    if event.ended_on is not None:
        raise KnowledgeError(
            f"The {event.id} was ended already, on {event.ended_on.isoformat()}; 'bot emergency reopen' undoes that."
        )
    if last_day < event.began_on:
        raise KnowledgeError(
            f"The {event.id} began on {event.began_on.isoformat()}; it cannot end on {last_day.isoformat()}."
        )
    return event


def reopen(session: Session, who: str, event_id: str | None = None, signed: Signed | None = None) -> EmergencyEvent:
    """Undo the end: the event is open again.

    Args:
        event_id: None for the only one that has ended.
        signed: as for `end`; without a day, it is as if the event had never been ended.

    Raises:
        KnowledgeError: it is open, or a fact that becomes valid again would overlap with a newer one.
    """
    event = event_to_reopen(session, event_id)
    event.ended_on = None
    signed = signed or Signed(who)
    add_event_version(session, event, EventAct.REOPENED, signed, signed.known_from)
    for key in session.execute(select(Fact.key).where(Fact.until_event_id == event.id).distinct()).scalars():
        refuse_overlap(session, key, f"The {event.id} cannot be reopened")
    return event


def event_to_reopen(session: Session, event_id: str | None) -> EmergencyEvent:
    """The event whose end can be undone.

    Raises:
        KnowledgeError: it is open.
    """
    event = _meant(session, event_id, [one for one in all_events(session) if one.ended_on is not None])
    if event.ended_on is None:
        raise KnowledgeError(f"The {event.id} is open; there is no end to undo.")
    return event


def set_official_end(session: Session, event_id: str, day: date, signed: Signed) -> EmergencyEvent:
    """Set the last day that an authority set for an event, earlier or later than before.

    Raises:
        KnowledgeError: there is no such event, the day is before its start, or it is that day already.
    """
    event = emergency(session, event_id)
    if day < event.began_on:
        raise KnowledgeError(
            f"The {event.id} began on {event.began_on.isoformat()}; its official end cannot be {day.isoformat()}."
        )
    if event.official_end == day:
        raise KnowledgeError(f"The official end of '{event.id}' is {day.isoformat()} already.")
    event.official_end = day
    add_event_version(session, event, EventAct.OFFICIAL_END, signed, signed.known_from)
    return event
