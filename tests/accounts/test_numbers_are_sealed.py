"""What is given as a contract number may be a phone number or a personal code, so it is never stored in clear text."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.engine import make_url

from bot.accounts.dialogue import Dialogue
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.sql_source import SqlAccountSource
from bot.accounts.utterance import Utterance
from bot.accounts.verification import Verification
from bot.accounts.verification_models import AccountDialogue
from bot.schema.database_backup import back_up
from bot.storage.engine import engine_for, session_scope

TODAY = date(2020, 3, 25)
NOBODYS = ("26123456", "12038012345", "90019999999")  # a phone, a personal code without hyphen, an unknown contract
KNOWN = "90010000033"
both = pytest.mark.both_databases


def begun(number: str, *, by_ear: bool = False) -> None:
    """A dialogue in which a number was given."""
    with session_scope() as session:
        dialogue = Dialogue(
            session,
            SqlAccountSource(),
            Delivery(None, None),
            lambda code, language, recipient: CodeMessage(recipient, "", code),
            "c",
            lambda: datetime.now(UTC),
        )
        dialogue.begin("check_invoice", Utterance(f"mans numurs ir {number}", "lv", by_ear=by_ear), TODAY)


def held(url: str) -> Iterator[str]:
    """Every value of every table that is about a conversation, as stored."""
    found = MetaData()
    with engine_for(url).connect() as connection:
        found.reflect(connection)
        for name in ("account_dialogues", "opened_accounts", "verification_codes", "verification_locks"):
            yield from (str(value) for row in connection.execute(select(found.tables[name])) for value in row)


@both
@pytest.mark.parametrize("by_ear", [False, True])
@pytest.mark.parametrize("number", NOBODYS)
def test_no_table_holds_what_was_given(database: str, number: str, by_ear: bool) -> None:
    begun(number, by_ear=by_ear)
    assert not [value for value in held(database) if number in value]


@both
def test_no_table_of_conversations_holds_the_number_of_an_open_account(database: str) -> None:
    with session_scope() as session:
        Verification(session).open(KNOWN, "c")
    assert not [value for value in held(database) if KNOWN in value]


@both
@pytest.mark.usefixtures("database")
def test_a_dialogue_knows_what_was_given() -> None:
    begun(NOBODYS[0])
    with session_scope() as session:
        assert session.get(AccountDialogue, "c").contract_number == NOBODYS[0]


@both
@pytest.mark.usefixtures("database")
def test_with_another_key_a_dialogue_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun(NOBODYS[0])
    monkeypatch.setenv("BOT_SIGNING_KEY", "another key, with which nothing of before can be opened")
    with session_scope() as session:
        dialogue = Dialogue(session, SqlAccountSource(), Delivery(None, None), lambda *_: CodeMessage("", "", ""), "c")
        step = dialogue.go_on(Utterance("123456", "lv"), TODAY)
    assert [said.key for said in step.replies] == ["utter_account_begin_again"]


@both
@pytest.mark.usefixtures("database")
def test_with_another_key_no_account_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with session_scope() as session:
        Verification(session).open(KNOWN, "c")
    monkeypatch.setenv("BOT_SIGNING_KEY", "another key, with which nothing of before can be opened")
    with session_scope() as session:
        verification = Verification(session)
        assert (verification.opened("c"), verification.look("c").contracts) == ([], frozenset())


@pytest.mark.sqlite_only
@pytest.mark.parametrize("number", NOBODYS)
def test_neither_the_file_nor_a_backup_holds_what_was_given(database: str, number: str, tmp_path: Path) -> None:
    begun(number)
    backup = tmp_path / "backup.db"
    back_up(database, backup)
    there = Path(make_url(database).database)
    files = [backup, *there.parent.glob(f"{there.name}*")]
    assert not [file for file in files if number.encode() in file.read_bytes()]
