"""Databases of every released state, with data in each of their tables, come to the newest schema and keep the data."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from own_databases import DATABASES, postgres_copy  # tests/own_databases.py
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.engine import Connection

from bot.storage.engine import Base, engine_for
from bot.storage.schema import alembic_config, upgrade

REVISIONS = sorted(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())
ROWS = 4  # in each table
NO_DATA = {"alembic_version", "knowledge_version"}  # one row each, which migrations and triggers write
OF_TYPE: dict[type, Any] = {
    bool: True,
    date: date(2020, 3, 20),
    datetime: datetime(2020, 3, 20, 12, 30, 15, 123456, tzinfo=UTC),
    dict: {"lv": "ā", "en": [1, None]},
}
# What a table's own rules, or what a test looks for, ask for; all else follows from the column's type.
GIVEN: dict[tuple[str, str], Any] = {
    ("customers", "preferred_language"): "lv",
    ("handoffs", "kind"): "complaint",
    ("facts", "valid_until"): None,
    ("extension_requests", "instalments"): None,
}


def value(column: Column, number: int) -> Any:
    """What row `number` holds in a column: another value in each row, the same where one column refers to another."""
    for reference in column.foreign_keys:
        return value(reference.column, number)
    if (column.table.name, column.name) in GIVEN:
        return GIVEN[column.table.name, column.name]
    if (column.table.name, column.name) == ("events", "sender_id"):
        return f"conversation {number % 2}"  # two that were held at the same time
    kind = column.type.python_type
    if kind in OF_TYPE:
        return OF_TYPE[kind]
    return Decimal(number) if kind is Decimal else kind(number)


def tables(connection: Connection) -> list[Table]:
    """All tables as they are in the database, the ones that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in NO_DATA]


def rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)


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
    """Make a database as it was in a revision, with rows in every table; gives the tables with their rows."""
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


def test_every_table_has_been_tried(empty: str) -> None:
    assert set(released(empty, "head")) == set(Base.metadata.tables) - NO_DATA
