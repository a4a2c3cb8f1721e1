"""The connection pool: connections are reused, and stale ones are replaced before a customer notices."""

from collections.abc import Iterator

import pytest
from needs import needs  # tests/needs.py
from own_databases import OwnDatabase
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.storage import engine as storage
from bot.storage.engine import engine_for, session_scope, single_statements

COUNT = text("SELECT count(*) FROM words")
ADD = text("INSERT INTO words (word) VALUES ('once')")


@pytest.fixture
def words(database: str) -> str:
    """A table of its own; gives the database's URL."""
    with session_scope(database) as session:
        session.execute(text("CREATE TABLE words (word VARCHAR(9) UNIQUE)"))
    return database


def backend(session: Session) -> int:
    """PostgreSQL's process for a session."""
    return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def add_twice(database: str) -> None:
    """Insert the same word twice in one transaction, which violates the table's constraint."""
    with session_scope(database) as session:
        session.execute(ADD)
        session.execute(ADD)


@pytest.fixture
@needs("postgres")
def served(own_database: OwnDatabase) -> Iterator[str]:
    """A database of a PostgreSQL server."""
    with own_database("postgres") as url:
        yield url


@pytest.mark.parametrize("doubtful_after", [0.0, 60.0], ids=["idle for long", "used just now"])
def test_connections_that_the_server_closed_are_replaced(
    served: str, monkeypatch: pytest.MonkeyPatch, doubtful_after: float
) -> None:
    monkeypatch.setattr(storage, "IDLE", doubtful_after)
    with session_scope(served) as session:
        lost = backend(session)
    with create_engine(served, future=True).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:lost, 2000)"), {"lost": lost})
    with session_scope(served) as session:
        assert backend(session) != lost


@pytest.mark.both_databases
def test_a_single_statement_is_kept(words: str) -> None:
    with single_statements(words) as session:
        session.execute(ADD)
    with session_scope(words) as session:
        assert session.execute(COUNT).scalar_one() == 1


@pytest.mark.both_databases
def test_the_connection_of_single_statements_holds_together_again(words: str) -> None:
    with single_statements(words) as session:
        session.execute(COUNT)
    with pytest.raises(IntegrityError):
        add_twice(words)
    with session_scope(words) as session:
        assert session.execute(COUNT).scalar_one() == 0


def test_as_many_connections_as_are_allowed_are_kept(served: str) -> None:
    def at_once() -> set[int]:
        sessions = [Session(engine_for(served), future=True) for _ in range(storage.CONNECTIONS)]
        found = {backend(session) for session in sessions}
        for session in sessions:
            session.close()
        return found

    assert at_once() == at_once()
