"""`bot privacy` as an operator sees it."""

import re
import time

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.accounts import setup
from bot.accounts.demo import load_demo
from bot.accounts.verification import Verification
from bot.cli import app
from bot.schema.tables import ConversationEvent
from bot.storage.engine import session_scope

CUSTOMER, CONTRACT = "1", "90010000011"


@pytest.fixture(autouse=True)
def _talked(database: str) -> None:
    """A conversation in which demo customer 1 was proven."""
    setup.account_source.cache_clear()
    with session_scope() as session:
        load_demo(session)
        session.add(ConversationEvent(sender_id="hers", position=0, type_name="user", timestamp=0.0, data="{}"))
        Verification(session).open(CONTRACT, "hers")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def kept() -> list[str]:
    with session_scope() as session:
        return list(session.execute(select(ConversationEvent.sender_id)).scalars())


@pytest.mark.parametrize(
    "whom",
    [
        ("--conversation", "hers"),
        ("--customer", CUSTOMER),
        ("--contract", CONTRACT),
        ("--contract", "9001 0000 011"),
        ("--contract", "9001-0000-011"),
    ],
    ids=" ".join,
)
def test_somebody_is_forgotten(whom: tuple[str, str]) -> None:
    status, output = run("privacy", "forget", *whom)
    assert (status, kept()) == (0, [])
    assert "events" in output


@pytest.mark.parametrize("age", ["1h", "30d", "4w", " 30d "])
def test_a_purge_takes_what_is_old(age: str) -> None:
    status, _ = run("privacy", "purge", "--older-than", age)
    assert (status, kept()) == (0, [])


@pytest.mark.parametrize(("hours", "left"), [(47, ["hers"]), (49, [])])
def test_a_purge_leaves_what_is_younger(hours: int, left: list[str]) -> None:
    with session_scope() as session:
        session.execute(update(ConversationEvent).values(timestamp=time.time() - hours * 3600))
    run("privacy", "purge", "--older-than", "2d")
    assert kept() == left


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("forget",), "one of --conversation, --customer, --contract"),
        (("forget", "--conversation", "hers", "--customer", "1"), "one of --conversation, --customer, --contract"),
        (("forget", "--customer", "999"), "There is no customer '999'"),
        (("forget", "--customer", "Anna"), "There is no customer 'Anna'"),
        (("purge", "--older-than", "soon"), "'soon' is no age"),
        (("purge", "--older-than", "0d"), "'0d' is no age"),
        (("purge", "--older-than", "-3d"), "'-3d' is no age"),
        (("purge", "--older-than", "30m"), "'30m' is no age"),
        (("purge", "--older-than", "0.5h"), "'0.5h' is no age"),
        (("purge", "--older-than", ""), "'' is no age"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_erased(arguments: tuple[str, ...], said: str) -> None:
    status, output = run("privacy", *arguments)
    assert (status, kept()) == (1, ["hers"])
    assert said in " ".join(output.split())


def test_nothing_to_erase_is_said() -> None:
    status, output = run("privacy", "forget", "--conversation", "nobody's")
    assert (status, "Nothing was there to erase" in output) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "row"),
    [
        (("forget", "--customer", CUSTOMER), r"forget customer +│ [0-9a-f]{24} +│ 1 events, .*1 opened_accounts"),
        (("forget", "--conversation", "nobody's"), r"forget conversation +│ [0-9a-f]{24} +│ none"),
        (("purge", "--older-than", "30d"), r"purge +│ 30d +│ 1 events"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_log_shows_what_was_done(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], row: str) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    run("privacy", *arguments)
    _, output = run("privacy", "log")
    assert re.search(row, output)


def test_the_log_says_who_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("LOGNAME", "[b]inese[/b]")
    run("privacy", "forget", "--conversation", "hers")
    _, output = run("privacy", "log")
    assert "[b]inese[/b]" in output


def test_the_log_does_not_say_of_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    run("privacy", "forget", "--contract", CONTRACT)
    _, output = run("privacy", "log")
    assert CONTRACT not in output


def test_a_database_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
    status, output = run("privacy", "purge", "--older-than", "30d")
    assert (status, "cannot be used" in output, "Traceback" in output) == (1, True, False)
