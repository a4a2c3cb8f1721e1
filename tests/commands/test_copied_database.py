"""A copy of the SQLite file alone is no backup (docs/deployment.md): what was written last stands beside it."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.knowledge.emergency_events import end
from bot.schema.database_backup import back_up
from bot.storage.engine import session_scope

pytestmark = pytest.mark.sqlite_only


def ended_on(path: Path) -> str | None:
    """The last day of the emergency that a database file knows."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT ended_on FROM emergency_events WHERE id = 'emergency'").fetchone()
    return str(row[0]) if row and row[0] else None


def test_a_copy_of_the_file_lacks_what_a_backup_has(database: str, tmp_path: Path) -> None:
    copied, backup = tmp_path / "copied.db", tmp_path / "backup.db"
    with session_scope(database) as session:
        end(session, date(2020, 6, 9), "operator")
    shutil.copy(make_url(database).database, copied)
    back_up(database, backup)
    assert (ended_on(copied), ended_on(backup)) == (None, "2020-06-09")
