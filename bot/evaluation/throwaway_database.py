"""A database of its own for a measurement: what operators published in theirs must not change a figure."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.server.preparation import prepare_database
from bot.settings.servers import DATABASE_URL


@contextmanager
def throwaway_database(tell: Callable[[str], None]) -> Iterator[str]:
    """The URL of a prepared database, which this process uses from now on; it is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/measured.db"
        DATABASE_URL.put(database)
        prepare_database(tell)
        yield database
