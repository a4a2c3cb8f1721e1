"""A copy of the facts in memory, to try out an announcement: nothing that is in force is touched, and nothing waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, column, create_engine, insert, select, update
from sqlalchemy import table as table_clause
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.expression import TableClause

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
            kept_alike = session.connection().dialect.name == engine.dialect.name
            for table in TABLES:
                stored = _untyped(table.__table__) if kept_alike else table.__table__
                rows = [dict(row) for row in session.execute(select(stored)).mappings()]
                if rows:
                    copy.execute(insert(stored), rows)
            copy.commit()
            yield copy
    finally:
        engine.dispose()


def _untyped(stored: Table) -> TableClause:
    """A table whose values are read and written as they are stored: without reading all JSON and writing it again."""
    return table_clause(stored.name, *(column(each.name) for each in stored.columns))


def renew(copy: Session) -> None:
    """Let the copy's answers see its changes: it has no trigger that renews the version of the facts."""
    copy.flush()
    copy.execute(update(KnowledgeVersion).values(version=uuid4().hex))
    copy.commit()
