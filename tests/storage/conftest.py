"""A Redis for the tests of locks, and an end to what locks do in the background."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from needs import needs  # tests/needs.py
from redis import Redis

from harness.throwaway_redis import RedisServer, redis_server


@pytest.fixture
async def nothing_goes_on() -> AsyncIterator[None]:
    """Locks are released in the background; what goes on after its loop is closed breaks into another test."""
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture(scope="module")
@needs("redis")
def shared_redis() -> Iterator[RedisServer]:
    with redis_server(password="not-to-be-logged") as server:
        yield server


@pytest.fixture
def redis(shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """A Redis with nothing in it, set as REDIS_URL."""
    monkeypatch.setenv("REDIS_URL", shared_redis.url)
    with Redis.from_url(shared_redis.url) as client:
        client.flushall()
    return shared_redis


@pytest.fixture
@needs("redis")
def own_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """One that a test may kill or hold up."""
    with redis_server() as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield server
        server.process.send_signal(signal.SIGCONT)
