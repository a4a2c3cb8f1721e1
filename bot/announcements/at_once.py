"""Single changes at once: each is an announcement of its own, whose approval is awaited afterwards."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, RecordChange
from bot.announcements.announcement_steps import AnnouncementOverview, Step, add_step, overview
from bot.announcements.publishing import publish
from bot.knowledge import fact_store
from bot.knowledge.fact_versions import Signed
from bot.knowledge.models import Fact
from bot.knowledge.records import read_file

AT_ONCE = "changed at once"
LONGEST_PART = 60  # characters of a record's id that an announcement's id takes over


def change_of(session: Session, change: RecordChange, known_from: date) -> AnnouncementDocument:
    """The announcement of one change of a record, to be previewed or published.

    Args:
        known_from: the day from which it is known; a withdrawal from an earlier day is known from that day.
    """
    fact = session.get(Fact, change.record)
    wanted = {"withdraw": change.withdraw_from, "move": change.move_to, "correct": change.correct, "restore": True}
    name = next(act for act, value in wanted.items() if value)
    number = fact.number + 1 if fact is not None else 1
    day = min(known_from, change.withdraw_from) if change.withdraw_from else known_from
    part = "".join(letter for letter in change.record[:LONGEST_PART] if letter.isalnum() or letter == "-").lower()
    return AnnouncementDocument(id=f"{name}-{part}-{number}", made_public=day, changes=[change])


def change_at_once(
    session: Session, document: AnnouncementDocument, who: str, why: str | None = None
) -> AnnouncementOverview:
    """Publish a change unapproved; the approval is awaited afterwards.

    Raises:
        KnowledgeError: it does not fit the facts.
    """
    add_step(session, document.id, Step.PROPOSED, who, why, document)
    return publish(session, document.id, who, emergency=True, why=why or AT_ONCE)


def publish_facts_at_once(session: Session, path: Path, who: str, why: str | None = None) -> AnnouncementOverview:
    """Publish a file of facts (`facts:`) unapproved; each is known as early as it is valid.

    Raises:
        KnowledgeError: as `bot.knowledge.fact_store.publish`.
    """
    facts = read_file(path).facts
    announcement = f"facts-{facts[0].id[:LONGEST_PART]}" if facts else "facts"
    fact_store.publish(session, path, Signed(who, why, announcement=announcement))
    document = AnnouncementDocument(id=announcement, made_public=None, records=facts)
    add_step(session, announcement, Step.PROPOSED, who, why, document)
    add_step(session, announcement, Step.OVERRIDDEN, who, why or AT_ONCE)
    return overview(session, announcement)
