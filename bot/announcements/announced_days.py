"""On which days an announcement begins, ends and changes something, by the facts as they are now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.announcement_steps import IN_FORCE, AnnouncementOverview
from bot.knowledge.facts_on_day import last_day
from bot.knowledge.records import FactRecord, UntilEvent
from bot.knowledge.remembered import Record, facts_now

SOON = timedelta(days=7)  # before its last day, the owner of an announcement is reminded


class DayKind(StrEnum):
    """What happens on a day of an announcement."""

    KNOWN = "known"
    BEGINS = "begins"
    LAST = "last"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    EVENT_BEGINS = "event-begins"
    EVENT_LAST = "event-last"


class Standing(StrEnum):
    """How what is announced stands on a day."""

    NOT_PUBLISHED = "not-published"
    COMING = "coming"
    IN_FORCE = "in-force"
    ENDS_SOON = "ends-soon"
    OVER = "over"


@dataclass(frozen=True)
class AnnouncedDay:
    """Something that happens on a day; `name` of the record or event, None for the announcement itself."""

    day: date
    kind: DayKind
    name: str | None = None


@dataclass(frozen=True)
class AnnouncedSpan:
    """The days of an announcement.

    Attributes:
        first: the first day on which something of it holds.
        last: the last one; None where that is open. `event`: with whose end that is.
        days: on which something happens, in order.
    """

    standing: Standing
    first: date | None
    last: date | None
    event: str | None
    days: tuple[AnnouncedDay, ...]


def records_now(session: Session) -> dict[str, Record]:
    """All records by id, as they are now."""
    return {one.id: one for several in facts_now(session).records.values() for one in several if not one.known_until}


def announced_span(known: Mapping[str, Record], found: AnnouncementOverview, day: date) -> AnnouncedSpan:
    """The days of an announcement: of its records as they are now (`records_now`), or as they were proposed."""
    is_in_force = found.state in IN_FORCE
    spans = [_span(record, known.get(record.id) if is_in_force else None) for record in found.document.records]
    days = tuple(sorted(_days(found.document, spans), key=lambda one: (one.day, one.kind, one.name or "")))
    first = min((begins for _, begins, _, _ in spans), default=days[0].day if days else None)
    is_open = any(last is None for _, _, last, _ in spans) or not spans
    last = None if is_open else max(last for _, _, last, _ in spans if last)
    event = next((event for _, _, last, event in spans if event and last is None), None)
    standing = _standing(first, last, day) if is_in_force else Standing.NOT_PUBLISHED
    return AnnouncedSpan(standing, first, last, event, days)


_Span = tuple[str, date, date | None, str | None]  # id, first day, last day, event


def _span(record: FactRecord, known: Record | None) -> _Span:
    event = record.valid_until.event if isinstance(record.valid_until, UntilEvent) else None
    if known is not None:
        return record.id, known.valid_from, last_day(known), event
    return record.id, record.valid_from, record.valid_until if isinstance(record.valid_until, date) else None, event


def _days(document: AnnouncementDocument, spans: list[_Span]) -> Iterator[AnnouncedDay]:
    if document.made_public:
        yield AnnouncedDay(document.made_public, DayKind.KNOWN)
    for name, first, last, _ in spans:
        yield AnnouncedDay(first, DayKind.BEGINS, name)
        if last:
            yield AnnouncedDay(last, DayKind.LAST, name)
    for change in document.changes:
        if change.withdraw_from:
            yield AnnouncedDay(change.withdraw_from, DayKind.WITHDRAWN, change.record)
        if change.move_to:
            yield AnnouncedDay(change.move_to, DayKind.MOVED, change.record)
    for event in document.events:
        yield AnnouncedDay(event.began, DayKind.EVENT_BEGINS, event.id)
    for event_change in document.event_changes:
        if event_change.end_on:
            yield AnnouncedDay(event_change.end_on, DayKind.EVENT_LAST, event_change.event)


def _standing(first: date | None, last: date | None, day: date) -> Standing:
    if first and day < first:
        return Standing.COMING
    if last is None:
        return Standing.IN_FORCE
    if day > last:
        return Standing.OVER
    return Standing.ENDS_SOON if last - day <= SOON else Standing.IN_FORCE
