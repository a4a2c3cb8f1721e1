"""The queue of events for RabbitMQ, oldest first; each stays until RabbitMQ has confirmed it (publisher confirms)."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import Any, NamedTuple

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange

from bot import deadlines
from bot.rasa.published_events import EVENT_ID
from bot.settings.of_rasa import RASA_ENVIRONMENT

AT_ONCE = 100  # events in flight: sent, and not yet confirmed


class EventDestination(NamedTuple):
    """The destination in RabbitMQ: a fanout exchange, and the durable queues that are bound to it."""

    exchange: str
    queues: tuple[str, ...]


PLACE = EventDestination("rasa-exchange", ("conversation-events",))


class Connected:
    """A connection that can publish.

    Attributes:
        lost: set when the connection has ended, for whatever reason.
    """

    def __init__(self, connection: AbstractConnection, exchange: AbstractExchange) -> None:
        self.lost = asyncio.Event()
        self._exchange = exchange
        connection.close_callbacks.add(self._note_loss)

    def _note_loss(self, *_: Any) -> None:
        self.lost.set()

    async def publish(self, event: dict[str, Any]) -> None:
        """Publish one event and wait, without a time limit, until RabbitMQ confirms that it is on disk.

        Raises:
            AMQPError, ConnectionError: RabbitMQ refuses it, no queue takes it, or the connection has ended.
        """
        await self._exchange.publish(_message(event), "")


@asynccontextmanager
async def connected(url: str, place: EventDestination) -> AsyncIterator[Connected]:
    """Within the block, a connection whose exchange and queues are declared.

    Raises:
        AMQPError, OSError, TimeoutError: the connection fails.
    """
    async with asyncio.timeout(deadlines.BROKER_CONNECT):
        connection = await aio_pika.connect(url)
    try:
        async with asyncio.timeout(deadlines.BROKER_CONNECT):
            # Mandatory: an event that no queue takes comes back as an error; otherwise it would count as confirmed.
            channel = await connection.channel(on_return_raises=True)
            exchange = await channel.declare_exchange(place.exchange, aio_pika.ExchangeType.FANOUT)
            for name in place.queues:
                queue = await channel.declare_queue(name, durable=True)
                await queue.bind(exchange, "")
        yield Connected(connection, exchange)
    finally:
        with suppress(Exception):
            async with asyncio.timeout(deadlines.BROKER_CLOSE):
                await connection.close()


class EventQueue:
    """Unconfirmed events, in their order.

    Attributes:
        limit: how many may wait, more than `AT_ONCE`.
        filled: set while some wait.
        dropped: how many of the oldest were dropped because more than `limit` waited.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.dropped = limit, 0
        self.filled = asyncio.Event()
        self._waiting: deque[dict[str, Any]] = deque()
        self._sent = 0  # how many of the first are in flight

    def __len__(self) -> int:
        return len(self._waiting)

    def oldest(self) -> dict[str, Any] | None:
        """The first event, or None."""
        return self._waiting[0] if self._waiting else None

    def add(self, event: dict[str, Any]) -> None:
        """Append an event; of too many, drop the oldest that is not in flight."""
        if len(self._waiting) >= self.limit:
            del self._waiting[self._sent]
            self.dropped += 1
        self._waiting.append(event)
        self.filled.set()

    async def send(self, connection: Connected) -> int:
        """Send the first events, and remove the confirmed ones; returns how many.

        It waits for confirms while the connection lasts; only after its end events are sent again: an event given up
        earlier could still arrive, and then a second time behind newer ones.

        Raises:
            AMQPError, ConnectionError: not all were confirmed; the others are still first in the queue.
        """
        batch = list(islice(self._waiting, AT_ONCE))
        self._sent = len(batch)
        # In their order: each takes the channel's lock before the next one asks for it.
        sending = [asyncio.create_task(connection.publish(event)) for event in batch]
        ended = asyncio.create_task(connection.lost.wait())
        confirmed = asyncio.gather(*sending, return_exceptions=True)
        waits: list[asyncio.Future[Any]] = [confirmed, ended]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*sending, ended):
                task.cancel()
            results = await asyncio.gather(*sending, return_exceptions=True)
            self._take_out(batch, results)
        if failure := next((result for result in results if isinstance(result, BaseException)), None):
            raise failure if isinstance(failure, Exception) else ConnectionError from failure
        return len(batch)

    def _take_out(self, batch: list[dict[str, Any]], results: list[BaseException | None]) -> None:
        for _ in batch:
            self._waiting.popleft()
        left = [event for event, result in zip(batch, results, strict=True) if result is not None]
        self._waiting.extendleft(reversed(left))
        self._sent = 0
        if not self._waiting:
            self.filled.clear()


def _message(event: dict[str, Any]) -> aio_pika.Message:
    return aio_pika.Message(
        json.dumps(event).encode(),
        message_id=event.get(EVENT_ID),
        content_type="application/json",
        app_id=RASA_ENVIRONMENT.value() or None,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
