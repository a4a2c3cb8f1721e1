"""An event loop in a thread of its own, so that tests with and without asyncio can use the stand-in."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
# Nothing that is called here waits for anybody else.
LONGEST_CALL_SECONDS = 10


class LoopThread:
    """Runs coroutines and functions in its loop, for other threads."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, Result]) -> "Future[Result]":
        """Starts a coroutine."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, Result], timeout_seconds: float = LONGEST_CALL_SECONDS) -> Result:
        """Runs a coroutine. Raises TimeoutError, and what it raises."""
        future = self.start(work)
        try:
            return future.result(timeout_seconds)
        except TimeoutError:
            future.cancel()
            raise

    def call(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Runs a function, while nothing else in the loop runs."""

        async def called() -> Result:
            return function(*args, **kwargs)

        return self.run(called())

    def stop(self) -> None:
        """Cancels what runs, and ends the thread."""
        with suppress(TimeoutError):
            self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONGEST_CALL_SECONDS)
        self._loop.close()


async def _cancel_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
