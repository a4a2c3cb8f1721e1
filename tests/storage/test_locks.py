"""One turn of a conversation at a time: in one process, and across processes over a real Redis."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hammering import CONVERSATION  # tests/hammering.py
from own_databases import OwnDatabase  # tests/own_databases.py
from rasa.core.lock_store import LockError, LockStore
from redis import Redis
from sqlalchemy import select

from benchmarks.throwaway_redis import RedisServer, redis_server
from bot.channels.conversation import DEADLINE, converse
from bot.server.preparation import check_services
from bot.settings import PROJECT, SettingsError
from bot.storage.engine import session_scope
from bot.storage.locks import LIFETIME, PREFIX, ConversationLockStore
from bot.storage.tables import ConversationEvent

OURS = "bot.storage.locks.ConversationLockStore"
PROCESSES, TURNS = 8, 10
TURN = ["user", "action", "bot", "action"]


@pytest.fixture(scope="module")
def shared_redis() -> Iterator[RedisServer]:
    with redis_server(password="not-to-be-logged") as server:
        yield server


@pytest.fixture
def redis(shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """A Redis with nothing in it, set as REDIS_URL."""
    monkeypatch.setenv("REDIS_URL", shared_redis.url)
    with Redis.from_url(shared_redis.url) as client:
        client.flushall()
    return shared_redis


@pytest.fixture
def own_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """One that a test may kill or hold up."""
    with redis_server() as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield server
        server.process.send_signal(signal.SIGCONT)


def hammered(url: str, store: str = OURS) -> list[tuple[int, int]]:
    """The turns that were handled when many processes hammered the conversation."""
    done = subprocess.run(
        [sys.executable, "tests/hammering.py", store, str(PROCESSES), str(TURNS)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return [(process, number) for process, number in json.loads(done.stdout)]


def kept(url: str) -> list[dict[str, Any]]:
    """The events of the conversation without the beginning of its session."""
    with session_scope(url) as session:
        mine = select(ConversationEvent.data).where(ConversationEvent.sender_id == CONVERSATION)
        return [json.loads(row) for row in session.execute(mine.order_by(ConversationEvent.position)).scalars()][2:]


def turns_of(events: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """The turns in their order; each must be whole, with its own answer and nothing in between."""
    turns = []
    for start in range(0, len(events), len(TURN)):
        turn = events[start : start + len(TURN)]
        assert [event["event"] for event in turn] == TURN
        assert turn[0]["text"] == turn[2]["text"]
        process, number = turn[0]["text"].split()
        turns.append((int(process), int(number)))
    return turns


def test_a_conversation_that_many_processes_hammer_has_every_turn_once_and_in_order(
    own_database: OwnDatabase, redis: RedisServer
) -> None:
    with own_database("postgres") as url:
        hammered(url)
        turns = turns_of(kept(url))
    sent = [(process, number) for process in range(PROCESSES) for number in range(TURNS)]
    assert sorted(turns) == sent
    assert sorted(turns, key=lambda turn: turn[0]) == sent  # a stable sort: each process's own are in their order


def test_without_a_lock_some_turns_fail_and_none_is_lost_or_mixed(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table's constraint stands behind the lock. That turns fail also shows that the test above can."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    with own_database("postgres") as url:
        handled = hammered(url)
        turns = turns_of(kept(url))
    assert sorted(turns) == sorted(handled)
    assert len(handled) < PROCESSES * TURNS


async def in_turn(store: LockStore, order: list[int], number: int, pause: float = 0.01) -> None:
    async with store.lock("c"):
        order.append(number)
        await asyncio.sleep(pause)
        order.append(number)


@pytest.mark.parametrize("with_redis", [False, True])
async def test_messages_of_one_server_get_their_turn_as_they_came(
    request: pytest.FixtureRequest, with_redis: bool
) -> None:
    if with_redis:
        request.getfixturevalue("redis")
    store, order = ConversationLockStore(), []
    await asyncio.gather(*(in_turn(store, order, number) for number in range(20)))
    assert order == [number for number in range(20) for _ in range(2)]


async def test_two_servers_hold_a_conversation_one_after_the_other(redis: RedisServer) -> None:
    order: list[int] = []
    await asyncio.gather(*(in_turn(ConversationLockStore(), order, number) for number in range(5)))
    assert order[::2] == order[1::2]


@pytest.mark.parametrize("with_redis", [False, True])
async def test_other_conversations_do_not_wait(request: pytest.FixtureRequest, with_redis: bool) -> None:
    if with_redis:
        request.getfixturevalue("redis")
    store = ConversationLockStore()
    async with store.lock("one"), store.lock("another"):
        pass


async def test_nothing_is_left_of_a_conversation(redis: RedisServer) -> None:
    store = ConversationLockStore()
    await asyncio.gather(*(in_turn(store, [], number) for number in range(3)))
    with Redis.from_url(redis.url) as client:
        assert (len(store._here), len(store._releases), client.keys()) == (0, 0, [])


async def test_who_gives_up_waiting_leaves_the_way_free(redis: RedisServer) -> None:
    holder, other = ConversationLockStore(), ConversationLockStore()
    async with holder.lock("c"):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_turn(other, [], 0), 0.1)
    await asyncio.wait_for(in_turn(other, [], 1), 1)


async def test_who_gives_up_waiting_does_not_free_what_is_held(redis: RedisServer) -> None:
    holder, other = ConversationLockStore(), ConversationLockStore()
    async with holder.lock("c"):
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(in_turn(other, [], 0), 0.1)


def test_a_lock_outlives_a_turn() -> None:
    assert LIFETIME > DEADLINE


async def test_a_lock_that_expired_does_not_hide_the_answer_and_is_logged(
    redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    store, other = ConversationLockStore(), ConversationLockStore()
    async with store.lock("c", lock_lifetime=0.05):
        await asyncio.sleep(0.1)
        async with other.lock("c"):
            pass
    assert "took longer than its lock" in caplog.text


async def test_an_expired_lock_does_not_free_the_next_holders(redis: RedisServer) -> None:
    store, other, third = ConversationLockStore(), ConversationLockStore(), ConversationLockStore()
    late = store.lock("c", lock_lifetime=0.05)
    await late.__aenter__()
    await asyncio.sleep(0.1)
    async with other.lock("c"):
        await late.__aexit__(None, None, None)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_turn(third, [], 0), 0.1)


async def test_what_a_killed_server_held_becomes_free(redis: RedisServer) -> None:
    holder = (
        "import asyncio, sys, time\n"
        "from bot.storage.locks import ConversationLockStore\n"
        "async def hold():\n"
        "    async with ConversationLockStore().lock('c', lock_lifetime=1.5):\n"
        "        print('held', flush=True)\n"
        "        time.sleep(60)\n"
        "asyncio.run(hold())"
    )
    with subprocess.Popen([sys.executable, "-c", holder], cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.kill()
    store = ConversationLockStore()
    with Redis.from_url(redis.url) as client:
        assert client.exists(PREFIX + "c")
    await asyncio.wait_for(in_turn(store, [], 0), 10)


async def answered(store: LockStore) -> tuple[list[dict[str, Any]], float]:
    """What a customer hears when a turn needs the lock, and after how many seconds."""

    async def handle(_: Any) -> None:
        async with store.lock("c"):
            pass

    async def nothing(_: str) -> None:
        return None

    began = time.monotonic()
    replies = await converse(handle, nothing, text="hello", conversation_id="c", channel="web", language="en")
    return replies, time.monotonic() - began


FAULTS = {"killed": signal.SIGKILL, "hangs": signal.SIGSTOP}


@pytest.mark.parametrize("before", [False, True], ids=["first turn", "a later turn"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_customer_hears_in_time_that_redis_fails(
    own_redis: RedisServer, fault: signal.Signals, before: bool
) -> None:
    store = ConversationLockStore()
    if before:
        await in_turn(store, [], 0)
    own_redis.process.send_signal(fault)
    replies, seconds = await answered(store)
    assert "8400" in replies[0]["text"]
    assert seconds < 3


async def test_redis_that_fails_in_mid_turn_does_not_hide_the_answer(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with ConversationLockStore().lock("c"):
        own_redis.process.kill()
        own_redis.process.wait()
    assert "cannot release" in caplog.text


async def test_redis_that_was_away_is_used_again(own_redis: RedisServer) -> None:
    """The connection of the turn before is closed by then."""
    store = ConversationLockStore()
    await in_turn(store, [], 0)
    with Redis.from_url(own_redis.url) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    await in_turn(store, [], 1)


async def test_a_lock_that_redis_gave_to_nobody_is_given_back(own_redis: RedisServer) -> None:
    """The time of the turn is over while Redis hangs; it gives the lock when it goes on."""
    store = ConversationLockStore()
    await in_turn(store, [], 0)
    own_redis.process.send_signal(signal.SIGSTOP)
    with pytest.raises((TimeoutError, LockError)):
        await asyncio.wait_for(in_turn(store, [], 1), 0.2)
    own_redis.process.send_signal(signal.SIGCONT)
    await asyncio.wait_for(in_turn(store, [], 2), LIFETIME * 0.8)


async def test_no_password_is_logged(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REDIS_URL", shared_redis.url.replace("not-to", "wrong-and-not-to"))
    with pytest.raises(LockError) as raised:
        await in_turn(ConversationLockStore(), [], 0)
    assert "AuthenticationError" in caplog.text
    assert "be-logged" not in caplog.text + str(raised.value)


WRONG_URLS = [
    ("localhost:6379", "no address of Redis"),
    ("http://localhost", "no address of Redis"),
    ("redis://:secret@localhost:port", "no address of Redis"),
    ("redis://:secret@localhost?no_such_option=1", "no address of Redis"),
    ("redis://:secret@127.0.0.1:1/0", "127.0.0.1:1 does not answer"),
    ("unix:///nowhere/redis.sock", "/nowhere/redis.sock does not answer"),
]


@pytest.mark.parametrize(("url", "said"), WRONG_URLS)
def test_a_start_says_what_is_wrong_with_redis(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SettingsError, match=f"^REDIS_URL.*{said}") as raised:
        check_services()
    assert "secret" not in str(raised.value)


def test_a_start_says_that_redis_does_not_take_the_password(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", shared_redis.url.replace("not-to", "wrong-and-not-to"))
    with pytest.raises(SettingsError, match=r"^REDIS_URL.*does not take the password"):
        check_services()


def test_several_server_processes_need_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(SettingsError, match="SANIC_WORKERS='2' needs REDIS_URL"):
        check_services()


def test_redis_that_answers_is_fine(redis: RedisServer) -> None:
    check_services()
