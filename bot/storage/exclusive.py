"""Mutual exclusion between processes, also on different machines."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import text

from bot.settings import settings
from bot.storage.engine import engine_for, take_your_time


@contextmanager
def alone(work: str) -> Iterator[None]:
    """Within the block, no other process that shares the database runs a block of the same name.

    On PostgreSQL an advisory lock, on SQLite a lock of a file: both end with the process that holds them, so nobody
    waits for one that has died. Two parts that are started by hand at once would otherwise both create the tables.
    """
    engine = engine_for(settings().database_url)
    if engine.dialect.name != "postgresql":
        # Beside the database: a name in a folder that everybody may write to could be a link of somebody else's.
        with _locked_file(Path(f"{engine.url.database}.{work}.lock")) if engine.url.database else nullcontext():
            yield
        return
    key = int.from_bytes(hashlib.sha256(work.encode()).digest()[:8], "big", signed=True)
    with engine.begin() as connection:
        take_your_time(connection)
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        yield


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    """An exclusive lock on a file, which is made where it is missing and stays, empty."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
