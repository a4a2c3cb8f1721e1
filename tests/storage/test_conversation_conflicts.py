"""Concurrent writes to a conversation, and a turn that fails late: nothing duplicated, interleaved or half written."""

import asyncio
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from own_databases import OwnDatabase  # tests/own_databases.py
from rasa.core.brokers.file import FileEventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bot.erasure.erasing import forget_conversation
from bot.rasa import tracker_store as conversations
from bot.rasa.tracker_store import ConversationConflict, ConversationStore
from bot.schema.tables import ConversationEvent
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
DOMAIN = Domain.empty()


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """How soon a slow database is given up is tested elsewhere (test_conversation_store.py)."""
    monkeypatch.setattr(conversations, "in_time", partial(in_time, deadline=60.0))


@pytest.fixture
def store(database: str) -> ConversationStore:
    return ConversationStore(DOMAIN)


def opening(at: float = 1.0) -> list[Event]:
    """The beginning of a session, at a second."""
    return [ActionExecuted("action_session_start", timestamp=at), SessionStarted(timestamp=at + 0.1)]


def new(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", list(events), DOMAIN.slots)


async def begun(store: ConversationStore, *said: str) -> None:
    """A conversation in which this has been said."""
    await store.save(new(*opening(), *(UserUttered(text, timestamp=2.0 + n) for n, text in enumerate(said))))


async def read(store: ConversationStore) -> DialogueStateTracker:
    tracker = await store.retrieve("c")
    assert tracker
    return tracker


def stored() -> list[tuple[int, str | None]]:
    """Position and, of messages, text of what is stored."""
    with session_scope() as session:
        rows = session.execute(select(ConversationEvent).order_by(ConversationEvent.position)).scalars()
        return [(row.position, json.loads(row.data).get("text")) for row in rows]


def said() -> list[str]:
    return [text for _, text in stored() if text]


async def test_of_two_that_read_the_same_only_the_first_is_written(store: ConversationStore) -> None:
    await begun(store, "hello")
    first, second = await read(store), await read(store)
    first.update(UserUttered("first"))
    second.update(UserUttered("second"))
    await store.save(first)
    with pytest.raises(ConversationConflict):
        await store.save(second)
    assert said() == ["hello", "first"]


async def test_of_two_that_begin_a_conversation_only_the_first_is_written(store: ConversationStore) -> None:
    await store.save(new(*opening(), UserUttered("first")))
    with pytest.raises(ConversationConflict):
        await store.save(new(*opening(at=1.5), UserUttered("second")))
    assert said() == ["first"]


async def test_who_missed_that_a_session_began_is_not_written(store: ConversationStore) -> None:
    await begun(store, "hello")
    late, other = await read(store), await read(store)
    for event in opening(at=100.0):
        other.update(event)
    late.update(UserUttered("late", timestamp=99.0))
    await store.save(other)
    with pytest.raises(ConversationConflict):
        await store.save(late)
    assert said() == ["hello"]


async def test_nothing_of_a_conflict_is_published(store: ConversationStore, tmp_path: Path) -> None:
    store.event_broker = FileEventBroker(str(tmp_path / "events.jsonl"))
    await store.save(new(*opening(), UserUttered("first")))
    with pytest.raises(ConversationConflict):
        await store.save(new(*opening(at=1.5), UserUttered("second")))
    assert "second" not in (tmp_path / "events.jsonl").read_text(encoding="utf-8")


def test_the_database_takes_a_position_once(database: str) -> None:
    def event() -> ConversationEvent:
        return ConversationEvent(sender_id="c", position=0, type_name="user", data="{}")

    with pytest.raises(IntegrityError), session_scope() as session:
        session.add_all([event(), event()])


class Held:
    """Pauses writers of a conversation between reading the stored events and writing."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._redacted = conversations.redaction_of

    def redacted(self, *arguments: Any, **named: Any) -> Any:
        self.reached.set()
        self.go_on.wait(30)
        return self._redacted(*arguments, **named)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(conversations, "redaction_of", held.redacted)
    yield held
    held.go_on.set()


async def test_of_two_that_write_at_once_one_is_written_whole(store: ConversationStore, held: Held) -> None:
    """Both read the same state; the table's unique constraint decides."""
    trackers = [new(*opening(), UserUttered(text)) for text in ("one", "other")]
    saving = [asyncio.create_task(store.save(tracker)) for tracker in trackers]
    await asyncio.sleep(0.2)  # let both look
    held.go_on.set()
    outcomes = await asyncio.gather(*saving, return_exceptions=True)
    won = outcomes.index(None)
    assert isinstance(outcomes[1 - won], ConversationConflict)
    assert said() == [("one", "other")[won]]


async def test_a_save_that_was_given_up_is_not_written_later_and_can_be_made_again(
    store: ConversationStore, held: Held
) -> None:
    tracker = new(*opening(), UserUttered("hello"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(store.save(tracker), 0.2)
    held.go_on.set()
    await asyncio.sleep(0.3)  # the thread comes to its end
    assert said() == []
    await store.save(tracker)
    assert said() == ["hello"]


async def test_a_save_that_was_written_although_it_seemed_to_fail_is_recognised(store: ConversationStore) -> None:
    await begun(store, "hello")
    tracker, same = await read(store), await read(store)
    message = UserUttered("once")
    for each in (tracker, same):
        each.update(message)
    await store.save(same)
    await store.save(tracker)
    assert said() == ["hello", "once"]


async def test_a_conversation_that_is_erased_during_a_turn_stays_erased(store: ConversationStore) -> None:
    await begun(store, "hello")
    tracker = await read(store)
    tracker.update(UserUttered("meanwhile"))
    with session_scope() as session:
        forget_conversation(session, "c", "operator")
    for _ in range(2):
        await store.save(tracker)
    assert stored() == []


async def test_a_new_conversation_that_is_erased_during_its_first_turn_stays_erased(store: ConversationStore) -> None:
    tracker = new(*opening(), UserUttered("hello"))
    await store.save(tracker)
    with session_scope() as session:
        forget_conversation(session, "c", "operator")
    tracker.update(UserUttered("more"))
    await store.save(tracker)
    assert stored() == []


async def test_who_was_erased_can_begin_anew(store: ConversationStore) -> None:
    await begun(store, "hello")
    with session_scope() as session:
        forget_conversation(session, "c", "operator")
    await begun(store, "again")
    assert said() == ["again"]


@pytest.mark.postgres
async def test_erasing_waits_for_a_turn_that_is_being_written(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch, held: Held
) -> None:
    """PostgreSQL only: on SQLite there is one writer at a time."""

    def forget() -> None:
        with session_scope() as session:
            forget_conversation(session, "c", "operator")

    with own_database("postgres") as url:
        monkeypatch.setenv("DATABASE_URL", url)
        store = ConversationStore(DOMAIN)
        held.go_on.set()
        await begun(store, "hello")
        tracker = await read(store)
        tracker.update(UserUttered("meanwhile"))
        held.reached.clear()
        held.go_on.clear()
        saving = asyncio.create_task(store.save(tracker))
        await asyncio.to_thread(held.reached.wait, 30)
        erasing = asyncio.create_task(asyncio.to_thread(forget))
        await asyncio.sleep(0.2)  # it gets to the row that is held
        held.go_on.set()
        await asyncio.gather(saving, erasing)
        assert stored() == []


async def test_a_clock_that_is_set_back_hides_and_doubles_nothing(store: ConversationStore) -> None:
    await store.save(new(*opening(at=100.0)))
    tracker = await read(store)
    for text in ("one", "two"):
        tracker.update(UserUttered(text, timestamp=50.0))
        await store.save(tracker)
    again = await read(store)
    assert said() == ["one", "two"]
    assert [event.text for event in again.events if isinstance(event, UserUttered)] == ["one", "two"]


async def test_a_conversation_whose_beginning_was_erased_goes_on(store: ConversationStore) -> None:
    await begun(store, "hello", "old", "young")
    with session_scope() as session:
        session.execute(delete(ConversationEvent).where(ConversationEvent.position < 4))
    tracker = await read(store)
    tracker.update(UserUttered("new"))
    await store.save(tracker)
    assert stored() == [(4, "young"), (5, "new")]
