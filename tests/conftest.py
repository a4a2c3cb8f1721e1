"""Shared fixtures: a database per test, and the assistant in this process."""

import gc
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from needs import needs  # tests/needs.py
from own_databases import DATABASES, MadeOnce, OwnDatabase, fill, postgres_copy, sqlite_copy
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from bot.native_threads import wait_asleep
from bot.rasa.without_tensorflow import leave_out_tensorflow
from bot.storage.engine import session_scope
from bot.training.trained_model import model_path
from harness.served import SERVED_ON
from harness.throwaway_postgres import postgres
from harness.throwaway_rabbitmq import RabbitServer, rabbitmq_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from bot.rasa.local_assistant import LocalAssistant

pytest_plugins = ["marks_of_needs", "shared_servers"]  # tests/marks_of_needs.py, tests/shared_servers.py
leave_out_tensorflow()  # as our servers do, before a test's module loads Rasa
wait_asleep()  # before a test's module loads scikit-learn
# Deterministic examples, and no deadline for each: these machines are noisy.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database`, for the suite on one database."""
    parser.addoption(
        "--database", choices=DATABASES, help="Run all that needs a database on this one, served assistants too."
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use `database` on the requested one, or, if marked `both_databases`, on each."""
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        chosen = metafunc.config.getoption("--database")
        kinds = (chosen,) if chosen else DATABASES if marked("both_databases") else DATABASES[:1]
        kinds = DATABASES[:1] if marked("sqlite_only") else kinds
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _served_on(request: pytest.FixtureRequest) -> None:
    """Make running assistants use the requested kind of database too."""
    if request.config.getoption("--database") == "postgres":
        os.environ[SERVED_ON] = str(request.getfixturevalue("filled_postgres").url)


@pytest.hookimpl(tryfirst=True)  # before marks_of_needs.py looks at marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests that download programs, unless requested; mark those that run on PostgreSQL."""
    if "audit" not in config.getoption("markexpr"):
        items[:] = [item for item in items if not item.get_closest_marker("audit")]
    for item in items:
        parameters = getattr(item, "callspec", None)
        if "postgres" in (config.getoption("--database"), *(parameters.params.values() if parameters else ())):
            item.add_marker("postgres")


def pytest_collection_finish() -> None:
    """Exclude what is loaded by now (Rasa, all tests) from garbage collection, which took a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and the facts of the files; copied for each test."""
    path = tmp_path_factory.mktemp("database") / "filled.db"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
@needs("postgres")
def filled_postgres() -> Iterator[Engine]:
    """A PostgreSQL server, started when a test first asks; its database `postgres` is filled, to be copied."""
    with postgres(durable=False) as url:
        fill(url)
        # No connection may be open to the copied database.
        engine = create_engine(make_url(url).set(database="template1"), isolation_level="AUTOCOMMIT")
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def own_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OwnDatabase:
    """A context manager for the URL of a filled database of a kind of `DATABASES`; most tests use `database`."""
    numbers = count()

    def own(kind: str) -> AbstractContextManager[str]:
        if kind == "postgres":
            return postgres_copy(request.getfixturevalue("filled_postgres"), f"own_{next(numbers)}")
        return sqlite_copy(request.getfixturevalue("filled_database"), tmp_path_factory.mktemp("own"))

    return own


@pytest.fixture(scope="session")
@needs("rabbitmq")
def rabbit_server() -> Iterator[RabbitServer]:
    """A RabbitMQ, started when a test first asks."""
    with rabbitmq_server() as running:
        yield running


@pytest.fixture(scope="session")
def main_database(request: pytest.FixtureRequest) -> str:
    """The kind of database for shared fixtures."""
    return str(request.config.getoption("--database") or DATABASES[0])


@pytest.fixture
def database(
    request: pytest.FixtureRequest, own_database: OwnDatabase, main_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of this test's own database, also set as DATABASE_URL."""
    with own_database(getattr(request, "param", main_database)) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Brings a test's `database` into a state that other tests begin in too."""
    return MadeOnce(tmp_path_factory.mktemp("made-once"))


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session on this test's database, in one transaction."""
    with session_scope(database) as session:
        yield session


@pytest.fixture(autouse=True)
def _no_leftovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees a date, a port, a Redis or an environment set outside."""
    variables = ("BOT_AS_OF", "BOT_PORT", "BOT_ACTION_PORT", "BOT_HOST", "REDIS_URL", "SANIC_WORKERS", "ENVIRONMENT")
    for name in variables:
        monkeypatch.delenv(name, raising=False)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


@pytest.fixture(scope="session")
@needs("model")
def loaded() -> "LocalAssistant":
    """The assistant in this process, with the model as it is trained now; loaded once."""
    model = model_path()
    assert model.is_file(), "There is no model for the present data; train it with 'bot train'."
    from bot.rasa.local_assistant import LocalAssistant  # imports Rasa, which takes seconds

    return LocalAssistant(model)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """The browser's errors (`chat.new_chat`): there must be none at the end of a test."""
    complaints: list[str] = []
    yield complaints
    assert not complaints


# Per file, not per session: while Playwright runs, its event loop breaks asynchronous tests.
@pytest.fixture(scope="module")
@needs("browser")
def browser() -> "Iterator[Browser]":
    """Debian's headless Chromium."""
    from harness.browser import chromium

    with chromium() as browser:
        yield browser
