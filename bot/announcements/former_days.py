"""Records that still name a day which an announcement changes: a moved record's first day, an event's end.

The moved record itself must not name its former day (`bot.announcements.applying`). Others may name the same day for
the same reason: those of the same announcement or source, and those that quote the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.knowledge.facts_on_day import last_day
from bot.knowledge.models import EmergencyEvent, Fact, FactVersion
from bot.replies.formats import names_day
from bot.settings import LANGUAGES


@dataclass(frozen=True)
class FormerDay:
    """A record that still names a day.

    Attributes:
        record: its id; text: the text in which it does, in English where that is one of them.
        day: the day before the change; changed: the record or event whose day changes.
    """

    record: str
    text: str
    day: date
    changed: str


@dataclass(frozen=True)
class _Changed:
    name: str
    former: date
    facts: tuple[Fact, ...]


def former_days(session: Session, copy: Session, document: AnnouncementDocument) -> Iterator[FormerDay]:
    """The records that would still name a former day.

    Args:
        session: before the change; copy: a session in which the announcement is published.
    """
    for changed in (*_moved(session, copy, document), *_events(session, copy, document)):
        for fact in sorted(changed.facts, key=lambda one: one.id):
            text = _naming(fact, changed.former) if _still_said(fact, document) else None
            if text is not None:
                yield FormerDay(fact.id, text, changed.former, changed.name)


def _moved(session: Session, copy: Session, document: AnnouncementDocument) -> Iterator[_Changed]:
    for change in document.changes:
        former, fact = session.get(Fact, change.record), copy.get(Fact, change.record)
        if change.move_to and former is not None and fact is not None:
            yield _Changed(fact.id, former.valid_from, tuple(_alike(copy, fact)))


def _alike(copy: Session, fact: Fact) -> Iterator[Fact]:
    """The other records of the same announcement or source, or with the same quote."""
    made = select(FactVersion.announcement_id).where(FactVersion.fact_id == fact.id)
    announcements = {name for name in copy.execute(made).scalars() if name}
    of_them = select(FactVersion.fact_id).where(FactVersion.announcement_id.in_(announcements))
    together = set(copy.execute(of_them).scalars())
    for other in copy.execute(select(Fact).where(Fact.id != fact.id, Fact.retracted.is_(False))).scalars():
        if other.id in together or other.source_id == fact.source_id or (fact.quote and other.quote == fact.quote):
            yield other


def _events(session: Session, copy: Session, document: AnnouncementDocument) -> Iterator[_Changed]:
    """Events whose last day is another one, with all records: the end that an authority sets stands in any of them."""
    for change in document.event_changes:
        before, after = session.get(EmergencyEvent, change.event), copy.get(EmergencyEvent, change.event)
        if before is None or after is None:
            continue
        former = {before.official_end, before.ended_on} - {after.official_end, after.ended_on, None}
        facts = tuple(copy.execute(select(Fact).where(Fact.retracted.is_(False))).scalars()) if former else ()
        yield from (_Changed(change.event, day, facts) for day in sorted(former))


def _still_said(fact: Fact, document: AnnouncementDocument) -> bool:
    """Whether a record is said on a day on which the change is known."""
    last = last_day(fact)
    public = document.made_public or fact.valid_from
    return last is None or last >= max(public, fact.valid_from)


def _naming(fact: Fact, day: date) -> str | None:
    texts: Iterable[dict[str, str] | None] = (fact.texts, fact.coming_texts, fact.shorts, fact.coming_shorts)
    for language in reversed(LANGUAGES):
        for each in texts:
            text = (each or {}).get(language)
            if text and names_day(text, day, language):
                return text
    return None
