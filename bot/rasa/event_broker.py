"""An event broker for RabbitMQ that never blocks the server: it answers whether or not RabbitMQ is reachable."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from bot import deadlines
from bot.rasa.event_queue import PLACE, Connected, EventDestination, EventQueue, connected
from bot.rasa.rabbitmq_address import rabbitmq_url

logger = logging.getLogger(__name__)
WAITING = 50_000  # events queued in memory while RabbitMQ is unreachable, about 100 MB; then the oldest are dropped
RETRY = 2.0  # seconds between attempts


class RabbitMQ(EventBroker):  # type: ignore[misc]
    """Publishes events in the background and in their order; `endpoints.yml` names it.

    Rasa's own broker waits at the start until RabbitMQ is reachable and gives up after 100 seconds, loses events that
    are published before it is connected, queues unpublished ones without bound, retries them only after a reconnection
    and then behind newer events, and logs their content. This queue is lost when the server ends; the database has
    every event, and `bot events republish` publishes them again.
    """

    def __init__(self, url: str, place: EventDestination = PLACE) -> None:
        self._url, self._place = url, place
        self._events = EventQueue(WAITING)
        self._connection: Connected | None = None
        self._worker: asyncio.Task[None] | None = None
        self._trouble_since: float | None = None

    @classmethod
    async def from_endpoint_config(cls, _: EndpointConfig | None, __: Any = None) -> "RabbitMQ | None":
        """The server's broker, not connected yet; None where `RABBITMQ_URL` is not set.

        A model that the API loads gets the same broker: with two of them, events could overtake each other.
        """
        url = rabbitmq_url()
        if url is None:
            return None
        loop = asyncio.get_running_loop()
        for other in [other for other in _brokers if other.is_closed()]:
            del _brokers[other]
        broker = _brokers.get(loop)
        if broker is None:
            broker = _brokers[loop] = cls(url)
            broker._worker = asyncio.create_task(broker._publish_all())
        return broker

    def publish(self, event: dict[str, Any]) -> None:
        """Queue an event (`bot.rasa.published_events`) to be published."""
        self._events.add(event)

    def is_ready(self) -> bool:
        """Whether RabbitMQ is connected."""
        return self._connection is not None and not self._connection.lost.is_set()

    async def close(self) -> None:
        """Publish the queued events, up to a deadline, and disconnect."""
        if self._worker is None:
            return
        _brokers.pop(asyncio.get_running_loop(), None)
        until = time.monotonic() + deadlines.BROKER_CONFIRMS
        while len(self._events) and self._trouble_since is None and time.monotonic() < until:
            await asyncio.sleep(0.01)
        self._worker.cancel()
        await asyncio.wait({self._worker})
        if oldest := self._events.oldest():
            logger.error("%d events were not confirmed by RabbitMQ; %s", len(self._events), _how_to_resend(oldest))

    async def _publish_all(self) -> None:
        while True:
            try:
                async with connected(self._url, self._place) as self._connection:
                    while not self._connection.lost.is_set():
                        await self._publish_some(self._connection)
                raise ConnectionError
            except Exception as error:
                self._begin_trouble(type(error).__name__)
            await asyncio.sleep(RETRY)

    async def _publish_some(self, connection: Connected) -> None:
        """Wait for events, or for the end of the connection, and publish them."""
        waits = [asyncio.create_task(wait()) for wait in (self._events.filled.wait, connection.lost.wait)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if connection.lost.is_set():
            return
        loop = asyncio.get_running_loop()
        late = loop.call_later(deadlines.BROKER_CONFIRMS, self._begin_trouble, "nothing is confirmed")
        try:
            sent = await self._events.send(connection)
        finally:
            late.cancel()
        self._end_trouble(sent + len(self._events))

    def _begin_trouble(self, reason: str) -> None:
        if self._trouble_since is None:
            self._trouble_since = time.monotonic()
            logger.error(
                "RabbitMQ takes no events: %s. They wait in memory (%d now) and are retried.",
                reason,
                len(self._events),
            )

    def _end_trouble(self, waited: int) -> None:
        if self._trouble_since is None:
            return
        seconds, self._trouble_since = time.monotonic() - self._trouble_since, None
        logger.warning("RabbitMQ takes events again, after %.0f s; %d had waited.", seconds, waited)
        if self._events.dropped:
            logger.error(
                "%d events were dropped, because more than %d waited; 'bot events republish' publishes them again.",
                self._events.dropped,
                self._events.limit,
            )
            self._events.dropped = 0


def _how_to_resend(oldest: dict[str, Any]) -> str:
    moment = datetime.fromtimestamp(oldest["timestamp"], UTC).isoformat(timespec="seconds")
    return f"'bot events republish --since {moment}' publishes them again."


_brokers: dict[asyncio.AbstractEventLoop, RabbitMQ] = {}
