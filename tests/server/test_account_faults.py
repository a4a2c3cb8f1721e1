"""The database fails in the middle of the account form: the customer is told in time, and the form continues later."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import cycle

import pytest
from needs import needs  # tests/needs.py
from promised_time import PromisedTime  # tests/promised_time.py
from running import Running, start  # tests/running.py
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from harness.throwaway_postgres import postgres

pytestmark = [pytest.mark.server, pytest.mark.serial]
IN_TIME = 3.0  # seconds
SLOW = 5.0
NAME = "served"
# Demo customers with a phone. One gets at most 5 codes an hour, so each test asks for another.
CONTRACTS = cycle(["90010000011", "90010000022", "90010000033", "90010000055", "90010000066", "90010000077"])
OPENED = "Par adresi"  # the beginning of every account answer
Fault = Callable[[Engine], AbstractContextManager[None]]


@contextmanager
def gone(server: Engine) -> Iterator[None]:
    """New connections are refused and existing ones are terminated."""
    _set(server, f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")
    yield
    _set(server, f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS true")


@contextmanager
def read_only(server: Engine) -> Iterator[None]:
    _set(server, f"ALTER DATABASE {NAME} SET default_transaction_read_only = on")
    yield
    _set(server, f"ALTER DATABASE {NAME} RESET default_transaction_read_only")


def slow(*tables: str) -> Fault:
    """A context in which the tables are locked."""

    @contextmanager
    def waiting(server: Engine) -> Iterator[None]:
        engine = create_engine(server.url.set(database=NAME))
        with engine.begin() as connection:
            connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"))
            yield
        engine.dispose()

    return waiting


def _set(server: Engine, command: str) -> None:
    """Change the database, and terminate connections so that clients reconnect with the change."""
    with server.connect() as connection:
        connection.execute(text(command))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(others), {"name": NAME})


@pytest.fixture(scope="module")
@needs("postgres")
def server() -> Iterator[Engine]:
    with postgres(durable=False) as url:
        engine = create_engine(make_url(url).set(database="template1"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {NAME} TEMPLATE postgres"))
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def on_postgres(server: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    url = str(server.url.set(database=NAME))
    running = start(tmp_path_factory.mktemp("postgres"), DATABASE_URL=url, BOT_AS_OF="2020-03-25")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("sqlite")
    running = start(folder, DATABASE_URL=f"sqlite:///{folder / 'served.db'}", BOT_AS_OF="2020-03-25")
    yield running
    running.stop()


def waits_for_code(running: Running) -> tuple[str, str]:
    """A session in which the form waits for a code, and the code."""
    session, outbox = running.session(), running.outbox()
    running.ask(f"Cik es esmu parādā? Līguma numurs ir {next(CONTRACTS)}", session)
    return session, outbox.code()


def heard(running: Running, session: str, said: str) -> tuple[str, float]:
    """The answer, and after how many seconds."""
    with PromisedTime(running.process.pid) as took:
        replies = running.ask(said, session)
    return "\n".join(reply["text"] for reply in replies), took.seconds


FAULTS = [
    pytest.param(gone, id="gone"),
    pytest.param(read_only, id="read-only"),
    pytest.param(slow("account_dialogues"), id="accounts slow"),
    pytest.param(slow("events"), id="conversations slow"),
    pytest.param(slow("events", "account_dialogues", "contracts", "facts"), id="all slow"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_customer_hears_in_time_that_the_database_fails(on_postgres: Running, server: Engine, fault: Fault) -> None:
    session, code = waits_for_code(on_postgres)
    with fault(server):
        answer, seconds = heard(on_postgres, session, code)
    assert "8400" in answer
    assert OPENED not in answer
    assert seconds < IN_TIME


@pytest.mark.parametrize("fault", FAULTS)
def test_the_form_goes_on_when_the_database_is_back(on_postgres: Running, server: Engine, fault: Fault) -> None:
    session, code = waits_for_code(on_postgres)
    with fault(server):
        heard(on_postgres, session, code)
    answer, _ = heard(on_postgres, session, code)
    assert OPENED in answer


def test_a_locked_sqlite_file_is_heard_of_in_time_and_the_form_goes_on(on_sqlite: Running) -> None:
    session, code = waits_for_code(on_sqlite)
    path = str(make_url(on_sqlite.environment["DATABASE_URL"]).database)
    locked = threading.Event()

    def lock() -> None:
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            locked.set()
            time.sleep(SLOW)
            connection.execute("ROLLBACK")

    thread = threading.Thread(target=lock)
    thread.start()
    locked.wait()
    answer, seconds = heard(on_sqlite, session, code)
    thread.join()
    after, _ = heard(on_sqlite, session, code)
    assert ("8400" in answer, seconds < IN_TIME, OPENED in after) == (True, True, True)
