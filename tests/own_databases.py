"""A separate database for each test: on SQLite a copy of a file, on PostgreSQL a copy of a database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from needs import WATCH  # tests/needs.py
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.knowledge.fact_store import bring_in
from bot.knowledge.validation import load_folder
from bot.schema.upgrading import upgrade
from bot.storage.engine import engine_for, session_scope

# What a test with the mark `both_databases` runs on, one after the other; a test without it runs on the first, or on
# the one that `--database` asks for.
DATABASES = ("sqlite", "postgres")
OwnDatabase = Callable[[str], AbstractContextManager[str]]


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
