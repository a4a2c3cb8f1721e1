"""Work with the database from code that must not wait: in a thread, and only so long."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
DEADLINE = 2.0  # seconds


async def in_time(work: Callable[..., Result], *arguments: object, deadline: float = DEADLINE) -> Result:
    """What `work` gives, run in a thread.

    Raises:
        TimeoutError: it took longer; it may still come to its end.
    """
    return await asyncio.wait_for(asyncio.to_thread(work, *arguments), deadline)
