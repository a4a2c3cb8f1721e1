"""Migrations: databases of every released revision, with data in each table, upgrade without data loss."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from own_databases import DATABASES, postgres_copy  # tests/own_databases.py
from sqlalchemy import Column, MetaData, String, Table, cast, insert, select
from sqlalchemy.engine import Connection

from bot.accounts.verification_models import CONTRACT_GIVEN, CONTRACT_OPENED
from bot.keys.keyed_hashes import contract_hash
from bot.keys.sealing import Seal
from bot.schema.upgrading import alembic_config, upgrade
from bot.storage.engine import Base, engine_for

REVISIONS = sorted(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())
ROWS = 4  # in each table
NO_DATA = {"alembic_version", "knowledge_version", "desk_counter"}  # one row each, which migrations and triggers write
OF_TYPE: dict[type, Any] = {
    bool: True,
    date: date(2020, 3, 20),
    datetime: datetime(2020, 3, 20, 12, 30, 15, 123456, tzinfo=UTC),
    dict: {"lv": "ā", "en": [1, None]},
}
# Values required by constraints or by a test; all others follow from the column's type.
GIVEN: dict[tuple[str, str], Any] = {
    ("customers", "preferred_language"): "lv",
    ("handoffs", "kind"): "complaint",
    ("handoffs", "state"): "closed",
    ("desk_ratings", "about"): "person",
    ("facts", "valid_until"): None,
    ("extension_requests", "instalments"): None,
}
# Columns that a migration encrypts: decrypted, they keep the former clear text.
SEALED = {
    ("account_dialogues", "contract_number"): CONTRACT_GIVEN,
    ("opened_accounts", "contract_number"): CONTRACT_OPENED,
}
# Columns whose values a migration moves into another table.
MOVED = {("handoffs", "call_back_to"): ("call_backs", "number")}


def value(column: Column, number: int) -> Any:
    """What row `number` holds in a column: another value in each row, the same where one column refers to another."""
    for reference in column.foreign_keys:
        return value(reference.column, number)
    if (column.table.name, column.name) in GIVEN:
        return GIVEN[column.table.name, column.name]
    if (column.table.name, column.name) == ("events", "sender_id"):
        return f"conversation {number % 2}"  # two that were held at the same time
    kind = column.type.python_type
    if kind is date and column.primary_key:
        return OF_TYPE[date] + timedelta(days=number)
    if kind in OF_TYPE:
        return OF_TYPE[kind]
    return Decimal(number) if kind is Decimal else kind(number)


def tables(connection: Connection) -> list[Table]:
    """All tables as they are in the database, the ones that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in NO_DATA]


def rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    """All rows of a table, with encrypted values decrypted, without those that a migration moves."""
    kept = [column for column in table.columns if (table.name, column.name) not in MOVED]
    places = [(table.name, column.name) for column in kept]
    found = [
        tuple(
            Seal(SEALED[place]).open(held) or held if place in SEALED else held
            for place, held in zip(places, row, strict=True)
        )
        for row in connection.execute(select(*kept))
    ]
    return sorted(found, key=repr)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        yield url
        engine_for(url).dispose()
    else:
        with postgres_copy(request.getfixturevalue("filled_postgres"), "empty", of="template0") as url:
            yield url


def released(url: str, revision: str) -> dict[str, tuple[Table, list[tuple[Any, ...]]]]:
    """Create a database of a revision, with rows in every table; returns the tables with their rows."""
    with engine_for(url).begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        for table in tables(connection):
            made = [{column.name: value(column, number) for column in table.columns} for number in range(1, ROWS + 1)]
            connection.execute(insert(table), made)
        return {table.name: (table, rows(connection, table)) for table in tables(connection)}


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_keeps_every_value(empty: str, revision: str) -> None:
    before = released(empty, revision)
    upgrade(empty)
    with engine_for(empty).connect() as connection:
        after = {name: rows(connection, table) for name, (table, _) in before.items()}
    assert after == {name: found for name, (_, found) in before.items()}
    assert all(len(found) == ROWS for found in after.values())


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_makes_the_schema_that_the_code_expects(empty: str, revision: str) -> None:
    released(empty, revision)
    upgrade(empty)
    with engine_for(empty).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_events_of_before_get_their_positions(empty: str) -> None:
    released(empty, "0008")
    upgrade(empty)
    events = Base.metadata.tables["events"]
    with engine_for(empty).connect() as connection:
        found = connection.execute(select(events.c.id, events.c.sender_id, events.c.position).order_by(events.c.id))
        positions = [tuple(row) for row in found]
    assert positions == [(n, f"conversation {n % 2}", (n - 1) // 2) for n in range(1, ROWS + 1)]


@pytest.mark.parametrize("table", ["account_dialogues", "opened_accounts"])
def test_numbers_that_customers_gave_before_are_sealed(empty: str, table: str) -> None:
    numbers = {str(held) for row in released(empty, "0012")[table][1] for held in row}
    upgrade(empty)
    with engine_for(empty).connect() as connection:
        column = Base.metadata.tables[table].c.contract_number
        held = connection.execute(select(cast(column, String).label("held"))).scalars().all()
    assert len(held) == ROWS
    assert not numbers & set(held)


def test_numbers_to_call_back_move_into_their_own_table_sealed(empty: str) -> None:
    released(empty, "0019")
    upgrade(empty)
    calls = Base.metadata.tables["call_backs"]
    with engine_for(empty).connect() as connection:
        held = connection.execute(select(calls.c.reference, calls.c.number, cast(calls.c.number, String))).all()
    assert sorted((reference, number) for reference, number, _ in held) == [(f"{n}", f"{n}") for n in range(1, 5)]
    assert not {number for _, number, _ in held} & {sealed for *_, sealed in held}


def test_an_account_dialogue_of_before_is_found_by_its_number(empty: str) -> None:
    released(empty, "0012")
    upgrade(empty)
    dialogues = Base.metadata.tables["account_dialogues"]
    with engine_for(empty).connect() as connection:
        found = connection.execute(
            select(dialogues.c.conversation_id).where(dialogues.c.contract == contract_hash("2"))
        )
        assert found.scalars().all() == ["2"]


def test_what_an_upgrade_seals_comes_back_in_clear_with_a_downgrade(empty: str) -> None:
    given = released(empty, "0012")["account_dialogues"][1]
    upgrade(empty)
    with engine_for(empty).begin() as connection:
        command.downgrade(alembic_config(connection), "0012")
        found = MetaData()
        found.reflect(connection, only=["account_dialogues"])
        assert rows(connection, found.tables["account_dialogues"]) == given


def test_every_table_has_been_tried(empty: str) -> None:
    assert set(released(empty, "head")) == set(Base.metadata.tables) - NO_DATA
