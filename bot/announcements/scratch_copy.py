"""A copy of the facts in memory, to try out an announcement: nothing that is in force is touched, and nothing waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.announcements.models import AnnouncementStep
from bot.knowledge.models import (
    EmergencyEvent,
    EventVersion,
    Fact,
    FactSource,
    FactVersion,
    KnowledgeVersion,
    PlaceVersion,
    PublishedPlace,
    TopicQuestions,
)
from bot.storage.engine import Base

# Every table of the knowledge, and the announcements' own; a test compares them with the rooms' tables.
TABLES: tuple[Any, ...] = (
    FactSource,
    EmergencyEvent,
    EventVersion,
    PublishedPlace,
    PlaceVersion,
    Fact,
    FactVersion,
    TopicQuestions,
    KnowledgeVersion,
    AnnouncementStep,
)


@contextmanager
def scratch_copy(session: Session) -> Iterator[Session]:
    """A session on a copy of the facts as this session sees them; the copy is gone afterwards."""
    engine = create_engine("sqlite://", future=True, poolclass=StaticPool)
    try:
        Base.metadata.create_all(engine, tables=[table.__table__ for table in TABLES])
        with Session(engine, future=True) as copy:
            for table in TABLES:
                rows = [dict(row) for row in session.execute(select(table.__table__)).mappings()]
                if rows:
                    copy.execute(insert(table.__table__), rows)
            copy.commit()
            yield copy
    finally:
        engine.dispose()


def renew(copy: Session) -> None:
    """Let the copy's answers see its changes: it has no trigger that renews the version of the facts."""
    copy.flush()
    copy.execute(update(KnowledgeVersion).values(version=uuid4().hex))
    copy.commit()
