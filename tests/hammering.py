"""Hammers one conversation from several processes at once: `python tests/hammering.py STORE PROCESSES TURNS`.

STORE is the class of the lock store, as `endpoints.yml` names it; database and Redis come from the environment. Prints
the turns that were handled, as JSON: [[process, number of the turn], …].

A turn goes through Rasa's `Agent.handle_message` and does with lock and store what `MessageProcessor` does, without
understanding anything.
"""

import asyncio
import json
import multiprocessing
import os
import random
import sys
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore, RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.utils.endpoints import EndpointConfig
from redis import Redis

from bot.storage.conversations import ConversationStore, fail_loudly

CONVERSATION = "hammered"
STOCK = "redis"
PAUSE = 0.01  # seconds at most that a turn waits for something, such as the action server


class TurnKeeper:
    """What a turn does with the conversation: read, go on, wait for others, go on, save."""

    def __init__(self, store: TrackerStore) -> None:
        self._store = store

    async def handle_message(self, message: UserMessage) -> None:
        tracker = await self._store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        if not tracker.events:
            tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], Domain.empty())
        tracker.update(UserUttered(message.text))
        await asyncio.sleep(random.uniform(0, PAUSE))
        for event in (ActionExecuted("action_answer"), BotUttered(message.text), ActionExecuted("action_listen")):
            tracker.update(event)
        await self._store.save(tracker)


def lock_store(kind: str) -> LockStore:
    """A lock store, as Rasa makes it from `endpoints.yml`."""
    if kind == STOCK:
        store = RedisLockStore()
        store.red = Redis.from_url(os.environ["REDIS_URL"])
        return store
    return LockStore.create(EndpointConfig(type=kind))


async def hammer(kind: str, process: int, turns: int) -> list[tuple[int, int]]:
    """Send all messages of a process at once; gives the turns that were handled."""
    agent = Agent(Domain.empty(), tracker_store=ConversationStore(Domain.empty()), lock_store=lock_store(kind))
    fail_loudly(agent)
    keeper: Any = TurnKeeper(agent.tracker_store)
    agent.processor = keeper

    async def turn(number: int) -> bool:
        try:
            await agent.handle_message(UserMessage(f"{process} {number}", sender_id=CONVERSATION))
        except Exception as error:
            print(type(error).__name__, file=sys.stderr)
            return False
        return True

    handled = await asyncio.gather(*(turn(number) for number in range(turns)))
    return [(process, number) for number, done in enumerate(handled) if done]


def _in_process(job: tuple[str, int, int]) -> list[tuple[int, int]]:
    return asyncio.run(hammer(*job))


if __name__ == "__main__":
    kind, processes, turns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        done = pool.map(_in_process, [(kind, process, turns) for process in range(processes)], chunksize=1)
    print(json.dumps([turn for each in done for turn in each]))
