"""`bot events republish` with a real RabbitMQ: the events come again, with the same ids and in order."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from rabbit import taken  # tests/rabbit.py
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli import app
from bot.rasa.event_broker import RabbitMQ
from bot.rasa.published_events import AMENDS, EVENT_ID, POSITION
from bot.rasa.stored_events import PAGE
from bot.rasa.tracker_store import ConversationStore
from bot.schema.tables import ConversationEvent
from bot.storage.engine import session_scope
from harness.throwaway_rabbitmq import RabbitServer

MOMENTS = {"one": "2020-03-20T12:00+02:00", "two": "2020-03-21T12:00+02:00"}
SAID = "mans numurs ir 90010000033"
Published = list[tuple[str, str, int]]


@pytest.fixture
def rabbitmq(rabbit_server: RabbitServer, database: str, monkeypatch: pytest.MonkeyPatch) -> RabbitServer:
    monkeypatch.setenv("RABBITMQ_URL", rabbit_server.url)
    asyncio.run(taken(rabbit_server.url))
    return rabbit_server


async def _hold(turns: int) -> None:
    broker = await RabbitMQ.from_endpoint_config(None)
    store = ConversationStore(Domain.empty(), event_broker=broker)
    for conversation in MOMENTS:
        tracker = DialogueStateTracker.from_events(conversation, [])
        for event in (ActionExecuted("action_session_start"), SessionStarted()):
            tracker.update(event)
        for _ in range(turns):
            tracker.update(UserUttered(SAID))
            await store.save(tracker)
    assert broker
    await broker.close()


def published(rabbitmq: RabbitServer) -> Published:
    """Id, conversation and position of each message, and that nothing personal is in it."""
    messages = asyncio.run(taken(rabbitmq.url))
    bodies = [json.loads(message.body) for message in messages]
    assert all("90010000033" not in json.dumps(body) for body in bodies)
    return [
        (str(message.message_id), body["sender_id"], body["position"])
        for message, body in zip(messages, bodies, strict=True)
    ]


def conversations(rabbitmq: RabbitServer, turns: int = 3) -> Published:
    """Run two conversations; returns what was published of them."""
    asyncio.run(_hold(turns))
    return published(rabbitmq)


def republish(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["events", "republish", *options])
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.both_databases
def test_all_comes_again_with_the_same_ids(rabbitmq: RabbitServer) -> None:
    first = conversations(rabbitmq)
    assert [place for *_, place in first] == [0, 1, 2, 3, 4] * 2
    for _ in range(2):
        assert republish("--all") == (0, "10 events published and confirmed.")
        assert published(rabbitmq) == first


def test_one_conversation_comes_again(rabbitmq: RabbitServer) -> None:
    first = conversations(rabbitmq)
    assert republish("--conversation", "two")[0] == 0
    assert published(rabbitmq) == [each for each in first if each[1] == "two"]


@pytest.mark.parametrize(
    ("options", "whose"),
    [
        (("--since", "2020-03-21"), {"two"}),
        (("--since", "2020-03-20T10:00Z"), {"one", "two"}),
        (("--since", "2020-03-20T12:00:01"), {"two"}),
        (("--until", "2020-03-21"), {"one"}),
        (("--since", "2020-03-20", "--until", "2020-03-22"), {"one", "two"}),
        (("--since", "2020-03-22"), set()),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value) or "nobody",
)
def test_what_happened_at_a_time_comes_again(rabbitmq: RabbitServer, options: tuple[str, ...], whose: set[str]) -> None:
    conversations(rabbitmq, turns=1)
    with session_scope() as session:
        for conversation, moment in MOMENTS.items():
            seconds = datetime.fromisoformat(moment).timestamp()
            of_it = ConversationEvent.sender_id == conversation
            session.execute(update(ConversationEvent).where(of_it).values(timestamp=seconds))
    assert republish(*options)[0] == 0
    assert {conversation for _, conversation, _ in published(rabbitmq)} == whose


def test_more_than_a_page_comes_in_order(rabbitmq: RabbitServer) -> None:
    first = conversations(rabbitmq, turns=PAGE // 2)
    assert republish("--all") == (0, f"{len(first)} events published and confirmed.")
    assert (len(first) > PAGE, published(rabbitmq)) == (True, first)


@dataclass
class Consumer:
    """A consumer as docs/deployment.md requires: each id once, and the amending event instead of the amended one."""

    had: set[str] = field(default_factory=set)
    kept: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def take(self, rabbitmq: RabbitServer) -> None:
        for message in asyncio.run(taken(rabbitmq.url)):
            event = json.loads(message.body)
            if event[EVENT_ID] not in self.had:
                self.had |= {event[EVENT_ID], event.get(AMENDS, event[EVENT_ID])}
                self.kept[event["sender_id"], event[POSITION]] = event

    def texts(self) -> list[str]:
        return [event["text"] for _, event in sorted(self.kept.items()) if event["event"] == "user"]


AMENDED, AMENDING = "Paraudziņa", "tas ir mans uzvārds"  # the second reveals that the first is a name


async def _say(*texts: str, publish: bool = True) -> None:
    """Say something more in a conversation; its events are published, or lost before that."""
    broker = await RabbitMQ.from_endpoint_config(None) if publish else None
    store = ConversationStore(Domain.empty(), event_broker=broker)
    tracker = await store.retrieve("c") or DialogueStateTracker.from_events("c", [])
    for text in texts:
        tracker.update(UserUttered(text))
        await store.save(tracker)
    if broker:
        await broker.close()


@pytest.mark.both_databases
@pytest.mark.parametrize("first_is_lost", [False, True], ids=["the amendment is lost", "all of it is lost"])
def test_an_amendment_that_was_lost_reaches_consumers(rabbitmq: RabbitServer, first_is_lost: bool) -> None:
    consumer = Consumer()
    asyncio.run(_say(AMENDED, publish=not first_is_lost))
    consumer.take(rabbitmq)
    assert consumer.texts() == ([] if first_is_lost else [AMENDED])
    lost_from = datetime.now(UTC).isoformat()
    asyncio.run(_say(AMENDING, "labdien", publish=False))
    assert republish(*(["--all"] if first_is_lost else ["--since", lost_from]))[0] == 0
    consumer.take(rabbitmq)
    assert consumer.texts() == ["[name]", AMENDING, "labdien"]


def test_an_amendment_that_arrived_is_known_by_its_id_when_it_comes_again(rabbitmq: RabbitServer) -> None:
    consumer = Consumer()
    asyncio.run(_say(AMENDED, AMENDING))
    consumer.take(rabbitmq)
    had = set(consumer.had)
    assert republish("--all")[0] == 0
    consumer.take(rabbitmq)
    assert (consumer.had, consumer.texts()) == (had, ["[name]", AMENDING])


def test_what_arrives_after_its_amendment_does_not_take_its_place(rabbitmq: RabbitServer) -> None:
    """A server's queued events may be published after the republication."""
    asyncio.run(_say(AMENDED, AMENDING))
    late = asyncio.run(taken(rabbitmq.url))
    assert republish("--all")[0] == 0
    consumer = Consumer()
    consumer.take(rabbitmq)
    assert json.loads(late[0].body)[EVENT_ID] in consumer.had
    assert consumer.texts() == ["[name]", AMENDING]


def test_an_alarm_ends_it_with_a_sentence(rabbitmq: RabbitServer) -> None:
    conversations(rabbitmq)
    with rabbitmq.alarm():
        status, said = republish("--all", "--patience", "1")
    asyncio.run(taken(rabbitmq.url))
    assert (status, said.startswith("RabbitMQ does not confirm (TimeoutError); 0 events are published")) == (1, True)


@pytest.mark.parametrize(
    ("url", "options", "sentence"),
    [
        ("", ["--all"], "RABBITMQ_URL is not set"),
        ("amqp://guest:guest@127.0.0.1:1", ["--all"], "RabbitMQ cannot be used (ConnectionError)"),
        ("amqp://guest:guest@127.0.0.1:1", [], "Say which events"),
        ("amqp://guest:guest@127.0.0.1:1", ["--all", "--since", "2020-03-20"], "Say which events"),
        ("amqp://guest:guest@127.0.0.1:1", ["--since", "yesterday"], "'yesterday' is not a date"),
    ],
)
def test_what_cannot_be_done_is_said(
    database: str, monkeypatch: pytest.MonkeyPatch, url: str, options: list[str], sentence: str
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", url)
    status, said = republish(*options)
    assert (status, said.startswith(sentence)) == (1, True), said
