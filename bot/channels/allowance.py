"""How many requests an address may make in a minute: counted in Redis for all servers together, else in each.

In fixed minutes, so an address may make twice as many around a minute's turn. No address is kept: only a keyed hash.
"""

import asyncio
import hashlib
import hmac
import logging
import math
import time
from collections import Counter
from collections.abc import Callable

from bot import metrics
from bot.signing import key_for
from bot.storage.redis_server import redis_client, redis_url

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
MOST_KEPT = 100_000  # addresses of a minute that are told apart in memory; with more, all begin anew
PATIENCE = 0.2  # seconds that Redis may take


class Allowance:
    """Counts requests by what they are for and who makes them."""

    def __init__(self, most: int, clock: Callable[[], float] = time.time) -> None:
        """
        Args:
            most: requests in a minute, of each kind by itself.
        """
        self._most, self._clock = most, clock
        self._window, self._counts = 0, Counter[str]()

    async def wait(self, kind: str, address: str) -> int:
        """Count a request; gives back how many seconds to wait before the next, 0 where it may be made now."""
        now = self._clock()
        window = int(now // WINDOW)
        count = await self._count(window, f"{kind}:{_hashed(address)}")
        if count <= self._most:
            return 0
        metrics.RATE_LIMITED.labels(kind).inc()
        return max(1, math.ceil((window + 1) * WINDOW - now))

    async def _count(self, window: int, key: str) -> int:
        if redis_url():
            try:
                async with asyncio.timeout(PATIENCE):
                    return await _count_in_redis(f"bot:requests:{key}:{window}")
            except Exception as error:  # whoever is refused because Redis fails would be refused for nothing
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


def _hashed(address: str) -> str:
    return hmac.new(key_for("addresses"), address.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]
