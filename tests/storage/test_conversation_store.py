"""Rasa's tracker store on our database: redacted, complete, in order, and raising errors when it fails."""

import asyncio
import json
import socket
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from own_databases import OwnDatabase  # tests/own_databases.py
from rasa.core.brokers.file import FileEventBroker
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot import deadlines
from bot.handoff.handoff_requests import Origin, record
from bot.rasa.patching import apply, patches_by
from bot.rasa.tracker_store import ConversationStore
from bot.schema.tables import ConversationEvent, Handoff
from bot.settings import PROJECT
from bot.storage.engine import engine_for, session_scope

DOMAIN = Domain.from_path(str(PROJECT / "domain.yml"))
SAID = "mans numurs ir 90010000033, tālrunis 26123456"
both = pytest.mark.both_databases


def user(text: str = SAID) -> UserUttered:
    return UserUttered(text, intent={"name": "inform", "confidence": 1.0}, parse_data={"language": {"code": "lv"}})


def tracker_of(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", list(events), DOMAIN.slots)


def opening() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


@pytest.fixture
def broker(tmp_path: Path) -> FileEventBroker:
    return FileEventBroker(str(tmp_path / "events.jsonl"))


@pytest.fixture
def store(database: str, broker: FileEventBroker) -> ConversationStore:
    return ConversationStore(DOMAIN, event_broker=broker)


def stored() -> list[dict[str, Any]]:
    with session_scope() as session:
        rows = session.execute(select(ConversationEvent.data).order_by(ConversationEvent.id)).scalars()
        return [json.loads(row) for row in rows]


def published(broker: FileEventBroker) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(broker.path).read_text(encoding="utf-8").splitlines()]


@both
async def test_what_is_stored_is_redacted(store: ConversationStore) -> None:
    await store.save(tracker_of(*opening(), user()))
    assert stored()[-1]["text"] == "mans numurs ir [contract], tālrunis [phone]"


async def test_what_is_published_is_redacted_and_says_of_which_conversation(
    store: ConversationStore, broker: FileEventBroker
) -> None:
    await store.save(tracker_of(*opening(), user()))
    latest = published(broker)[-1]
    assert (latest["sender_id"], latest["text"]) == ("c", "mans numurs ir [contract], tālrunis [phone]")


async def test_the_running_turn_still_knows_what_was_said(store: ConversationStore) -> None:
    tracker = tracker_of(*opening(), user())
    await store.save(tracker)
    assert tracker.latest_message
    assert tracker.latest_message.text == SAID


async def test_the_tracker_is_not_changed(store: ConversationStore) -> None:
    tracker = tracker_of(*opening(), ActiveLoop("account_form"), user("Demo iela 3"), SlotSet("also", {"x": [SAID]}))
    before = [event.as_dict() for event in tracker.events]
    await store.save(tracker)
    assert [event.as_dict() for event in tracker.events] == before


PERSONAL = ("90010000033", "26123456", "Demo iela", "Parauga prospekts")


async def a_turn_full_of_personal_data(store: ConversationStore) -> None:
    private = BotUttered("Parauga prospekts 3-12: 52,10 €", data={"custom": SAID}, metadata={"private": True})
    events = [user(), BotUttered(SAID), SlotSet("complaint_details", SAID), ActiveLoop("account_form")]
    events += [user("Demo iela 3"), SlotSet("account_details", "Demo iela 3"), private]
    await store.save(tracker_of(*opening(), *events))


@both
@pytest.mark.parametrize("said", PERSONAL)
async def test_no_personal_data_are_in_the_table(store: ConversationStore, said: str) -> None:
    await a_turn_full_of_personal_data(store)
    with session_scope() as session:
        rows = session.execute(text("SELECT * FROM events")).all()
    assert (len(rows), said in str(rows)) == (10, False)


@pytest.mark.parametrize("said", PERSONAL)
async def test_no_personal_data_are_in_the_brokers_file(
    store: ConversationStore, broker: FileEventBroker, said: str
) -> None:
    await a_turn_full_of_personal_data(store)
    events = published(broker)
    assert (len(events), said in str(events)) == (10, False)


@both
async def test_every_event_is_stored_once_and_in_order(store: ConversationStore, broker: FileEventBroker) -> None:
    events = opening()
    for number in range(3):
        events += [user(str(number)), ActionExecuted("action_answer"), BotUttered("x"), ActionExecuted("action_listen")]
        await store.save(tracker_of(*events))
        await store.save(tracker_of(*events))
    kinds = [event.as_dict()["event"] for event in events]
    assert [event["event"] for event in stored()] == kinds
    assert [event["event"] for event in published(broker)] == kinds


@both
async def test_a_conversation_is_read_back(store: ConversationStore) -> None:
    await store.save(
        tracker_of(*opening(), user("sveiki"), SlotSet("topic", "ask_contact"), ActiveLoop("account_form"))
    )
    tracker = await store.retrieve("c")
    assert tracker
    assert (tracker.get_slot("topic"), tracker.active_loop_name) == ("ask_contact", "account_form")
    assert tracker.latest_message
    assert tracker.latest_message.parse_data["language"] == {"code": "lv"}


async def test_a_conversation_that_never_was_is_none(store: ConversationStore) -> None:
    assert await store.retrieve("nobody's") is None


@both
@pytest.mark.parametrize("again", [1, 2])
async def test_a_second_session_is_stored_whole(store: ConversationStore, again: int) -> None:
    first, second = [*opening(), user("first")], [*opening(), user("second")]
    await store.save(tracker_of(*first))
    for _ in range(again):
        await store.save(tracker_of(*first, *second))  # a new session begins: the tracker holds both
    assert [event["event"] for event in stored()] == [event.as_dict()["event"] for event in (*first, *second)]


@both
async def test_a_second_session_is_stored_bit_by_bit(store: ConversationStore) -> None:
    """As Rasa does it: the session begins, is saved, and saved again after each answer."""
    events = [*opening(), user("first")]
    await store.save(tracker_of(*events))
    for more in (opening(), [user("second")], [ActionExecuted("action_answer"), BotUttered("x")]):
        events += more
        await store.save(tracker_of(*events))
    assert [event["event"] for event in stored()] == [event.as_dict()["event"] for event in events]


@both
async def test_conversations_do_not_mix(store: ConversationStore) -> None:
    for name in ("one", "another", "one"):
        tracker = await store.retrieve(name) or DialogueStateTracker.from_events(name, opening(), DOMAIN.slots)
        tracker.update(user(f"of {name}"))
        await store.save(tracker)
    assert [event["text"] for event in stored() if event["event"] == "user"] == ["of one", "of another", "of one"]


@both
async def test_all_conversations_can_be_listed(store: ConversationStore) -> None:
    for name in ("one", "another"):
        await store.save(DialogueStateTracker.from_events(name, opening(), DOMAIN.slots))
    assert sorted(await store.keys()) == ["another", "one"]


@both
async def test_a_conversation_goes_on_in_its_latest_session(store: ConversationStore) -> None:
    first = [*opening(), user("first")]
    await store.save(tracker_of(*first))
    await store.save(tracker_of(*first, *opening(), user("second")))
    tracker = await store.retrieve("c")
    assert tracker
    tracker.update(user("third"))
    await store.save(tracker)
    assert [event["text"] for event in stored() if event["event"] == "user"] == ["first", "second", "third"]


async def test_a_tracker_that_ends_before_what_is_stored_adds_nothing(store: ConversationStore) -> None:
    first = [*opening(), user("first")]
    await store.save(tracker_of(*first, *opening(), user("second")))
    await store.save(tracker_of(*first))
    assert [event["text"] for event in stored() if event["event"] == "user"] == ["first", "second"]


async def test_what_is_said_in_the_account_form_is_not_kept(store: ConversationStore) -> None:
    await store.save(tracker_of(*opening(), ActiveLoop("account_form"), user("Demo iela 3")))
    assert stored()[-1]["text"] == "[account details]"


async def test_the_form_is_remembered_over_turns(store: ConversationStore) -> None:
    events = [*opening(), ActiveLoop("account_form")]
    await store.save(tracker_of(*events))
    await store.save(tracker_of(*events, user("Demo iela 3")))
    assert stored()[-1]["text"] == "[account details]"


class AnAgent:
    """What is needed of Rasa's agent: its store as Rasa wraps it."""

    def __init__(self, store: ConversationStore) -> None:
        self.tracker_store = FailSafeTrackerStore(store)
        apply(patches_by("bot.rasa.tracker_store:raise_store_error"))


@pytest.mark.parametrize("work", ["retrieve", "save"])
async def test_a_database_that_is_gone_is_an_error(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    agent = AnAgent(store)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
    with pytest.raises(OperationalError):
        await getattr(agent.tracker_store, work)("c" if work == "retrieve" else tracker_of(user()))


@pytest.mark.sqlite_only
async def test_a_locked_database_is_an_error_in_time_and_holds_up_nobody_else(
    store: ConversationStore, database: str
) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.05)
            ticks += 1

    with sqlite3.connect(str(make_url(database).database), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        ticking, began = asyncio.create_task(tick()), time.monotonic()
        with pytest.raises((TimeoutError, OperationalError)):
            await AnAgent(store).tracker_store.save(tracker_of(*opening(), user()))
        ticking.cancel()
        other.execute("ROLLBACK")
    assert time.monotonic() - began < 2 * deadlines.DATABASE_WORK  # and not for as long as the lock is held
    assert ticks > 10


async def fails_in_time(agent: AnAgent, work: str) -> None:
    """Read or save a conversation, which must fail before long."""
    began = time.monotonic()
    with pytest.raises((TimeoutError, OperationalError)):
        await getattr(agent.tracker_store, work)("c" if work == "retrieve" else tracker_of(*opening(), user()))
    assert time.monotonic() - began < 2 * deadlines.DATABASE_WORK  # and not for as long as the lock is held


@pytest.mark.postgres
@pytest.mark.parametrize("work", ["retrieve", "save"])
async def test_a_table_that_somebody_holds_is_an_error_in_time(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    with own_database("postgres") as url:
        monkeypatch.setenv("DATABASE_URL", url)
        with engine_for(url).begin() as other:
            other.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
            await fails_in_time(AnAgent(ConversationStore(DOMAIN)), work)


@pytest.mark.parametrize("work", ["retrieve", "save"])
async def test_a_server_that_never_answers_is_an_error_in_time(monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg2://nobody@{address}/nothing")
        await fails_in_time(AnAgent(ConversationStore(DOMAIN)), work)


SPLIT = (
    ("Paraudziņa", "tas ir mans uzvārds", 0),
    ("mani sauc", "ilze paraudziņa", 1),
    ("2612", "3456", 0),
    ("2612", "3456", 1),
)


async def two_turns(store: ConversationStore, first: str, second: str) -> None:
    """Two turns, each of which reads what the one before left in the database."""
    await store.save(
        tracker_of(*opening(), user(first), SlotSet("complaint_details", first), ActionExecuted("action_listen"))
    )
    tracker = await store.retrieve("c")
    assert tracker is not None
    tracker.update(user(second))
    await store.save(tracker)


@both
@pytest.mark.parametrize(("first", "second", "personal"), SPLIT)
async def test_what_two_messages_say_together_is_in_neither(
    store: ConversationStore, first: str, second: str, personal: int
) -> None:
    await two_turns(store, first, second)
    with session_scope() as session:
        data = session.execute(text("SELECT data FROM events")).scalars().all()
    kept = [{**json.loads(one), "timestamp": None} for one in data]  # whose digits would be found by chance
    assert (first, second)[personal] not in str(kept)


@both
async def test_an_event_that_is_written_again_keeps_its_place(store: ConversationStore) -> None:
    await two_turns(store, *SPLIT[0][:2])
    with session_scope() as session:
        rows = session.execute(text("SELECT position, type_name, timestamp FROM events ORDER BY position")).all()
    events = stored()
    assert [row[0] for row in rows] == list(range(len(rows)))
    assert [(event["event"], event["timestamp"]) for event in events] == [tuple(row[1:]) for row in rows]


@both
async def test_a_conversation_goes_on_after_an_event_was_written_again(store: ConversationStore) -> None:
    await two_turns(store, *SPLIT[0][:2])
    tracker = await store.retrieve("c")
    assert tracker is not None
    tracker.update(user("labdien"))
    await store.save(tracker)
    texts = [event["text"] for event in stored() if event["event"] == "user"]
    assert texts == ["[name]", "tas ir mans uzvārds", "labdien"]


async def test_what_was_published_is_published_again_in_its_place(
    store: ConversationStore, broker: FileEventBroker
) -> None:
    await two_turns(store, *SPLIT[0][:2])
    events = published(broker)
    first = next(event for event in events if event.get("text") == "Paraudziņa")
    again = [event for event in events if event.get("amends") == first["event_id"]]
    assert [(event["text"], event["position"]) for event in again] == [("[name]", first["position"])]
    assert len({event["event_id"] for event in events}) == len(events)


@both
async def test_a_request_loses_what_a_later_message_shows_to_be_personal(store: ConversationStore) -> None:
    with session_scope() as session:
        record(session, "complaint", Origin("c", "web", "lv"), details="Paraudziņa")
        record(session, "complaint", Origin("another", "web", "lv"), details="Paraudziņa")
    await two_turns(store, *SPLIT[0][:2])
    with session_scope() as session:
        found = session.execute(select(Handoff.conversation_id, Handoff.details)).all()
    assert {tuple(row) for row in found} == {("c", "[name]"), ("another", "Paraudziņa")}
