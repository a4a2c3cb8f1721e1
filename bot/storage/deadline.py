"""Database work for code that must not block: in a thread, with a timeout."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.observing import metrics

Result = TypeVar("Result")


async def in_time(work: Callable[..., Result], *arguments: object, deadline: float = deadlines.DATABASE_WORK) -> Result:
    """The result of `work`, run in a thread.

    Raises:
        TimeoutError: it took longer than `deadline` seconds; the thread goes on and may still finish.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(work, *arguments), deadline)
    except (SQLAlchemyError, TimeoutError) as error:
        metrics.failed(error, "database")
        raise
