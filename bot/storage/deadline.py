"""Work with the database from code that must not wait: in a thread, and only so long."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot import metrics

Result = TypeVar("Result")
DEADLINE = 2.0  # seconds


async def in_time(work: Callable[..., Result], *arguments: object, deadline: float = DEADLINE) -> Result:
    """What `work` gives, run in a thread.

    Raises:
        TimeoutError: it took longer; it may still come to its end.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(work, *arguments), deadline)
    except (SQLAlchemyError, TimeoutError) as error:
        metrics.failed(error, "database")
        raise
