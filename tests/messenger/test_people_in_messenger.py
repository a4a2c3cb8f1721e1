"""A person at the desk in Messenger: who gets a message, what is sent, in order and once, and what is too late."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from graph.api import GraphApi  # tests/graph
from graph.connected import actions, events_of, seen, texts
from graph.webhooks import PAGE_INBOX
from rasa.core.channels.channel import UserMessage
from sqlalchemy import update

from bot.channels.buttons import Buttons
from bot.channels.desk_watch import DeskWatch, look_at_desk
from bot.channels.messenger import desk_news, inbox, outcomes, talking_with_people, worker
from bot.channels.messenger.event_answering import Turns
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.incoming import MessengerEventKind, read_events
from bot.channels.messenger.models import MessengerThread
from bot.channels.messenger.settings import messenger_settings
from bot.channels.messenger.thinking import Thinking
from bot.channels.whom_it_is_for import HeardMessage
from bot.desk.claiming import claim, give_back, hand_on
from bot.desk.desk_events import agent_said, events_after
from bot.desk.desk_requests import of_conversation
from bot.desk.holding import LEASE
from bot.desk.kinds import DeskEventKind, RequestKind, RequestOutcome
from bot.desk.undelivered import NotSentBecause
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import MESSENGER
from bot.observing.current_turn import current_turn
from bot.replies.carried import utter_message_arguments
from bot.replies.reply import Reply
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = pytest.mark.usefixtures("database")
ANNA, ILZE, NAME = "7000000001", 1, "Ilze"
META = events_of()
HELLO = "Hello"
TAKEN = "Tagad Jums atbild Ilze. Lai turpinātu ar asistentu, uzrakstiet „Uz asistentu”."
RETURNED = "Atkal atbild asistents. Par ko vēlaties uzzināt?"
PATIENCE = 10.0


@dataclass
class Line:
    """A page, its assistant in this process, and the desk."""

    page: GraphApi
    assistant: worker.Worker
    meanwhile: list[Callable[[], object]] = field(default_factory=list)  # once, while the assistant thinks
    conversation: str = field(default_factory=lambda: inbox.conversation_of(ANNA))

    async def comes(self, *events: dict[str, Any], channel: str = "messaging") -> None:
        seen(self.page, *events)
        body = META.standby(*events) if channel == "standby" else META.batch(*events)
        now = datetime.now(UTC)
        await asyncio.to_thread(inbox.take, read_events(body, now)[0], now)
        self.assistant.wake()

    def asks(self, kind: RequestKind = RequestKind.PERSON) -> Reference:
        with session_scope() as session:
            return request_person(session, Origin(self.conversation, MESSENGER.name, "lv"))

    def takes(self, reference: Reference) -> None:
        with session_scope() as session:
            claim(session, reference, ILZE, NAME)

    def writes(self, reference: Reference, *said: str) -> None:
        for text in said:
            with session_scope() as session:
                agent_said(session, reference, ILZE, text, text)

    def at_desk(self, kind: DeskEventKind = DeskEventKind.CUSTOMER_SAID) -> list[str | None]:
        with session_scope() as session:
            return [event.text for event in events_after(session, 0, conversation_id=self.conversation, kinds={kind})]

    async def told(self, count: int) -> list[str]:
        """Wait until Anna was told so many texts and nothing is left to be done."""
        await until(lambda: len(texts(self.page, ANNA)) >= count)
        await self.settled()
        return texts(self.page, ANNA)

    async def settled(self) -> None:
        await self.assistant._news_of_desk.take(await asyncio.to_thread(look_at_desk))
        await until(lambda: not outcomes.waiting())


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline, "It did not come to pass."
        await asyncio.sleep(0.02)


@pytest.fixture
async def line(standin: GraphApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    async def handle(message: UserMessage) -> None:
        while line.meanwhile:
            await asyncio.to_thread(line.meanwhile.pop())
        turn = current_turn()
        assert turn is not None
        await message.output_channel.send_response("", utter_message_arguments(Reply(HELLO, language="en")))

    async def read(_: str) -> None:
        return None

    async def heard(said: Any) -> HeardMessage:
        return HeardMessage("fire" in said.text)

    monkeypatch.setattr(worker, "heard", heard)
    settings = messenger_settings()
    assert settings is not None
    async with ClientSession() as http:
        graph = Graph(settings, http)
        line = Line(
            standin, worker.Worker(Turns(Thinking(handle), read, Buttons(), graph, settings), graph, DeskWatch())
        )
        await line.assistant.start()
        yield line
        await line.assistant.stop()


async def begun(line: Line, ago: timedelta = timedelta()) -> Reference:
    """Anna has written, was answered, and asks for a person; it is as if that had been some time ago."""
    await line.comes(META.text(ANNA, "One"))
    await until(lambda: not outcomes.waiting())
    line.page.page.sent.clear()
    at = datetime.now(UTC) - ago
    line.page.wrote(ANNA, at.timestamp())
    with session_scope() as session:
        session.execute(update(MessengerThread).values(heard_at=at))
    return line.asks()


@pytest.mark.both_databases
async def test_a_conversation_with_a_person_goes_both_ways_once_and_in_order(line: Line) -> None:
    reference = await begun(line)
    line.takes(reference)
    assert await line.told(1) == [TAKEN]
    assert line.page.sent[0].message["quick_replies"][0]["title"] == "Uz asistentu"
    at = time.time() - 1
    written = (
        META.text(ANNA, "Two", at=at),
        META.text(ANNA, "It is on fire", at=at + 0.1),
        META.image(ANNA, at=at + 0.2),
    )
    for _ in range(3):
        await line.comes(*written)
    await line.settled()
    *said, picture = line.at_desk()
    assert (said, "pielikumu" in str(picture)) == (["Two", "It is on fire"], True)
    line.writes(reference, *"abcdef")
    with session_scope() as session:
        hand_on(session, reference, ILZE, 2, "Jānis")
        give_back(session, reference, 2)
    told = await line.told(9)
    assert told == [TAKEN, *"abcdef", "Turpmāk Jums atbild Jānis.", RETURNED]
    assert {(sent.messaging_type, sent.tag) for sent in line.page.sent} == {("RESPONSE", None)}
    await line.comes(META.text(ANNA, "Three"))
    assert (await line.told(10))[-1] == HELLO
    assert "mark_seen" in actions(line.page, ANNA)
    with session_scope() as session:
        assert of_conversation(session, line.conversation)[0].priority, "It is on fire."


async def test_a_person_who_comes_while_the_assistant_thinks_gets_the_message(line: Line) -> None:
    reference = await begun(line)
    line.meanwhile.append(lambda: line.takes(reference))
    await line.comes(META.text(ANNA, "Two"))
    assert (await line.told(1), line.at_desk()) == ([TAKEN], ["Two"])


async def test_an_answer_that_waits_to_be_sent_is_not_sent_when_a_person_has_come(line: Line) -> None:
    reference = await begun(line)
    task_of = {"text": "Two"}
    await asyncio.to_thread(_replied, task_of)
    line.takes(reference)
    assert (await line.told(1), line.at_desk()) == ([TAKEN], ["Two"])


def _replied(content: dict[str, str]) -> None:
    """A message whose answer is stored; the server that stored it is gone."""
    now = datetime.now(UTC)
    inbox.take([inbox.Incoming("two", ANNA, MessengerEventKind.TEXT, now, content)], now)  # type: ignore[arg-type]
    assert inbox.claim("dead", now + inbox.SETTLE) == ANNA
    task = inbox.begin_next(ANNA, now + inbox.SETTLE)
    assert task is not None
    talking_with_people.keep_replies(task, [{"message": {"text": HELLO, "metadata": ""}}], is_urgent=False)
    inbox.hold("dead", [ANNA], now - inbox.CLAIM + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("ago", "tag", "because"),
    [
        pytest.param(timedelta(hours=23), None, None, id="within a day"),
        pytest.param(timedelta(hours=25), "HUMAN_AGENT", None, id="within a week"),
        pytest.param(timedelta(days=8), None, NotSentBecause.TOO_LATE, id="later"),
    ],
)
async def test_a_person_may_write_for_a_week(
    line: Line, ago: timedelta, tag: str | None, because: NotSentBecause | None
) -> None:
    reference = await begun(line, ago)
    line.takes(reference)
    line.writes(reference, "Labdien!")
    await line.settled()
    sent = [(each.message["text"], each.tag) for each in line.page.sent]
    notice = [(TAKEN, None)] if ago < timedelta(days=1) else []
    assert sent == [*notice, *([] if because else [("Labdien!", tag)])]
    assert line.at_desk(DeskEventKind.NOT_SENT) == ([because] if because else [])
    with session_scope() as session:
        (request,) = of_conversation(session, line.conversation)
    assert (request.kind == RequestKind.UNSENT, request.unsent_at is not None) == (bool(because), bool(because))


@pytest.mark.parametrize(
    ("refused", "because"),
    [
        ({"code": 551, "subcode": 1545041}, NotSentBecause.NOT_REACHABLE),
        ({"code": 10, "subcode": 2018278}, NotSentBecause.TOO_LATE),
        ({"code": 100}, NotSentBecause.REFUSED),
    ],
)
async def test_what_graph_refuses_the_agent_is_told(
    line: Line, refused: dict[str, int], because: NotSentBecause
) -> None:
    reference = await begun(line)
    line.takes(reference)
    await line.told(1)
    line.page.fail(times=2, **refused)
    line.writes(reference, "Labdien!")
    await until(lambda: line.at_desk(DeskEventKind.NOT_SENT))
    assert line.at_desk(DeskEventKind.NOT_SENT) == [because]


async def test_what_was_not_sent_after_the_request_was_closed_waits_as_a_new_one(line: Line) -> None:
    reference = await begun(line, timedelta(days=8))
    line.takes(reference)
    line.writes(reference, "Labdien!")
    with session_scope() as session:
        give_back(session, reference, ILZE)
    await line.settled()
    with session_scope() as session:
        states = [(each.kind, each.outcome) for each in of_conversation(session, line.conversation)]
    assert states == [(RequestKind.PERSON, RequestOutcome.RETURNED), (RequestKind.UNSENT, None)]


@pytest.mark.parametrize(
    "back",
    [
        META.text(ANNA, "Uz asistentu!"),
        META.text(ANNA, "Atpakaļ pie asistenta"),
        META.quick_reply(ANNA, "Uz asistentu", "menu:to_assistant"),
        META.postback(ANNA, "menu:to_assistant", "Back to assistant"),
    ],
    ids=["title", "words", "button", "menu"],
)
@pytest.mark.parametrize("is_taken", [True, False], ids=["held", "waiting"])
async def test_a_customer_goes_back_to_the_assistant(line: Line, back: dict[str, Any], is_taken: bool) -> None:
    reference = await begun(line)
    if is_taken:
        line.takes(reference)
    await line.comes({**back, "timestamp": round(time.time() * 1000)})
    assert (await line.told(1 + is_taken))[-1] == RETURNED
    assert texts(line.page, ANNA).count(RETURNED) == 1
    assert line.at_desk() == []


async def test_when_the_agent_is_lost_the_customer_hears_it(line: Line) -> None:
    reference = await begun(line)
    with session_scope() as session:
        claim(session, reference, ILZE, NAME, now=datetime.now(UTC) - LEASE - timedelta(seconds=1))
    await line.comes(META.text(ANNA, "Two"))
    told = await line.told(3)
    assert (sorted(told), line.at_desk()) == (sorted([TAKEN, HELLO, told[-1]]), [])
    assert "Savienojums ar darbinieku pārtrūka" in " ".join(told)


async def test_a_thread_that_the_pages_inbox_has_is_taken_for_the_person(line: Line) -> None:
    reference = await begun(line)
    line.page.set_owner(ANNA, PAGE_INBOX)
    await line.comes(META.text(ANNA, "Two"), channel="standby")
    await line.settled()
    line.takes(reference)
    assert await line.told(1) == [TAKEN]
    await line.comes(META.text(ANNA, "Three"), channel="standby")
    await until(line.at_desk)
    assert line.at_desk() == ["Three"]
    with session_scope() as session:
        give_back(session, reference, ILZE)
    assert (await line.told(2))[-1] == RETURNED
    await line.comes(META.text(ANNA, "Four"))
    assert (await line.told(3))[-1] == HELLO


@pytest.mark.both_databases
def test_several_servers_take_the_desks_news_once_and_in_order() -> None:
    now = datetime.now(UTC)
    inbox.take([inbox.Incoming("one", ANNA, MessengerEventKind.TEXT, now, {"text": "One"})], now)
    desk_news.prepare()
    with session_scope() as session:
        origin = Origin(inbox.conversation_of(ANNA), MESSENGER.name, "lv")
        reference = request_person(session, origin)
        claim(session, reference, ILZE, NAME)
    said = [f"{n}" for n in range(20)]
    with ThreadPoolExecutor(4) as servers:
        for text in said:
            with session_scope() as session:
                agent_said(session, reference, ILZE, text, text)
            servers.map(desk_news.take_news, [datetime.now(UTC)] * 3)
    desk_news.take_news(datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(seconds=1)
    heard = []
    while task := inbox.begin_next(ANNA, later):
        heard.append((task.content or {}).get("text", ""))
        outcomes.finish(task.id)
    assert heard == ["One", "", *said]
