"""Rasa's lock store: one turn of a conversation at a time, in this process and, with Redis, in all of them."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockError, LockStore
from redis.asyncio.lock import Lock
from redis.exceptions import LockNotOwnedError, RedisError

from bot import deadlines
from bot.rasa.line import NOT_FREE, WaitingLine
from bot.storage.redis_server import redis_client, redis_url

POLL = 0.02  # seconds between two polls of Redis
PREFIX = "conversation-lock:"
logger = logging.getLogger(__name__)


class ConversationLockStore(LockStore):  # type: ignore[misc]
    """Locks a conversation for one turn; `endpoints.yml` names it.

    Within a process, messages are handled in the order in which they came. Where `REDIS_URL` is set, the first in line
    then takes redis-py's lock, so that one process at a time has a conversation, and Redis sees one waiter per process.
    Rasa's `RedisLockStore` reads, changes and writes its tickets without atomicity: two can get the same one.

    As with Rasa's, nobody waits for ever, and a turn that takes longer than the lock's lifetime loses the lock to the
    next one (a lease).
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        # Weak references: a conversation's line exists as long as somebody uses it.
        self._here: WeakValueDictionary[str, WaitingLine] = WeakValueDictionary()
        self._releases: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float | None = None, wait_time_in_seconds: float = POLL
    ) -> AsyncIterator[None]:
        """Lock a conversation within the block.

        Args:
            lock_lifetime: seconds after which the lock expires, in case a server was killed or a turn does not end.
                Where it is given, it is also the longest wait for the lock.
            wait_time_in_seconds: between two polls of Redis.

        Raises:
            LockError: it did not become free in time, or Redis does not answer.
        """
        lifetime, patience = lock_lifetime or deadlines.CONVERSATION_LOCK, lock_lifetime or deadlines.CONVERSATION_WAIT
        until = time.monotonic() + patience
        async with self._here.setdefault(conversation_id, WaitingLine()).first(patience) as place:
            if redis_url() is None:
                place.expire_in(lifetime)
                yield
                return
            lock = redis_client().lock(
                PREFIX + conversation_id, timeout=lifetime, sleep=wait_time_in_seconds, thread_local=False
            )
            token, held = uuid.uuid4().hex.encode(), False
            try:
                held = await _acquire(lock, token, max(0.0, until - time.monotonic()))
                place.expire_in(lifetime)
                yield
            finally:
                # Also where the acquire failed: Redis may have granted the lock after the wait for it had ended.
                release = self._in_background(_release(lock, token, held))
                await asyncio.wait({release}, timeout=deadlines.CONVERSATION_RELEASE)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._releases.add(task)  # the event loop itself keeps only a weak reference
        task.add_done_callback(self._releases.discard)
        return task


async def _acquire(lock: Lock, token: bytes, patience: float) -> bool:
    try:
        held = await lock.acquire(token=token, blocking_timeout=patience)
    except RedisError as error:
        logger.error("Redis cannot lock a conversation: %s.", type(error).__name__)
        raise LockError("Redis cannot lock a conversation.") from error
    if not held:
        raise LockError(NOT_FREE)
    return True


async def _release(lock: Lock, token: bytes, held: bool) -> None:
    """Release our lock. Never raises: the customer has the answer already, or an apology."""
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
