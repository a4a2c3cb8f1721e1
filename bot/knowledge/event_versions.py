"""The versions of events: each change adds one, none is ever changed or deleted."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.event_records import EventRecord
from bot.knowledge.fact_versions import BY_FILES, Signed
from bot.knowledge.models import EmergencyEvent, EventVersion, PlaceVersion
from bot.knowledge.records import KnowledgeError

# What is said of an event and when it holds, without who changed it.
STATE = ("names", "cases", "began_on", "ended_on", "official_end", "retracted")
Version = TypeVar("Version", EventVersion, PlaceVersion)
OF_FILES = ("names", "cases", "began_on", "official_end")


UNDONE = "undone"  # the act of a version that takes others back, of events and of places


class EventAct(StrEnum):
    """What made a version of an event."""

    FILES = "files"  # data/knowledge, at the start or by `bot facts load`
    BEGUN = "begun"
    ENDED = "ended"
    REOPENED = "reopened"
    OFFICIAL_END = "official end"
    UNDONE = UNDONE


def add_event_version(
    session: Session, event: EmergencyEvent, act: EventAct, signed: Signed, known_from: date | None
) -> None:
    """Append the present state of a changed or new event as a version."""
    event.number = (event.number or 0) + 1  # an event that is new has none yet
    event.known_from, event.announcement_id = known_from, signed.announcement
    now = datetime.now(UTC)
    if act is not EventAct.FILES:
        event.changed_by, event.changed_at = signed.who[:120], now
    content = {name: getattr(event, name) for name in (*STATE, "known_from", "announcement_id", "number")}
    of_change = {"act": act, "who": signed.who[:120], "why": signed.why, "changed_at": now}
    session.add(EventVersion(**content, **of_change, event_id=event.id))
    session.flush()


def event_versions(session: Session, event_id: str) -> list[EventVersion]:
    """All versions of an event, oldest first."""
    query = select(EventVersion).where(EventVersion.event_id == event_id).order_by(EventVersion.number)
    return list(session.execute(query).scalars())


def load_event(session: Session, record: EventRecord) -> None:
    """Load an event of the files; what an operator changed stays until the record in the files changes."""
    values = values_of(record)
    event = session.get(EmergencyEvent, record.id)
    if event is None:
        event = EmergencyEvent(id=record.id, ended_on=record.ends, **values)
        session.add(event)
    else:
        versions = [one for one in event_versions(session, record.id) if one.act == EventAct.FILES]
        if versions and all(getattr(versions[-1], name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(event, name, value)
    add_event_version(session, event, EventAct.FILES, BY_FILES, event.known_from)


def values_of(record: EventRecord) -> dict[str, object]:
    """A record as the columns that files and announcements set."""
    return {
        "names": dict(record.name),
        "cases": dict(record.cases) or None,
        "began_on": record.began,
        "official_end": record.official_end,
    }


def take_events_back(session: Session, announcement: str, signed: Signed) -> None:
    """Restore the state of every event before an announcement.

    Raises:
        KnowledgeError: an event was changed since.
    """
    made = select(EventVersion.event_id).where(EventVersion.announcement_id == announcement).distinct()
    for event_id in sorted(session.execute(made).scalars()):
        event = session.get(EmergencyEvent, event_id)
        before = versions_before(announcement, event_versions(session, event_id), f"The event '{event_id}'")
        if event is not None and before is not None:
            _restore(event, before)
            add_event_version(session, event, EventAct.UNDONE, signed, signed.known_from)


def versions_before(announcement: str, versions: Iterable[Version], named: str) -> list[Version] | None:
    """The versions that stand without an announcement's, to restore the last of; None where none of it stands.

    Raises:
        KnowledgeError: what is `named` was changed since.
    """
    left = standing(versions)
    if not any(one.announcement_id == announcement for one in left):
        return None
    if left[-1].announcement_id != announcement:
        by = f"announcement '{left[-1].announcement_id}'" if left[-1].announcement_id else left[-1].who
        raise KnowledgeError(
            f"{named} was changed since ({left[-1].act}, by {by}); undo that first, then '{announcement}'."
        )
    return [one for one in left if one.announcement_id != announcement]


def _restore(event: EmergencyEvent, before: list[EventVersion]) -> None:
    if not before:
        event.retracted = True
        return
    for name in STATE:
        setattr(event, name, getattr(before[-1], name))


def standing(versions: Iterable[Version]) -> list[Version]:
    """The versions of an event or place, oldest first, without those that were undone, and without their undoing."""
    kept: list[Version] = []
    for version in versions:
        if version.act != UNDONE:
            kept.append(version)
            continue
        kept = [one for one in kept if one.announcement_id != version.announcement_id]
    return kept
