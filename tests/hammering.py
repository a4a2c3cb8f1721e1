"""Hammers one conversation from several processes at once: `python tests/hammering.py STORE PROCESSES TURNS`.

STORE is the class of the lock store, as `endpoints.yml` names it; database and Redis come from the environment. Prints
the turns that were handled, as JSON: [[process, number of the turn], …].

A turn goes through Rasa's `Agent.handle_message` and does with lock and store what `MessageProcessor` does, without
NLU.
"""

import asyncio
import json
import multiprocessing
import os
import random
import sys
from functools import partial
from typing import Any

from bot import deadlines
from bot.rasa.without_tensorflow import leave_out_tensorflow

leave_out_tensorflow()

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.core.lock_store import LockStore, RedisLockStore  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from redis import Redis  # noqa: E402

from bot.rasa import tracker_store as conversations  # noqa: E402
from bot.rasa.patching import apply, patches_by  # noqa: E402
from bot.rasa.tracker_store import ConversationStore  # noqa: E402
from bot.storage.deadline import in_time  # noqa: E402

CONVERSATION = "hammered"
STOCK = "redis"
PAUSE = 0.01  # seconds at most that a turn waits for something, such as the action server


class TurnKeeper:
    """What a turn does with the conversation: read, continue, wait for others, continue, save."""

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
    """Send all messages of a process concurrently; returns the handled turns."""
    agent = Agent(Domain.empty(), tracker_store=ConversationStore(Domain.empty()), lock_store=lock_store(kind))
    apply(patches_by("bot.rasa.tracker_store:raise_store_error"))
    keeper: Any = TurnKeeper(agent.tracker_store)
    agent.processor = keeper

    async def turn(number: int) -> bool:
        try:
            await agent.handle_message(UserMessage(f"turn {number} of process {process}", sender_id=CONVERSATION))
        except Exception as error:
            print(type(error).__name__, file=sys.stderr)
            return False
        return True

    handled = await asyncio.gather(*(turn(number) for number in range(turns)))
    return [(process, number) for number, done in enumerate(handled) if done]


def _in_process(job: tuple[str, int, int]) -> list[tuple[int, int]]:
    return asyncio.run(hammer(*job))


def _give_time() -> None:
    """Eight processes keep even a quiet machine busy, and how soon one gives up is not what is tested."""
    conversations.in_time = partial(in_time, deadline=60.0)  # type: ignore[assignment]
    deadlines.CONVERSATION_LOCK, deadlines.CONVERSATION_WAIT = 60.0, 240.0


if __name__ == "__main__":
    _give_time()
    kind, processes, turns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        done = pool.map(_in_process, [(kind, process, turns) for process in range(processes)], chunksize=1)
    print(json.dumps([turn for each in done for turn in each]))
