"""Who gets a visitor's message: the assistant, or the person who holds the conversation; nothing is lost or doubled."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.buttons import Buttons
from bot.channels.intake import customer_text
from bot.channels.web import visitor_answering, web_turns
from bot.channels.web.desk_shown import desk_history, woven
from bot.channels.web.limits import limits
from bot.channels.web.visitor_answering import Answering, VisitorMessage
from bot.channels.web.visitors import Signer, Visitor
from bot.channels.whom_it_is_for import HeardMessage
from bot.desk.claiming import claim, give_back
from bot.desk.desk_events import DeskEvent, agent_said, events_after
from bot.desk.desk_requests import Request, of_conversation
from bot.desk.kinds import DeskEventKind
from bot.domain_names import Intent
from bot.handoff.handoff_requests import Origin, request_person
from bot.observing.current_turn import current_turn
from bot.replies.carried import utter_message_arguments
from bot.replies.reply import Reply
from bot.storage.engine import session_scope
from bot.words.reference import Reference

AGENT, NAME = 1, "Ilze"
Meanwhile = Callable[[], Awaitable[None] | None]


@pytest.fixture
def visitor(database: str) -> Visitor:
    signer = Signer("a key for tests that is long enough", web_turns.MINUTE)
    return signer.visitor(signer.session()) or pytest.fail("It is our own session.")


@pytest.fixture
def asked(visitor: Visitor) -> Reference:
    with session_scope() as session:
        return request_person(session, Origin(visitor.conversation, "web", "lv"))


def take_it(asked: Reference) -> Request:
    with session_scope() as session:
        return claim(session, asked, AGENT, NAME)


def answering(meanwhile: Callable[[], Any] = lambda: None, intent: str | None = None) -> Answering:
    """With an assistant that answers "Hello", and something that happens while it thinks."""

    async def handle(message: UserMessage) -> None:
        meanwhile()
        turn = current_turn()
        assert turn is not None
        turn.intent = intent
        await message.output_channel.send_response("", utter_message_arguments(Reply("Hello", language="lv")))

    async def read(_: str) -> None:
        return None

    return Answering(handle, read, Buttons(), limits())


async def sent(assistant: Answering, visitor: Visitor, text: str, message_id: str = "message-1") -> list[Any]:
    message = VisitorMessage(message_id, customer_text(text), text)
    return [event async for event in await assistant.take(visitor, message, "127.0.0.1")]


def at_desk(visitor: Visitor) -> list[DeskEvent]:
    with session_scope() as session:
        return events_after(session, 0, conversation_id=visitor.conversation, kinds={DeskEventKind.CUSTOMER_SAID})


def number_of(events: list[Any]) -> int | None:
    ((name, data),) = events
    assert name == "done"
    return data.get("number") if isinstance(data, dict) else None


@pytest.fixture(autouse=True)
def _quick_understanding(monkeypatch: pytest.MonkeyPatch) -> None:
    async def heard(said: Any) -> HeardMessage:
        return HeardMessage("fire" in said.text)

    monkeypatch.setattr(visitor_answering, "heard", heard)


@pytest.mark.both_databases
async def test_a_person_gets_what_is_written_while_they_hold_it(visitor: Visitor, asked: Reference) -> None:
    thought: list[int] = []
    assistant = answering(lambda: thought.append(1))
    assert [name for name, _ in await sent(assistant, visitor, "One", "message-1")] == ["reply", "done"]
    take_it(asked)
    two = number_of(await sent(assistant, visitor, "Two", "message-2"))
    again = number_of(await sent(assistant, visitor, "Two", "message-2"))
    assert [(event.text, event.number) for event in at_desk(visitor)] == [("Two", two)]
    assert (again, len(thought)) == (two, 1)


@pytest.mark.both_databases
async def test_a_reply_of_a_turn_in_flight_is_dropped(visitor: Visitor, asked: Reference) -> None:
    assistant = answering(lambda: take_it(asked), intent=Intent.REPORT_DANGER)
    number = number_of(await sent(assistant, visitor, "Fire!"))
    assert [(event.text, event.number, event.is_urgent) for event in at_desk(visitor)] == [("Fire!", number, True)]
    assert [content["replies"] for _, content in web_turns.history(visitor)] == [[]]


async def test_a_request_that_is_made_and_taken_within_the_turn_counts(visitor: Visitor) -> None:
    def ask_and_take() -> None:
        with session_scope() as session:
            reference = request_person(session, Origin(visitor.conversation, "web", "lv"))
        take_it(reference)

    assert number_of(await sent(answering(ask_and_take), visitor, "A person!"))


async def test_danger_is_flagged_and_the_assistant_says_nothing(visitor: Visitor, asked: Reference) -> None:
    take_it(asked)
    assert number_of(await sent(answering(), visitor, "There is a fire"))
    with session_scope() as session:
        (request,) = of_conversation(session, visitor.conversation)
    assert [event.is_urgent for event in at_desk(visitor)] == [True]
    assert request.priority


async def test_the_assistant_answers_again_when_it_is_given_back(visitor: Visitor, asked: Reference) -> None:
    take_it(asked)
    with session_scope() as session:
        give_back(session, asked, AGENT)
    assert [name for name, _ in await sent(answering(), visitor, "Hello")] == ["reply", "done"]


async def test_a_message_whose_server_died_reaches_the_person(
    visitor: Visitor, asked: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim is there and no answer; after the lease, the retry gives it to whoever holds the conversation."""
    web_turns.begin(visitor, "message-1", "127.0.0.1", limits())
    take_it(asked)
    monkeypatch.setattr("bot.channels.claims.LEASE", -web_turns.MINUTE)
    assert number_of(await sent(answering(), visitor, "Are you there?"))
    assert [event.text for event in at_desk(visitor)] == ["Are you there?"]


async def test_nobody_speaks_while_it_cannot_be_known_who_should(
    visitor: Visitor, asked: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client sends the message again."""

    def fails(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(web_turns, "end", fails)
    monkeypatch.setattr(visitor_answering, "KEEP_TRIES", 0)
    assert await sent(answering(), visitor, "Hello") == [("done", {"again": True})]


async def test_the_history_tells_all_in_order(visitor: Visitor, asked: Reference) -> None:
    assistant = answering()
    await sent(assistant, visitor, "One", "message-1")
    take_it(asked)
    with session_scope() as session:
        agent_said(session, asked, AGENT, "Two", "agent-1")
    await sent(assistant, visitor, "Three", "message-3")
    with session_scope() as session:
        agent_said(session, asked, AGENT, "Four", "agent-2")
        give_back(session, asked, AGENT)
    await sent(assistant, visitor, "Five", "message-5")
    with session_scope() as session:
        told = woven(web_turns.history(visitor), desk_history(session, visitor.conversation))
    texts = [each.text or each.kind if isinstance(each, DeskEvent) else each[1]["said"] for each in told]
    assert texts == ["One", DeskEventKind.TAKEN, "Two", "Three", "Four", DeskEventKind.RETURNED, "Five"]


def test_who_signs_out_is_not_waited_for(visitor: Visitor, asked: Reference) -> None:
    web_turns.finish(visitor)
    with session_scope() as session:
        assert [request.state for request in of_conversation(session, visitor.conversation)] == ["closed"]
