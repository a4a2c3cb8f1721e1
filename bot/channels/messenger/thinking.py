"""Rasa turns for Messenger: limited concurrency, and a circuit breaker while turns fail."""

import asyncio
from asyncio import Lock, Semaphore
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.channels.conversation import Handler, TurnFailed, attempt
from bot.channels.intake import UserInput
from bot.channels.messenger import outcomes
from bot.channels.messenger.breaker import Breaker
from bot.channels.messenger.inbox import Task
from bot.channels.web.limits import limits
from bot.channels.work import WorkAllowance, set_aside
from bot.known_channels import MESSENGER
from bot.observing.current_turn import current_turn
from bot.replies.reply import Reply
from bot.storage.deadline import in_time

# Concurrent turns. They are CPU-bound, so more would answer nobody sooner, and would delay acknowledging deliveries.
AT_ONCE = 2


class Thinking:
    """Runs turns of Rasa.

    Attributes:
        survived: events that were processed here and whose outcome could not be written to the database.
    """

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._slots, self._alone, self._breaker = Semaphore(AT_ONCE), Lock(), Breaker()
        self.survived: set[int] = set()
        self._others_rest = True  # perhaps from before this server started
        self._work = WorkAllowance(limits().work)

    async def replies(self, task: Task, said: UserInput, language: str | None) -> list[Reply]:
        """The replies to what was said by the person whose event this is.

        Raises:
            TurnFailed: there are none now, and nothing was stored.
        """
        person, taken = task.thread.conversation, set_aside(said.text)
        # A person whose messages cost much CPU time waits here, and delays nobody else.
        while wait := await self._work.take(person, taken):
            await asyncio.sleep(wait)
        async with self._slot(suspect=task.tries > 0):
            if self._breaker.holds_back():
                raise TurnFailed
            await in_time(outcomes.count_try, task.id, task.id in self.survived)
            self.survived.discard(task.id)
            try:
                replies = await attempt(
                    self._handle,
                    said=said,
                    conversation_id=task.thread.conversation,
                    channel=MESSENGER,
                    address=task.thread.person,
                    language=language,
                    message_id=task.key,
                )
            except TurnFailed:
                self._breaker.failed()
                self._others_rest = True
                raise
        turn = current_turn()
        if turn and turn.worked is not None:
            await self._work.settle(person, taken, turn.worked * 1000)
        self._breaker.succeeded()
        if self._others_rest and turn and turn.has_acted:  # a greeting does without the part that was down
            self._others_rest = False
            await in_time(outcomes.end_rests)
        return replies

    @asynccontextmanager
    async def _slot(self, *, suspect: bool) -> AsyncIterator[None]:
        """A slot for a turn. A suspect, whose server has died before, runs alone: no other turn may get the blame."""
        async with AsyncExitStack() as room:
            if suspect:
                await room.enter_async_context(self._alone)  # two suspects with one slot each would deadlock
            for _ in range(AT_ONCE if suspect else 1):
                await room.enter_async_context(self._slots)
            yield
