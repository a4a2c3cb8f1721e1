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
        # Not `wait_for`: in Python 3.11 it returns the result of work that ends at the moment at which it is cancelled,
        # and the task that was cancelled then goes on for ever.
        async with asyncio.timeout(deadline):
            return await asyncio.to_thread(work, *arguments)
    except (SQLAlchemyError, TimeoutError) as error:
        metrics.failed(error, "database")
        raise
