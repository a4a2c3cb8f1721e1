"""A separate database for each test: on SQLite a copy of a file, on PostgreSQL a copy of a database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from needs import WATCH  # tests/needs.py
from sqlalchemy import text
from sqlalchemy.engine import Engine, make_url

from bot.knowledge.fact_store import bring_in
from bot.knowledge.validation import load_folder
from bot.schema.upgrading import upgrade
from bot.storage.engine import engine_for, session_scope

# What a test with the mark `both_databases` runs on, one after the other; a test without it runs on the first, or on
# the one that `--database` asks for.
DATABASES = ("sqlite", "postgres")
OwnDatabase = Callable[[str], AbstractContextManager[str]]
Make = Callable[[str], None]  # changes the database at a URL


def fill(url: str) -> None:
    """Create the newest schema and load the facts of the files."""
    upgrade(url)
    with session_scope(url) as session:
        bring_in(session, load_folder())
    engine_for(url).dispose()


@contextmanager
def sqlite_copy(filled: Path, folder: Path) -> Iterator[str]:
    """A context with the URL of a copy of an SQLite file, in a folder."""
    path = folder / "assistant.db"
    shutil.copy(filled, path)
    url = f"sqlite:///{path}"
    yield url
    engine_for(url).dispose()


class MadeOnce:
    """States in which many tests begin: on SQLite each is made once and copied, which takes a hundredth of the time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, dict[Make, Path]()

    def __call__(self, url: str, make: Make) -> None:
        """Bring a test's own database, to which nobody is connected, into a state.

        Args:
            make: makes it from the facts of the files.
        """
        own = make_url(url)
        if own.get_backend_name() != "sqlite":
            make(url)
        elif make in self._made:
            shutil.copy(self._made[make], str(own.database))
        else:
            make(url)
            engine_for(url).dispose()  # the last connection that is closed empties SQLite's write-ahead log
            self._made[make] = Path(shutil.copy(str(own.database), self._folder / f"{len(self._made)}.db"))


@contextmanager
def postgres_copy(server: Engine, name: str, of: str = "postgres") -> Iterator[str]:
    """A context with the URL of a copy of one of the server's databases; no client may be connected to the original."""
    WATCH.use("postgres")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {of}"))
    url = str(server.url.set(database=name))
    yield url
    engine_for(url).dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
