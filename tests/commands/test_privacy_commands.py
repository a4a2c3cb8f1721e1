"""`bot privacy` and `bot outbox` as an operator sees them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.accounts import setup
from bot.accounts.demo import load_demo
from bot.accounts.verification import Verification
from bot.cli import app
from bot.storage.engine import session_scope
from bot.storage.tables import ConversationEvent

CUSTOMER, CONTRACT = "1", "90010000011"


@pytest.fixture(autouse=True)
def _talked(database: str) -> None:
    """A conversation in which demo customer 1 was proven."""
    setup.account_source.cache_clear()
    with session_scope() as session:
        load_demo(session)
        session.add(ConversationEvent(sender_id="hers", type_name="user", timestamp=0.0, data="{}"))
        Verification(session).open(CONTRACT, "hers")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def kept() -> list[str]:
    with session_scope() as session:
        return list(session.execute(select(ConversationEvent.sender_id)).scalars())


@pytest.mark.parametrize(
    "whom", [("--conversation", "hers"), ("--customer", CUSTOMER), ("--contract", CONTRACT)], ids=lambda whom: whom[0]
)
def test_somebody_is_forgotten(whom: tuple[str, str]) -> None:
    status, output = run("privacy", "forget", *whom)
    assert (status, kept()) == (0, [])
    assert "events" in output


def test_a_purge_takes_what_is_old() -> None:
    status, _ = run("privacy", "purge", "--older-than", "30d")
    assert (status, kept()) == (0, [])


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
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_erased(arguments: tuple[str, ...], said: str) -> None:
    status, output = run("privacy", *arguments)
    assert (status, kept()) == (1, ["hers"])
    assert said in " ".join(output.split())


def test_nothing_to_erase_is_said() -> None:
    status, output = run("privacy", "forget", "--conversation", "nobody's")
    assert (status, "Nothing was there to erase" in output) == (0, True)


def test_the_log_shows_what_was_done() -> None:
    run("privacy", "forget", "--customer", CUSTOMER)
    _, output = run("privacy", "log")
    assert "forget customer" in " ".join(output.split())
    assert CONTRACT not in output


def test_a_database_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
    status, output = run("privacy", "purge", "--older-than", "30d")
    assert (status, "cannot be used" in output, "Traceback" in output) == (1, True, False)


@pytest.mark.parametrize("ending", ["", '{"at": "2026', "no json\n", "[]\n"])
def test_the_outbox_shows_the_latest_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(setup, "OUTBOX", tmp_path / "outbox.jsonl")
    lines = [json.dumps({"at": "now", "to": "+37120000001", "text": f"code {number}"}) for number in (1, 2, 3)]
    setup.OUTBOX.write_text("\n".join(lines) + "\n" + ending, encoding="utf-8")
    _, output = run("outbox", "--last", "2")
    assert ["code 1" in output, "code 2" in output, "code 3" in output] == [False, True, True]


def test_an_empty_outbox_says_what_that_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "OUTBOX", tmp_path / "outbox.jsonl")
    status, output = run("outbox")
    assert (status, "The outbox is empty" in output) == (0, True)
