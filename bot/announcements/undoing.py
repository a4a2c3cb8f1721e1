"""Taking an announcement back: every record that it made or changed gets the state before, as a new version."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.event_versions import take_events_back
from bot.knowledge.fact_versions import Signed, VersionAct, add_version, restore_state
from bot.knowledge.models import EmergencyEvent, Fact, FactVersion
from bot.knowledge.place_versions import take_places_back
from bot.knowledge.record_changes import refuse_overlap
from bot.knowledge.records import KnowledgeError


def take_back(session: Session, announcement: str, signed: Signed) -> None:
    """Restore the state before an announcement.

    Raises:
        KnowledgeError: a record was changed since, or would overlap a newer one.
    """
    ids = select(FactVersion.fact_id).where(FactVersion.announcement_id == announcement).distinct()
    keys = set()
    for fact_id in sorted(session.execute(ids).scalars()):
        fact = session.get(Fact, fact_id)
        if fact is not None and _back(session, fact, announcement, signed):
            keys.add(fact.key)
    session.flush()
    take_events_back(session, announcement, signed)
    _refuse_hanging(session, announcement)
    take_places_back(session, announcement, signed)
    for key in sorted(keys):
        refuse_overlap(session, key, f"The announcement '{announcement}' cannot be undone")


def _refuse_hanging(session: Session, announcement: str) -> None:
    """Refuse to take back an event on which records of other announcements hang."""
    hanging = select(Fact.id, EmergencyEvent.id).join(Fact.until_event)
    hanging = hanging.where(Fact.retracted.is_(False), EmergencyEvent.retracted)
    for fact, event in session.execute(hanging.order_by(Fact.id).limit(1)):
        raise KnowledgeError(
            f"The record '{fact}' holds until the event '{event}' ends, which '{announcement}' opened; undo the "
            f"announcement of '{fact}' first, or end the event (bot emergency end {event} --on DATE)."
        )


def _back(session: Session, fact: Fact, announcement: str, signed: Signed) -> bool:
    """Restore one record; returns whether there was anything to restore that is not undone yet."""
    query = select(FactVersion).where(FactVersion.fact_id == fact.id).order_by(FactVersion.number)
    standing = _standing(session.execute(query).scalars())
    made = [version for version in standing if version.announcement_id == announcement]
    if not made:
        return False
    later = standing[-1]
    if later.announcement_id != announcement:
        by = f"announcement '{later.announcement_id}'" if later.announcement_id else later.who
        raise KnowledgeError(
            f"The record '{fact.id}' was changed since ({later.act}, by {by}); undo that first, then '{announcement}'."
        )
    before = standing[-len(made) - 1] if len(standing) > len(made) else None
    if before is None:
        fact.retracted = True
    else:
        restore_state(fact, before)
    add_version(session, fact, VersionAct.UNDONE, signed)
    return True


def _standing(versions: Iterable[FactVersion]) -> list[FactVersion]:
    """The versions of a record, oldest first, without those that were undone, and without their undoing."""
    standing: list[FactVersion] = []
    for version in versions:
        if version.act != VersionAct.UNDONE:
            standing.append(version)
            continue
        while standing and standing[-1].announcement_id == version.announcement_id:
            standing.pop()
    return standing
