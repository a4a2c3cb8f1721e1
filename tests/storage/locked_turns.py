"""A turn that takes the lock of a conversation, for the tests of locks."""

import asyncio

import pytest
from rasa.core.lock_store import LockStore

A_MINUTE = 60.0  # seconds for what takes none, on whatever machine
WITH_REDIS = pytest.param(True, marks=pytest.mark.redis)


async def in_turn(store: LockStore, order: list[int], number: int, pause: float = 0.01) -> None:
    async with store.lock("c"):
        order.append(number)
        await asyncio.sleep(pause)
        order.append(number)
