"""Rate limit of the CPU time spent on understanding messages, per address: in Redis for all servers together, else in
each.

A leaky bucket: it holds a quarter of a minute's allowance (the burst), and empties at the rate of the allowance. Only a
keyed hash of the address is kept.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable

from bot import deadlines
from bot.channels.allowance import MOST_KEPT, hashed
from bot.observing import metrics
from bot.storage.redis_server import redis_client, redis_url

logger = logging.getLogger(__name__)
EACH_CHARACTER = 0.1  # milliseconds reserved until it is known what a text took
BURST = 0.25  # of a minute's allowance
# KEYS: the bucket. ARGV: now (seconds), rate (ms a second), size and added (ms), whether it is a settlement ("0": no).
_BUCKET = """
local at, level = unpack(redis.call('HMGET', KEYS[1], 'at', 'level'))
local now, rate, size, added = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
level = math.max(0, (tonumber(level) or 0) - rate * math.max(0, now - (tonumber(at) or now)))
local over = level + added - size
if ARGV[5] == '0' and level > 0 and over > 0 then return math.ceil(over / rate * 1000) end
redis.call('HSET', KEYS[1], 'at', math.max(now, tonumber(at) or now), 'level', math.max(0, level + added))
redis.call('EXPIRE', KEYS[1], 120)
return 0
"""


def set_aside(text: str) -> float:
    """Milliseconds that are reserved for understanding a text."""
    return len(text) * EACH_CHARACTER


class WorkAllowance:
    """Counts the milliseconds of CPU time that each address causes."""

    def __init__(self, most: int, clock: Callable[[], float] = time.time) -> None:
        """
        Args:
            most: milliseconds of CPU time a minute for one address.
        """
        self._rate, self._size, self._clock = most / 60, most * BURST, clock
        self._buckets: dict[str, tuple[float, float]] = {}  # by hashed address: time and level of the last update

    async def take(self, address: str, milliseconds: float) -> int:
        """Reserve work before it is done; returns how many seconds to wait, 0 where it may be done now."""
        wait = await self._add(hashed(address), milliseconds, settled=False)
        return math.ceil(wait)

    async def settle(self, address: str, taken: float, worked: float) -> None:
        """Count what the work really took, in place of the reservation (milliseconds)."""
        await self._add(hashed(address), worked - taken, settled=True)

    async def _add(self, key: str, milliseconds: float, *, settled: bool) -> float:
        now = self._clock()
        if redis_url():
            try:
                async with asyncio.timeout(deadlines.REDIS_COUNTING):
                    arguments = (now, self._rate, self._size, milliseconds, int(settled))
                    wait = await redis_client().eval(_BUCKET, 1, f"bot:work:{key}", *arguments)  # type: ignore[misc]
                    return int(wait) / 1000
            except Exception as error:  # fail open: a failure of Redis is no reason to refuse anybody
                logger.error("Work cannot be counted in Redis: %s.", type(error).__name__)
                metrics.failed(error, "redis")
        if key not in self._buckets and len(self._buckets) >= MOST_KEPT:
            self._buckets.clear()
        at, level = self._buckets.get(key, (now, 0.0))
        level = max(0.0, level - self._rate * max(0.0, now - at))
        over = level + milliseconds - self._size
        if not settled and level > 0 and over > 0:
            return over / self._rate
        self._buckets[key] = max(now, at), max(0.0, level + milliseconds)
        return 0.0
