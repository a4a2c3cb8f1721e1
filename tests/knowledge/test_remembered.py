"""Facts are cached until somebody changes them, in any way."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from bot.knowledge.emergency_events import emergency, end
from bot.knowledge.models import Fact
from bot.knowledge.remembered import facts_now
from bot.storage.engine import engine_for, session_scope

pytestmark = pytest.mark.both_databases
BY_HAND = [
    "UPDATE facts SET withdrawn_from = '2020-04-01' WHERE id = 'no-disconnection'",
    "DELETE FROM facts WHERE id = 'no-disconnection'",
    "INSERT INTO emergency_events (id, names, began_on) VALUES ('storm', '{}', '2020-05-01')",
    "UPDATE emergency_events SET ended_on = '2020-06-09'",
    "UPDATE fact_sources SET url = 'https://example.org/'",
]


@pytest.fixture
def statements(database: str) -> Iterator[list[str]]:
    """The statements that this process sends to the database from now on."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine_for(database), "before_cursor_execute", note)
    yield asked
    event.remove(engine_for(database), "before_cursor_execute", note)


def seen(database: str) -> object:
    """The facts in a transaction of their own."""
    with session_scope(database) as session:
        return facts_now(session)


def test_unchanged_facts_are_read_once(database: str, statements: list[str]) -> None:
    first = seen(database)
    statements.clear()
    assert seen(database) is first
    assert len(statements) == 1


@pytest.mark.parametrize("change", BY_HAND)
def test_a_change_by_hand_is_seen_at_once(database: str, change: str) -> None:
    before = seen(database)
    elsewhere = create_engine(database, future=True)  # as another process has it
    with elsewhere.begin() as connection:
        connection.execute(text(change))
    elsewhere.dispose()
    assert seen(database) is not before


def test_a_change_is_seen_within_its_own_transaction_and_forgotten_when_it_is_taken_back(database: str) -> None:
    before = seen(database)
    with Session(engine_for(database), future=True) as session:
        end(session, date(2020, 6, 9), "test")
        changed = facts_now(session)
        session.rollback()
    assert changed != before
    assert seen(database) == before


def test_a_look_at_the_facts_is_no_change(database: str) -> None:
    before = seen(database)
    with session_scope(database) as session:
        emergency(session)
        session.query(Fact).all()
    assert seen(database) is before
