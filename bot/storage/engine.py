"""Connections to the assistant's database (SQLAlchemy 2.0 style on 1.4)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from select import POLLIN, poll
from time import monotonic
from typing import Any

from sqlalchemy import DateTime, Integer, MetaData, Numeric, create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from bot import deadlines
from bot.settings import settings

# Named constraints, so that a migration can change them on every database.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# A customer waits: a statement that takes longer counts as failed.
LOCK_MS, STATEMENT_MS = int(1_000 * deadlines.DATABASE_LOCK), int(1_000 * deadlines.DATABASE_STATEMENT)
CONNECTIONS = 15  # pool size of a process; all stay open, since PostgreSQL starts a process of its own for each
IDLE = 1.0  # seconds after which a connection is tested before it is used
ANY_THREAD = {"check_same_thread": False}  # the pool gives a connection to one thread at a time
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Base: Any = declarative_base(metadata=MetaData(naming_convention=NAMING))


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """A timestamp: accepts only values with a time zone, stores UTC, returns UTC with time zone."""

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
    cursor.execute(f"PRAGMA busy_timeout={LOCK_MS}")
    # Overwrite erased rows, which would otherwise stay in the file and its backups. Not every build does so by default.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _replace_lost_connections(engine: Engine) -> None:
    """Test connections before they are used, as `pool_pre_ping` does, but only those that may be lost.

    A server that stops closes its connections, which shows without a query; one that vanishes does not, so connections
    that were idle for a second are tested too.
    """

    @event.listens_for(engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        record.info["idle_since"] = monotonic()
        if connection is not None and not connection.closed:
            connection.autocommit = False  # see `single_statements`

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _: Any) -> None:
        idle_since = record.info.get("idle_since")
        if idle_since is None:
            return  # just opened
        doubtful = monotonic() - idle_since > IDLE or _has_something_to_say(connection)
        if doubtful and not engine.dialect.do_ping(connection):
            raise InvalidatePoolError


def _has_something_to_say(connection: Any) -> bool:
    """Whether the server wrote to an idle connection, for example that it is shutting down."""
    ready = poll()
    ready.register(connection, POLLIN)
    return bool(ready.poll(0))


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """The engine for a database URL, one for each process; an SQLite file's folder is made when missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        limits = {
            "connect_timeout": deadlines.DATABASE_CONNECT,
            "tcp_user_timeout": STATEMENT_MS,
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}",
        }
        pool = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": deadlines.DATABASE_CONNECT}
        engine = create_engine(parsed, future=True, connect_args=limits, **pool)
        _replace_lost_connections(engine)
        return engine
    if parsed.database and parsed.database != ":memory:":
        with suppress(OSError):  # SQLite says at the first use that it cannot open the file
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # Pooled like PostgreSQL's connections; SQLAlchemy would open the file again for each transaction.
        engine = create_engine(
            parsed, future=True, poolclass=QueuePool, pool_timeout=deadlines.DATABASE_CONNECT, connect_args=ANY_THREAD
        )
    else:
        engine = create_engine(parsed, future=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def take_your_time(work: Connection | Session) -> None:
    """Lift the timeouts for this transaction: for migrations and other long work that no customer waits for."""
    connection = work.connection() if isinstance(work, Session) else work
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def count_on(session: Session, *tables: Any) -> None:
    """Advance the id sequences past ids that were inserted explicitly, which PostgreSQL's sequences do not notice."""
    if session.connection().dialect.name == "postgresql":
        for table in tables:
            highest = select(func.max(table.id)).scalar_subquery()
            session.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), highest)))


@contextmanager
def session_scope(url: str | None = None) -> Iterator[Session]:
    """A session in a transaction: committed at the end, rolled back on any exception."""
    with Session(engine_for(url or settings().database_url), future=True) as session, session.begin():
        yield session


@contextmanager
def single_statements(url: str | None = None) -> Iterator[Session]:
    """A session in autocommit, for statements that need no transaction: PostgreSQL is sent no BEGIN and no COMMIT."""
    with session_scope(url) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.connection.dbapi_connection.autocommit = True  # until it returns to the pool
        yield session


def inserting(session: Session, table: Any) -> Any:
    """An insert in the database's dialect that can handle an existing row: an upsert (`on_conflict_do_…`)."""
    return INSERTS[session.connection().dialect.name](table)
