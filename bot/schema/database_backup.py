"""Backs the assistant's database up into one file while it is in use (online backup), and restores it.

SQLite with its online backup API; PostgreSQL with pg_dump, pg_restore and psql, no older than the server.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg2.extensions import make_dsn  # type: ignore[import-untyped]
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.engine.url import URL

from bot import deadlines
from bot.storage.engine import engine_for

SQLITE, POSTGRES = b"SQLite format 3\0", b"PGDMP"  # magic bytes of their backups
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


class BackupError(RuntimeError):
    """The backup or restore failed and changed nothing; the message says why and what to do."""


def back_up(url: str, path: Path) -> None:
    """Back a database up into a new file that only its owner may read (mode 600).

    It is a consistent snapshot. The file appears under its name only when it is complete.

    Raises:
        BackupError: the file exists or cannot be written, or the database cannot be read.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; give another name.")
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        _kind(url)[0](make_url(url), part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, path: Path, *, force: bool = False) -> None:
    """Replace a database's content by that of a backup: completely or, where anything fails, not at all.

    Args:
        force: replace what is in the database.

    Raises:
        BackupError: the database is not empty, or the file cannot be read or is not a backup of such a database.
    """
    begins = POSTGRES if _is_postgres(url) else SQLITE
    try:
        with path.open("rb") as file:
            beginning = file.read(len(begins))
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from error
    if beginning != begins:
        raise BackupError(f"{path} is not a backup of such a database.")
    # With an engine of its own: the pool must not keep a connection to the database that is replaced.
    if not force and inspect(engine_for(url)).get_table_names():
        raise BackupError("The database is not empty; --force replaces all that is in it.")
    engine_for(url).dispose()
    _kind(url)[1](make_url(url), path)


def _is_postgres(url: str) -> bool:
    return bool(make_url(url).get_backend_name() == "postgresql")


def _kind(url: str) -> tuple[Callable[[URL, Path], None], Callable[[URL, Path], None]]:
    """How such a database is backed up and restored."""
    return (_dump_postgres, _restore_postgres) if _is_postgres(url) else (_copy_sqlite, _restore_sqlite)


def _copy_sqlite(url: URL, path: Path) -> None:
    if not Path(url.database).is_file():
        raise BackupError(f"There is no database {url.database}.")
    with closing(sqlite3.connect(url.database)) as there, closing(sqlite3.connect(path)) as copy:
        there.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _restore_sqlite(url: URL, path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as backup:
            if backup.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError(f"{path} is damaged; nothing was changed.")
            with closing(sqlite3.connect(url.database)) as there:
                backup.backup(there)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} cannot be restored: {error}. Nothing was changed.") from error


def _dump_postgres(url: URL, path: Path) -> None:
    arguments, environment = _connection(url)
    dump = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={path}", arguments]
    done = subprocess.run(dump, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"pg_dump failed: {_plain(done.stderr)}")


def _restore_postgres(url: URL, path: Path) -> None:
    arguments, environment = _connection(url)
    script = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    load = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    load += [f"--command={EMPTY}", "--file=-", arguments]
    with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        # The whole script is read first: a truncated one must not be taken for a complete one.
        text, said = reading.communicate()
    if reading.returncode:
        raise BackupError(f"{path} cannot be read: {_plain(said.decode(errors='replace'))} Nothing was changed.")
    done = subprocess.run(load, env=environment, input=text, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"psql failed: {_plain(done.stderr.decode(errors='replace'))} Nothing was changed.")


def _connection(url: URL) -> tuple[str, dict[str, str]]:
    """An argument that names the database, and an environment with the password, which no argument may hold."""
    given: dict[str, Any] = url.get_dialect()().create_connect_args(url)[1]
    password = given.pop("password", None)
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={deadlines.BACKUP_LOCK}s"}
    return f"--dbname={make_dsn(**given)}", environment | ({"PGPASSWORD": str(password)} if password else {})


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed (Debian and Ubuntu: apt-get install postgresql-client).")
    return found


def _plain(said: str) -> str:
    """What a program of PostgreSQL's says, in one line; it names no passwords and no rows."""
    return " ".join(line for line in said.splitlines() if not line.startswith(("DETAIL", "CONTEXT", "LINE")))[:500]
