"""Our own desk and Messenger: what people say comes once and in order, and they get what is written to them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.desk_deliveries import (
    _delivered,
    deliver,
    give_back_to_assistant,
    give_to_a_person,
    is_held,
    key_of,
    whose,
)
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.sending import WINDOW, WINDOW_OF_PEOPLE, window_of
from bot.desk.claiming import claim
from bot.desk.desk_events import agent_said, events_after
from bot.desk.kinds import DeskEventKind
from bot.handoff.handoff_requests import Origin, request_person
from bot.settings.channels import MESSENGER_INBOX_APP
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = pytest.mark.usefixtures("database")
ANNA, AGENT = "7000000001", 1
CONVERSATION = inbox.conversation_of(ANNA)


@pytest.fixture(autouse=True)
def _no_other_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads are passed to no other app, so people answer here."""
    monkeypatch.setenv(MESSENGER_INBOX_APP.name, "")


def write(text: str) -> None:
    now = datetime.now(UTC)
    inbox.take([Incoming(text, ANNA, MessengerEventKind.TEXT, now, {"text": text})], now - inbox.SETTLE)


def next_task() -> Task:
    task = inbox.begin_next(ANNA, datetime.now(UTC) + timedelta(seconds=1))
    assert task is not None
    return task


@pytest.fixture
def taken() -> Reference:
    """Anna has asked for a person, and one has come."""
    write("A person, please")
    outcomes.finish(next_task().id)
    with session_scope() as session:
        reference = request_person(session, Origin(CONVERSATION, "messenger", "en"))
        claim(session, reference, AGENT, "Ilze")
    return reference


def heard() -> list[str]:
    with session_scope() as session:
        found = events_after(session, 0, conversation_id=CONVERSATION, kinds={DeskEventKind.CUSTOMER_SAID})
    return [event.text or "" for event in found]


@pytest.mark.both_databases
def test_what_the_desk_says_comes_once_and_in_order(taken: Reference) -> None:
    assert _delivered() == 0  # nothing is there yet, and the desk's events are young
    with session_scope() as session:
        agent_said(session, taken, AGENT, "Hello!", "a1")
        request_person(session, Origin("another", "web", "en"))
        agent_said(session, taken, AGENT, "How can I help?", "a2")
    number, is_new = deliver(0)
    assert is_new
    assert deliver(number) == (number, False)
    deliver(0)  # another server, which knows of nothing
    said = []
    while task := inbox.begin_next(ANNA, datetime.now(UTC) + timedelta(seconds=1)):
        said.append(task.content)
        outcomes.finish(task.id)
    assert said == [{"happened": "taken", "name": "Ilze"}, {"text": "Hello!"}, {"text": "How can I help?"}]
    assert _delivered() == number


def test_a_person_gets_what_is_written_and_nothing_is_answered(taken: Reference) -> None:
    write("Hello?")
    task = next_task()
    assert give_to_a_person(CONVERSATION, "Hello?", key_of(task), is_urgent=False)
    outcomes.keep_replies(task.id, [{"message": {"text": "x", "metadata": ""}}], whose(task, is_urgent=False))
    assert (heard(), outcomes.unsent(task.id)) == (["Hello?"], [])


def test_a_reply_in_flight_is_dropped(taken: Reference) -> None:
    write("Hello?")
    task = next_task()
    outcomes.keep_replies(task.id, [{"message": {"text": "x", "metadata": ""}}], whose(task, is_urgent=False))
    assert (heard(), outcomes.unsent(task.id)) == (["Hello?"], [])


def test_the_assistant_answers_again_when_it_is_asked_for(taken: Reference) -> None:
    give_back_to_assistant(CONVERSATION)
    assert not is_held(CONVERSATION)
    write("Hello?")
    task = next_task()
    outcomes.keep_replies(task.id, [{"message": {"text": "x", "metadata": ""}}], whose(task, is_urgent=False))
    assert (heard(), len(outcomes.unsent(task.id))) == ([], 1)


def test_what_people_write_may_come_for_seven_days(taken: Reference) -> None:
    with session_scope() as session:
        agent_said(session, taken, AGENT, "Hello!", "a1")
    deliver(0)
    windows = []
    while task := inbox.begin_next(ANNA, datetime.now(UTC) + timedelta(seconds=1)):
        windows.append(window_of(task))
        outcomes.finish(task.id)
    assert windows == [WINDOW, WINDOW_OF_PEOPLE]  # that somebody has come, and what they say
