"""A consumer of the event queue, with aio_pika as real consumers use it."""

import asyncio
import time
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

QUEUE = "conversation-events"
ONE_TOO_MANY = 0.5  # seconds that are waited for it


async def taken(url: str, count: int = 0, patience: float = 20.0) -> list[AbstractIncomingMessage]:
    """Consume everything in the queue, in order; waits until there are `count`, then for one too many."""
    found: list[AbstractIncomingMessage] = []
    connection = await aio_pika.connect(url)
    async with connection:
        queue = await (await connection.channel()).declare_queue(QUEUE, durable=True)
        until = time.monotonic() + (patience if count else ONE_TOO_MANY)
        while True:
            message = await queue.get(no_ack=True, fail=False)
            if message is not None:
                found.append(message)
                if len(found) == count:
                    until = time.monotonic() + ONE_TOO_MANY
            elif time.monotonic() > until:
                return found
            else:
                await asyncio.sleep(0.02)


def each_once(messages: list[AbstractIncomingMessage]) -> list[AbstractIncomingMessage]:
    """What an idempotent consumer keeps, which drops ids that it has seen."""
    seen: dict[Any, AbstractIncomingMessage] = {}
    for message in messages:
        seen.setdefault(message.message_id, message)
    return list(seen.values())
