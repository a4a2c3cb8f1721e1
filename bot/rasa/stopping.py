"""Graceful shutdown: a server that is told to stop while it is starting stops once it has started.

Sanic 21.12 answers requests before its `after_server_start` listeners are done, among them those that load the model
and warm it up. A signal during that time stopped the event loop in the middle: the server crashed, and open requests
got no answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

from sanic import Sanic

LOOK_AGAIN = 0.1  # seconds between two checks whether the server has started
ServerEvent = Callable[[Sanic, str, str, asyncio.AbstractEventLoop | None], Awaitable[None]]


def mark_started(server_event: ServerEvent) -> ServerEvent:
    """`Sanic._server_event`, which also notes when the start listeners are done."""

    async def marked_event(
        self: Sanic, concern: str, action: str, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        await server_event(self, concern, action, loop)
        if (concern, action) == ("init", "after"):
            # Only then the event loop runs the server; before, it ran only the listeners.
            asyncio.get_running_loop().call_later(LOOK_AGAIN, setattr, self.ctx, "has_started", True)

    return marked_event


def stop_when_started(stop: Callable[[Sanic], None]) -> Callable[[Sanic], None]:
    """`Sanic.stop`, which is postponed until the start listeners are done."""

    def stop_in_time(self: Sanic) -> None:
        if getattr(self.ctx, "has_started", False):
            stop(self)
        else:
            asyncio.get_running_loop().call_later(LOOK_AGAIN, self.stop)

    return stop_in_time
