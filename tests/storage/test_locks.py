"""One turn of a conversation at a time: in one process, and across processes over a real Redis."""

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hammering import CONVERSATION  # tests/hammering.py
from locked_turns import A_MINUTE, WITH_REDIS, in_turn  # tests/storage/locked_turns.py
from own_databases import OwnDatabase  # tests/own_databases.py
from redis import Redis
from sqlalchemy import select

from bot.rasa.lock_store import ConversationLockStore
from bot.schema.tables import ConversationEvent
from bot.settings import PROJECT
from bot.storage.engine import session_scope
from harness.throwaway_redis import RedisServer

OURS = "bot.rasa.lock_store.ConversationLockStore"
PROCESSES, TURNS = 8, 10
TURN = ["user", "action", "bot", "action"]
pytestmark = pytest.mark.usefixtures("nothing_goes_on")


def hammered(url: str, store: str = OURS) -> list[tuple[int, int]]:
    """The turns that were handled when many processes hammered the conversation."""
    done = subprocess.run(
        [sys.executable, "tests/hammering.py", store, str(PROCESSES), str(TURNS)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    return [(process, number) for process, number in json.loads(done.stdout)]


def kept(url: str) -> list[dict[str, Any]]:
    """The events of the conversation without the beginning of its session."""
    with session_scope(url) as session:
        mine = select(ConversationEvent.data).where(ConversationEvent.sender_id == CONVERSATION)
        return [json.loads(row) for row in session.execute(mine.order_by(ConversationEvent.position)).scalars()][2:]


def turns_of(events: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """The turns in order; each must be complete, with its own answer and nothing interleaved."""
    turns = []
    for start in range(0, len(events), len(TURN)):
        turn = events[start : start + len(TURN)]
        assert [event["event"] for event in turn] == TURN
        assert turn[0]["text"] == turn[2]["text"]
        _, number, _, _, process = turn[0]["text"].split()
        turns.append((int(process), int(number)))
    return turns


@pytest.mark.postgres
def test_a_conversation_that_many_processes_hammer_has_every_turn_once_and_in_order(
    own_database: OwnDatabase, redis: RedisServer
) -> None:
    with own_database("postgres") as url:
        hammered(url)
        turns = turns_of(kept(url))
    sent = [(process, number) for process in range(PROCESSES) for number in range(TURNS)]
    assert sorted(turns) == sent
    assert sorted(turns, key=lambda turn: turn[0]) == sent  # a stable sort: each process's own are in their order


@pytest.mark.postgres
def test_without_a_lock_some_turns_fail_and_none_is_lost_or_mixed(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table's unique constraint backs up the lock. Failing turns here also show that the test above can fail."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    with own_database("postgres") as url:
        handled = hammered(url)
        turns = turns_of(kept(url))
    assert sorted(turns) == sorted(handled)
    assert len(handled) < PROCESSES * TURNS


@pytest.mark.parametrize("with_redis", [False, WITH_REDIS])
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


@pytest.mark.parametrize("with_redis", [False, WITH_REDIS])
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
    await asyncio.wait_for(in_turn(other, [], 1), A_MINUTE)


async def test_who_gives_up_waiting_does_not_free_what_is_held(redis: RedisServer) -> None:
    holder, other = ConversationLockStore(), ConversationLockStore()
    async with holder.lock("c"):
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(in_turn(other, [], 0), 0.1)
