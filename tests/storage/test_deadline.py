"""Database work with a deadline: whoever is cancelled meanwhile stays cancelled."""

import asyncio
import time

import pytest

from bot.storage.deadline import in_time

ENDED = 0.05  # seconds in which the work has ended, while the event loop is kept from hearing of it


@pytest.mark.parametrize("steps", range(8))
async def test_who_is_cancelled_as_the_work_ends_does_not_go_on(steps: int) -> None:
    """At one of these steps the work has ended, but the one who waits for it has not been told."""
    waiting = asyncio.create_task(in_time(int))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(ENDED)
    for _ in range(steps):
        await asyncio.sleep(0)
    was_done = waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert was_done or waiting.cancelled()


async def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        await in_time(time.sleep, 0.2, deadline=0.01)
