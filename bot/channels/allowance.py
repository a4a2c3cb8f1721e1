"""Rate limit of requests per address and minute: counted in Redis for all servers together, else in each server.

The windows are fixed minutes, so an address may make twice as many where two meet. Only a keyed hash of it is kept.
"""

import asyncio
import hashlib
import hmac
import logging
import math
import time
from collections import Counter
from collections.abc import Callable

from bot import deadlines
from bot.keys.signing import key_for
from bot.observing import metrics
from bot.storage.redis_server import redis_client, redis_url

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
MOST_KEPT = 100_000  # addresses counted in memory per minute; with more, all counts start again at zero


class Allowance:
    """Counts requests by kind and address."""

    def __init__(self, most: int, clock: Callable[[], float] = time.time) -> None:
        """
        Args:
            most: requests per minute, counted separately for each kind.
        """
        self._most, self._clock = most, clock
        self._window, self._counts = 0, Counter[str]()

    async def wait(self, kind: str, address: str) -> int:
        """Count a request; returns how many seconds to wait, 0 where it may be made now."""
        now = self._clock()
        window = int(now // WINDOW)
        count = await self._count(window, f"{kind}:{hashed(address)}")
        if count <= self._most:
            return 0
        metrics.RATE_LIMITED.labels(kind).inc()
        return max(1, math.ceil((window + 1) * WINDOW - now))

    async def _count(self, window: int, key: str) -> int:
        if redis_url():
            try:
                async with asyncio.timeout(deadlines.REDIS_COUNTING):
                    return await _count_in_redis(f"bot:requests:{key}:{window}")
            except Exception as error:  # fail open: a failure of Redis is no reason to refuse anybody
                logger.error("Requests cannot be counted in Redis: %s.", type(error).__name__)
                metrics.failed(error, "redis")
        if window != self._window or len(self._counts) >= MOST_KEPT:
            self._window, self._counts = window, Counter()
        self._counts[key] += 1
        return self._counts[key]


async def _count_in_redis(key: str) -> int:
    async with redis_client().pipeline(transaction=True) as both:
        count, _ = await both.incr(key).expire(key, 2 * WINDOW).execute()
    return int(count)


def hashed(address: str) -> str:
    """The keyed hash under which an address is counted; without the key nobody can tell the address."""
    return hmac.new(key_for("addresses"), address.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]
