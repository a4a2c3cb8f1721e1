"""Rasa's lock store: one turn of a conversation at a time, in this process and, with Redis, in all of them."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockError, LockStore
from redis.asyncio.lock import Lock
from redis.exceptions import LockNotOwnedError, RedisError

from bot.storage.redis_server import redis_client, redis_url

LIFETIME = 5.0  # seconds; longer than a turn may take, and how long a killed server holds a conversation
POLL = 0.02  # seconds between two looks whether another process is done
RELEASE_PATIENCE = 0.1  # seconds that an answered customer may wait for Redis
PREFIX = "conversation-lock:"
logger = logging.getLogger(__name__)


class ConversationLockStore(LockStore):  # type: ignore[misc]
    """Holds a conversation for one turn; `endpoints.yml` names it.

    Within a process, messages get their turn in the order in which they came. Where `REDIS_URL` is set, the first in
    line then holds redis-py's own lock, so that a conversation is one process's at a time, and Redis sees one waiter a
    process. Rasa's `RedisLockStore` reads, changes and writes its tickets without atomicity: two can get the same one.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        # A conversation's lock is here for as long as somebody holds it or waits for it.
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._releases: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFETIME, wait_time_in_seconds: float = POLL
    ) -> AsyncIterator[None]:
        """Hold a conversation within the block. It waits for as long as its caller lets it.

        Args:
            lock_lifetime: seconds after which Redis frees what was never released, as when its holder was killed.
            wait_time_in_seconds: between two looks at Redis.

        Raises:
            LockError: Redis is gone, or does not answer in time.
        """
        async with self._here.setdefault(conversation_id, asyncio.Lock()):
            if redis_url() is None:
                yield
                return
            lock = redis_client().lock(
                PREFIX + conversation_id, timeout=lock_lifetime, sleep=wait_time_in_seconds, thread_local=False
            )
            token, held = uuid.uuid4().hex.encode(), False
            try:
                held = await _acquire(lock, token)
                yield
            finally:
                # Also where it was not got: Redis may have given it when nobody waited for the answer any more.
                await asyncio.wait({self._in_background(_release(lock, token, held))}, timeout=RELEASE_PATIENCE)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._releases.add(task)  # the event loop itself holds no more than a weak reference
        task.add_done_callback(self._releases.discard)
        return task


async def _acquire(lock: Lock, token: bytes) -> bool:
    try:
        return bool(await lock.acquire(token=token))
    except RedisError as error:
        logger.error("Redis cannot lock a conversation: %s.", type(error).__name__)
        raise LockError("Redis cannot lock a conversation.") from error


async def _release(lock: Lock, token: bytes, held: bool) -> None:
    """Let go of what is ours. Never raises: the customer has the answer already, or an apology."""
    try:
        await lock.do_release(token)
    except LockNotOwnedError:
        if held:
            logger.error(
                "A turn took longer than its lock of %s seconds; another server may have begun one.", lock.timeout
            )
    except RedisError as error:
        if held:
            logger.error(
                "Redis cannot release a conversation, which is free in %s s: %s.", lock.timeout, type(error).__name__
            )
