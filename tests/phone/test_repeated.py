"""A retried message is recognised by its id (idempotency key), or, for gateways that change it, by its text."""

from datetime import UTC, datetime, timedelta

import pytest
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy import update

from bot.channels.phone import repeated
from bot.channels.phone.gateway_messages import Answer, CallEventKind, Heard, SpokenText
from bot.channels.phone.models import PhoneTurn
from bot.storage.engine import session_scope

ANSWER = Answer((SpokenText("Jā?", "lv"),), "lv")


def heard(message_id: str, content: str = "") -> Heard:
    return Heard("call", CallEventKind.SPEECH, message_id, content=content)


def long_ago(**columns: timedelta) -> None:
    """Move recorded events back in time."""
    with session_scope() as session:
        session.execute(update(PhoneTurn).values({name: datetime.now(UTC) - ago for name, ago in columns.items()}))


def answered(message: Heard) -> None:
    assert repeated.begin("conversation", message) is None
    repeated.end("conversation", repeated.key_of(message.id or ""), ANSWER)


@pytest.mark.parametrize("message_id", ["1", "x" * 1000, "\0\ud800"])
def test_the_same_id_gets_the_same_answer(database: OwnDatabase, message_id: str) -> None:
    answered(heard(message_id))
    long_ago(answered_at=timedelta(hours=1))
    turn = repeated.begin("conversation", heard(message_id))
    assert turn
    assert turn.answer == ANSWER


def test_the_same_words_with_another_id_are_the_same_message_while_it_is_answered(database: OwnDatabase) -> None:
    assert repeated.begin("conversation", heard("1", "jā")) is None
    turn = repeated.begin("conversation", heard("2", "jā"))
    assert turn
    assert (turn.message_id, turn.answer, turn.is_abandoned) == (repeated.key_of("1"), None, False)


@pytest.mark.parametrize(
    ("seconds", "content", "conversation"), [(3, "jā", "conversation"), (0, "nē", "conversation"), (0, "jā", "another")]
)
def test_other_words_another_call_and_later_ones_are_new(
    database: OwnDatabase, seconds: int, content: str, conversation: str
) -> None:
    answered(heard("1", "jā"))
    long_ago(answered_at=timedelta(seconds=seconds))
    assert repeated.begin(conversation, heard("2", content)) is None


def test_the_same_words_after_others_are_new(database: OwnDatabase) -> None:
    for message_id, content in (("1", "jā"), ("2", "nē")):
        answered(heard(message_id, content))
    assert repeated.begin("conversation", heard("3", "jā")) is None


def test_words_whose_server_has_died_are_answered(database: OwnDatabase) -> None:
    assert repeated.begin("conversation", heard("1", "jā")) is None
    long_ago(began_at=timedelta(minutes=1))
    assert repeated.begin("conversation", heard("2", "jā")) is None
