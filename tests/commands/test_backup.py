"""Backup and restore of both databases with the real programs restore exactly what was there."""

import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from needs import needs  # tests/needs.py
from own_databases import fill  # tests/own_databases.py
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import make_url

from bot.accounts.demo import load_demo
from bot.desk.models import Handoff
from bot.rasa.local_assistant import LocalAssistant
from bot.schema.database_backup import BackupError, back_up, restore
from bot.settings import PROJECT
from bot.storage.engine import engine_for, session_scope
from harness.topology.services import PASSWORD, postgres

NUMBERS = count(1)
TABLES = 10  # at least


@pytest.fixture(scope="module")
@needs("postgres")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's PostgreSQL, for which Debian's pg_dump is made; with a password."""
    folder = tmp_path_factory.mktemp("debian")
    for each in (folder, *folder.parents[:3]):
        each.chmod(0o755)  # root's PostgreSQL runs as another user
    part, url = postgres(folder / "postgres")
    part.start()
    part.wait()
    fill(url)
    yield url
    part.kill()


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with facts, customers and requests, by its URL."""
    if request.param == "postgres":
        url = new_postgres(request, "postgres")
    else:
        shutil.copy(request.getfixturevalue("filled_database"), tmp_path / "assistant.db")
        url = f"sqlite:///{tmp_path / 'assistant.db'}"
    with session_scope(url) as session:
        load_demo(session)
        session.add_all(request_of(name) for name in ("one", "two"))
    yield url
    engine_for(url).dispose()


@pytest.fixture
def other(request: pytest.FixtureRequest, filled: str, tmp_path: Path) -> str:
    """An empty database of the same kind."""
    kind = make_url(filled).get_backend_name()
    return new_postgres(request) if kind == "postgresql" else f"sqlite:///{tmp_path / 'other.db'}"


def new_postgres(request: pytest.FixtureRequest, template: str = "template1") -> str:
    server = make_url(request.getfixturevalue("server"))
    name = f"backup_{next(NUMBERS)}"
    with create_engine(server.set(database="template1"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return str(server.set(database=name).render_as_string(hide_password=False))


def request_of(conversation: str) -> Handoff:
    return Handoff(
        reference=f"EL-{next(NUMBERS):08}",
        kind="person",
        conversation_id=conversation,
        channel="web",
        language="lv",
        created_at=datetime.now(UTC),
    )


def content(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {name: sorted(map(str, connection.execute(table.select()))) for name, table in tables.tables.items()}
    engine.dispose()
    return rows


def damage(url: str) -> None:
    with session_scope(url) as session:
        session.execute(text("DELETE FROM handoffs"))
        session.execute(text("DROP TABLE payments"))
        session.execute(text("CREATE TABLE of_somebody_else (id INTEGER)"))


def bot(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command, environment = [sys.executable, "-m", "bot.cli", *arguments], {**os.environ, "DATABASE_URL": url}
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def test_what_was_damaged_is_as_it_was(filled: str, tmp_path: Path) -> None:
    before = content(filled)
    file = str(tmp_path / "backup")
    made = bot(filled, "backup", file)
    damage(filled)
    brought_back = bot(filled, "restore", file, "--force")
    assert (made.returncode, brought_back.returncode, len(before) > TABLES) == (0, 0, True), brought_back.stderr
    assert content(filled) == before


def test_a_backup_goes_into_an_empty_database(filled: str, other: str, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    assert content(other) == content(filled)


def test_ids_go_on_after_a_restore(filled: str, other: str, tmp_path: Path) -> None:
    """PostgreSQL counts them in sequences, which must come back too."""
    back_up(filled, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    with session_scope(other) as session:
        session.add(request_of("three"))
    assert len(content(other)["handoffs"]) == 3


def test_a_backup_is_of_one_moment_while_the_database_is_in_use(filled: str, other: str, tmp_path: Path) -> None:
    """Requests are recorded in pairs; a backup contains both of a pair or none."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with session_scope(filled) as session:
                session.add(request_of("pair"))
                session.flush()
                time.sleep(0.01)
                session.add(request_of("pair"))

    writer = threading.Thread(target=write)
    writer.start()
    while len(content(filled)["handoffs"]) < 10:
        time.sleep(0.05)
    back_up(filled, tmp_path / "backup")
    over.set()
    writer.join()
    restore(other, tmp_path / "backup")
    found = len(content(other)["handoffs"])
    assert (found >= 10, found % 2) == (True, 0)


def test_only_its_owner_may_read_a_backup(filled: str, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_no_argument_of_a_program_holds_the_password(filled: str, tmp_path: Path) -> None:
    """Command-line arguments are visible to every user of the machine."""
    seen = tmp_path / "seen"
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (programs / name).write_text(f'#!/bin/sh\necho "$0 $*" >> {seen}\nexec /usr/bin/{name} "$@"\n')
        (programs / name).chmod(0o755)
    seen.touch()
    path = f"{programs}:{os.environ['PATH']}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)
        back_up(filled, tmp_path / "backup")
        restore(filled, tmp_path / "backup", force=True)
    called = seen.read_text().splitlines()
    wanted = 3 if filled.startswith("postgresql") else 0
    assert (len(called), any(PASSWORD in line for line in called)) == (wanted, False)


def test_nothing_is_written_over(filled: str, other: str, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    before = content(filled)
    with pytest.raises(BackupError, match="exists already"):
        back_up(filled, tmp_path / "backup")
    with pytest.raises(BackupError, match="not empty; --force"):
        restore(filled, tmp_path / "backup")
    assert content(filled) == before


@pytest.mark.parametrize("damaged", [b"", b"nonsense" * 100, None], ids=["empty", "something else", "cut off"])
def test_what_is_no_backup_changes_nothing(filled: str, tmp_path: Path, damaged: bytes | None) -> None:
    file, before = tmp_path / "backup", content(filled)
    back_up(filled, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] if damaged is None else damaged)
    with pytest.raises(BackupError):
        restore(filled, file, force=True)
    assert content(filled) == before


def test_a_database_that_is_gone_leaves_no_file(tmp_path: Path) -> None:
    urls = ["postgresql+psycopg2://somebody@127.0.0.1:1/nothing", f"sqlite:///{tmp_path / 'nothing.db'}"]
    for url in urls:
        with pytest.raises(BackupError):
            back_up(url, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
async def test_the_assistant_answers_from_a_restored_database(
    loaded: LocalAssistant, filled: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_AS_OF", "2020-03-25")
    monkeypatch.setenv("DATABASE_URL", filled)
    loaded.restart()
    await loaded.say("Vai muzejs Ķegumā ir slēgts?")
    back_up(filled, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    monkeypatch.setenv("DATABASE_URL", other)
    said = await loaded.say("cik ilgi?")  # understandable only with the previous message
    assert "S26" in said["rows"]  # the museum, and not only the centres
