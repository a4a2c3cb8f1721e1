"""Work that only one process does at a time, on whichever machine."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from bot.settings import settings
from bot.storage.engine import engine_for, take_your_time


@contextmanager
def alone(work: str) -> Iterator[None]:
    """Within the block, no other process that shares the PostgreSQL database is in a block of the same name.

    An advisory lock, which ends with its connection, so nobody waits for a process that has died. On SQLite nothing is
    locked: its file belongs to one machine, where one `bot serve` runs.
    """
    engine = engine_for(settings().database_url)
    if engine.dialect.name != "postgresql":
        yield
        return
    key = int.from_bytes(hashlib.sha256(work.encode()).digest()[:8], "big", signed=True)
    with engine.begin() as connection:
        take_your_time(connection)
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        yield
