"""How long a lock is held and waited for: turns that do not end, servers that are killed."""

import asyncio
import subprocess
import sys

import pytest
from locked_turns import A_MINUTE, WITH_REDIS, in_turn  # tests/storage/locked_turns.py
from rasa.core.lock_store import LockError
from redis import Redis

from bot import deadlines
from bot.rasa.lock_store import PREFIX, ConversationLockStore
from bot.settings import PROJECT
from harness.throwaway_redis import RedisServer

pytestmark = pytest.mark.usefixtures("nothing_goes_on")


def test_a_lock_outlives_a_turn() -> None:
    assert deadlines.CONVERSATION_LOCK > deadlines.TURN


async def test_a_lock_that_expired_does_not_hide_the_answer_and_is_logged(
    redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    store, other = ConversationLockStore(), ConversationLockStore()
    async with store.lock("c", lock_lifetime=0.05):
        await asyncio.sleep(0.1)
        async with other.lock("c"):
            pass
    assert "took longer than its lock" in caplog.text


each_way = pytest.mark.parametrize("with_redis", [False, WITH_REDIS])


@each_way
async def test_a_turn_that_does_not_end_lets_the_next_one_in(
    request: pytest.FixtureRequest, with_redis: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """In the same server, as Rasa's own lock stores do it."""
    if with_redis:
        request.getfixturevalue("redis")
    store, order = ConversationLockStore(), []
    async with store.lock("c", lock_lifetime=0.2):
        await asyncio.wait_for(in_turn(store, order, 1), A_MINUTE)
    await asyncio.wait_for(in_turn(store, order, 2), A_MINUTE)
    assert (order, "took longer than its lock of 0.2 seconds" in caplog.text) == ([1, 1, 2, 2], True)


@each_way
async def test_who_lost_a_conversation_does_not_free_it_for_a_third(
    request: pytest.FixtureRequest, with_redis: bool
) -> None:
    if with_redis:
        request.getfixturevalue("redis")
    store, order = ConversationLockStore(), []
    late = store.lock("c", lock_lifetime=0.1)
    await late.__aenter__()
    async with store.lock("c"):
        await late.__aexit__(None, None, None)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_turn(store, order, 3), 0.1)
    assert order == []


@pytest.mark.parametrize("holder", ["the same server", "another server"])
async def test_nobody_waits_for_ever(redis: RedisServer, monkeypatch: pytest.MonkeyPatch, holder: str) -> None:
    """Like Rasa's HTTP API, which sets no deadline."""
    monkeypatch.setattr(deadlines, "CONVERSATION_WAIT", 0.2)
    store = ConversationLockStore()
    async with (store if holder == "the same server" else ConversationLockStore()).lock("c"):
        with pytest.raises(LockError, match="did not become free"):
            await asyncio.wait_for(in_turn(store, [], 1), A_MINUTE)
    await asyncio.wait_for(in_turn(store, [], 2), A_MINUTE)


@each_way
async def test_who_has_waited_for_a_locks_lifetime_gives_up(request: pytest.FixtureRequest, with_redis: bool) -> None:
    """Two want a conversation for 0.1 seconds, and the first keeps it for longer: Rasa's stores refuse the second."""
    if with_redis:
        request.getfixturevalue("redis")
    store, order = ConversationLockStore(), []

    async def hold(number: int) -> None:
        async with store.lock("c", lock_lifetime=0.1):
            order.append(number)
            await asyncio.sleep(0.5)

    first, second = await asyncio.gather(hold(1), hold(2), return_exceptions=True)
    assert (first, type(second), order) == (None, LockError, [1])


def test_others_are_waited_for_longer_than_a_lock_lives() -> None:
    assert deadlines.CONVERSATION_WAIT > deadlines.CONVERSATION_LOCK


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
        "from bot.rasa.lock_store import ConversationLockStore\n"
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
    await asyncio.wait_for(in_turn(store, [], 0), A_MINUTE)
