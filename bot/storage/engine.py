"""Connections to the assistant's database (SQLAlchemy 2.0 style on 1.4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Integer, MetaData, Numeric, create_engine, event, func, select, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from bot.settings import settings

# Named constraints, so that a migration can change them on every database.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# A customer waits: what the database does not do in this time counts as failed.
LOCK_PATIENCE, STATEMENT_PATIENCE = 1_500, 2_000  # milliseconds
CONNECT_PATIENCE = 2  # seconds
ANY_THREAD = {"check_same_thread": False}  # the pool gives a connection to one thread at a time
Base: Any = declarative_base(metadata=MetaData(naming_convention=NAMING))


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """A moment in time: takes only values with a zone, stores UTC, gives back UTC with zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        # SQLite gives the time back without its zone; what was stored is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator):  # type: ignore[misc]
    """An amount in euro as `Decimal`: NUMERIC(10, 2), and whole cents on SQLite, which has no exact decimals."""

    impl = Numeric(10, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Numeric(10, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> Decimal | int | None:
        if value is None:
            return None
        cents = value * 100
        if cents != int(cents):
            raise ValueError(f"An amount has at most two decimals: {value}.")
        return int(cents) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | int | None, dialect: Any) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / 100 if dialect.name == "sqlite" else Decimal(value)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # Readers and one writer side by side: the servers read while an operator publishes.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA busy_timeout={LOCK_PATIENCE}")
    cursor.close()


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """The engine for a database URL, one a process; an SQLite file's folder is made when missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        limits = {
            "connect_timeout": CONNECT_PATIENCE,
            "tcp_user_timeout": STATEMENT_PATIENCE,
            "options": f"-c statement_timeout={STATEMENT_PATIENCE} -c lock_timeout={LOCK_PATIENCE}",
        }
        return create_engine(
            parsed, future=True, pool_pre_ping=True, pool_timeout=CONNECT_PATIENCE, connect_args=limits
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # Kept open like PostgreSQL's; SQLAlchemy would open the file anew for each transaction.
        engine = create_engine(
            parsed, future=True, poolclass=QueuePool, pool_timeout=CONNECT_PATIENCE, connect_args=ANY_THREAD
        )
    else:
        engine = create_engine(parsed, future=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def take_your_time(work: Connection | Session) -> None:
    """Lift the limits of time for this transaction: for migrations and other long work that no customer waits for."""
    connection = work.connection() if isinstance(work, Session) else work
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def count_on(session: Session, *tables: Any) -> None:
    """Let ids of further rows come after those that were given, which PostgreSQL's sequences know nothing of."""
    if session.connection().dialect.name == "postgresql":
        for table in tables:
            highest = select(func.max(table.id)).scalar_subquery()
            session.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), highest)))


@contextmanager
def session_scope(url: str | None = None) -> Iterator[Session]:
    """A session in a transaction: committed at the end, rolled back when anything is raised."""
    with Session(engine_for(url or settings().database_url), future=True) as session, session.begin():
        yield session
