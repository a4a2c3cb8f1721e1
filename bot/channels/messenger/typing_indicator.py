"""Shows in Messenger that somebody of the company types (`sender_action`).

Messenger hides the indicator after 20 seconds, and with the next message; it has to be switched on again in good time,
and off when the person stops. Meta tells no app that a customer types, so the other direction does not exist.
"""

import asyncio
import math
import time
from collections.abc import Callable, Collection

from bot.channels.messenger.graph import Graph, GraphError

SHOWN_AGAIN = 10.0  # seconds; Messenger ends the indicator after 20
ON, OFF = "typing_on", "typing_off"


class TypingIndicator:
    """The indicators that this server has switched on."""

    def __init__(self, graph: Graph, clock: Callable[[], float] = time.monotonic) -> None:
        self._graph, self._clock = graph, clock
        self._shown: dict[str, float] = {}  # whom it is shown to, and when it was last switched on
        self._sending: dict[str, asyncio.Task[None]] = {}

    def show(self, persons: Collection[str]) -> None:
        """Show it to these persons, and to nobody else."""
        for person in self._shown.keys() - set(persons):
            if self._begins(person, OFF):
                del self._shown[person]
        now = self._clock()
        for person in persons:
            is_due = now - self._shown.get(person, -math.inf) >= SHOWN_AGAIN
            if is_due and self._begins(person, ON):
                self._shown[person] = now

    def hidden(self, person: str) -> None:
        """Note that Messenger has hidden it, since the person got a message."""
        if person in self._shown:
            self._shown[person] = -math.inf

    def stop(self) -> None:
        """Send nothing more; Messenger ends what is shown."""
        for task in self._sending.values():
            task.cancel()

    def _begins(self, person: str, action: str) -> bool:
        """Send an action; False while Graph has not answered the last one: then the next look tries again."""
        if person in self._sending:
            return False
        task = asyncio.create_task(self._sent(person, action))
        self._sending[person] = task
        task.add_done_callback(lambda _: self._sending.pop(person, None))
        return True

    async def _sent(self, person: str, action: str) -> None:
        body = {"recipient": {"id": person}, "sender_action": action}
        try:
            await self._graph.post("me/messages", body, tries=1)
        except GraphError:
            return  # the indicator is no message; while somebody types it is tried again
