"""The facts of a day: which record of a key is valid, has ended, is only announced, or was not known yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.knowledge.conveyed import Opening
from bot.knowledge.models import Fact
from bot.knowledge.remembered import Record, Remembered, Source, facts_now
from bot.knowledge.remembered_events import Event, Events, event_on

ANSWER = "__"  # stands in the keys of answers to single questions (bot.knowledge.answers)


class FactStatus(StrEnum):
    """The state of a fact on a day."""

    IN_FORCE = "in force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not yet"
    ANNOUNCED = "announced"  # known, and not yet valid
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FactOnDay:
    """A fact and its state on a day.

    Attributes:
        status: in force, ended, withdrawn, not yet, or unknown (no record fills the key).
        ended_on: the last day on which it was valid, when it has ended or was withdrawn.
        open_event: the event that it depends on, while that event is open.
        rows: the numbers of the fact list that it conveys.
        kind: of the record.
        announced: whether an announcement made it.
        opening: how an answer begins that the record took over.
        valid_from: of the record, for texts that name the day.
        event: the event that it hangs on, as it was known on the day.
        from_files: whether data/knowledge has it, not only an announcement.
    """

    key: str
    status: FactStatus
    id: str | None = None
    texts: dict[str, str] | None = None
    shorts: dict[str, str] | None = None
    ended_texts: dict[str, str] | None = None
    source: Source | None = None
    ended_on: date | None = None
    open_event: str | None = None
    rows: tuple[str, ...] = ()
    kind: str | None = None
    announced: bool = False
    opening: Opening | None = None
    valid_from: date | None = None
    event: Event | None = None
    from_files: bool = True


def last_day(fact: Fact | Record) -> date | None:
    """The last day on which a fact is valid, by its validity, its event or its withdrawal; None while open."""
    ends = [fact.valid_until]
    if fact.until_event is not None:
        ends.append(fact.until_event.ended_on)
    if fact.withdrawn_from is not None:
        ends.append(fact.withdrawn_from - timedelta(days=1))
    return min((end for end in ends if end is not None), default=None)


def status_on(fact: Fact | Record, day: date) -> FactStatus:
    """The state of one record on a day."""
    last = last_day(fact)
    if day < fact.valid_from:
        if fact.known_from is None or day < fact.known_from:
            return FactStatus.NOT_YET
        return FactStatus.WITHDRAWN if last is not None and last < fact.valid_from else FactStatus.ANNOUNCED
    if last is None or day <= last:
        return FactStatus.IN_FORCE
    if fact.withdrawn_from is not None and last == fact.withdrawn_from - timedelta(days=1):
        return FactStatus.WITHDRAWN
    return FactStatus.ENDED


def look_up(session: Session, keys: Iterable[str], day: date) -> dict[str, FactOnDay]:
    """The state of the facts with these keys on a day; a key without a record is FactStatus.UNKNOWN.

    What is announced counts from the day on which it is known: until it begins, its text for that time (`coming`) is
    given as in force. A record that took over the answer of a key goes before that answer's own.
    """
    remembered = facts_now(session)
    known: dict[str, FactOnDay] = remembered.looked_up_on(day)
    found = {}
    for key in dict.fromkeys(keys):
        if key not in known:
            known[key] = _looked_up(remembered, key, day)
        found[key] = known[key]
    return found


def _looked_up(remembered: Remembered, key: str, day: date) -> FactOnDay:
    covering = known_on(remembered.covering.get(key, ()), remembered.events, day)
    taken = _taken_over(key, covering, day) if covering else None
    return taken or _on_day(key, remembered.records.get(key, ()), remembered.events, day)


def facts_of_event(session: Session, event_id: str, day: date) -> list[FactOnDay]:
    """The facts that hang on an event and are in force or announced on a day; answers to single questions left out."""
    remembered = facts_now(session)
    hanging = [
        key
        for key, records in remembered.records.items()
        if ANSWER not in key and any(one.until_event and one.until_event.id == event_id for one in records)
    ]
    found = look_up(session, hanging, day).values()
    return [fact for fact in found if fact.status is FactStatus.IN_FORCE and fact.event and fact.event.id == event_id]


def known_on(records: Iterable[Record], events: Events, day: date) -> list[Record]:
    """The records as they were known on a day, each with its event as that was known."""
    return [_with_event(record, events, day) for record in records if record.is_known_on(day)]


def _with_event(record: Record, events: Events, day: date) -> Record:
    latest = record.until_event
    if latest is None or latest.is_known_on(day):
        return record
    return replace(record, until_event=event_on(events, latest.id, day) or latest)


def _taken_over(key: str, known: Sequence[Record], day: date) -> FactOnDay | None:
    coming = _coming(known, day)
    holding = [record for record in known if status_on(record, day) is FactStatus.IN_FORCE]
    if not (coming or holding):
        return _over(known, day, key)
    record = coming or holding[-1]
    openings = (record.covers or {})[key]
    opening = Opening(openings["coming" if coming else "then"])
    return replace(_said_of(record, day, key, coming=coming is not None), opening=opening)


def _over(known: Sequence[Record], day: date, key: str) -> FactOnDay | None:
    """The end of the record that held last, where it has words for that; else the answer's own record counts again.

    Without this, what an announcement ended ("until 30 June") would be promised again by the answer from before it.
    """
    ended = [one for one in known if one.ended_texts and status_on(one, day) is FactStatus.ENDED]
    last = max(ended, key=lambda one: last_day(one) or day, default=None)
    return None if last is None else _said_of(last, day, key)


def _ever_holds(record: Record) -> bool:
    last = last_day(record)
    return last is None or last >= record.valid_from


def _coming(known: Sequence[Record], day: date) -> Record | None:
    """The announced record that begins next, where it says something until then."""
    ahead = [record for record in known if day < record.valid_from and record.coming_texts and _ever_holds(record)]
    return min(ahead, key=lambda record: record.valid_from, default=None)


def _on_day(key: str, facts: Sequence[Record], events: Events, day: date) -> FactOnDay:
    if not facts:
        return FactOnDay(key, FactStatus.UNKNOWN)
    known = known_on(facts, events, day)
    if coming := _coming(known, day):
        return _said_of(coming, day, key, coming=True)
    begun = [fact for fact in known if fact.valid_from <= day]
    if not begun:
        return FactOnDay(key, FactStatus.NOT_YET)
    holding = [fact for fact in begun if status_on(fact, day) is FactStatus.IN_FORCE]
    # A record that was withdrawn before its first day was never valid, so it hides none that was.
    held = [fact for fact in begun if (last_day(fact) or day) >= fact.valid_from]
    return _said_of((holding or held or begun)[-1], day, key)


def _said_of(fact: Record, day: date, key: str, *, coming: bool = False) -> FactOnDay:
    event = fact.until_event
    return FactOnDay(
        key=key,
        status=FactStatus.IN_FORCE if coming else status_on(fact, day),
        id=fact.id,
        texts=fact.coming_texts if coming else fact.texts,
        shorts=(fact.coming_shorts or fact.coming_texts) if coming else fact.shorts,
        ended_texts=fact.ended_texts,
        source=fact.source,
        ended_on=last_day(fact),
        open_event=event.id if event is not None and event.ended_on is None else None,
        rows=tuple(fact.rows),
        kind=fact.kind,
        announced=fact.announced,
        valid_from=fact.valid_from,
        event=event,
        from_files=fact.from_files,
    )
