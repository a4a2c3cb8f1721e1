"""A fair in-process lock with expiry for one conversation: first come, first served."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rasa.core.lock_store import LockError

logger = logging.getLogger(__name__)
GRACE = 0.05  # seconds; a waiter whose patience is the lock's whole lifetime gives up first, as with Rasa's tickets
NOT_FREE = "A conversation did not become free in time."


class PlaceInLine:
    """The first place in a line: the lock, while it is held."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock: asyncio.Lock | None = lock
        self._end: asyncio.TimerHandle | None = None

    def expire_in(self, seconds: float) -> None:
        """Release the lock after this time, even if its holder is not done by then."""
        self._end = asyncio.get_running_loop().call_later(seconds + GRACE, self._expire, seconds)

    def leave(self) -> None:
        """Release the lock, unless it was released already."""
        if self._end is not None:
            self._end.cancel()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _expire(self, seconds: float) -> None:
        logger.error("A turn took longer than its lock of %s seconds; another may begin.", seconds)
        self.leave()


class WaitingLine:
    """The queue of turns that wait for one conversation."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def first(self, patience: float) -> AsyncIterator[PlaceInLine]:
        """Hold the lock within the block.

        Args:
            patience: seconds to wait.

        Raises:
            LockError: it did not become free in this time.
        """
        try:
            async with asyncio.timeout(patience):
                await self._lock.acquire()
        except TimeoutError as error:
            raise LockError(NOT_FREE) from error
        place = PlaceInLine(self._lock)
        try:
            yield place
        finally:
            place.leave()
