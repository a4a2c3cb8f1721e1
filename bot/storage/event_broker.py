"""Rasa's own broker for RabbitMQ, for a server that must answer whether or not RabbitMQ is there."""

import asyncio
import logging
import sys
from collections import deque
from typing import Any
from urllib.parse import unquote, urlsplit

from rasa.core.brokers.pika import PikaEventBroker
from rasa.utils.endpoints import EndpointConfig

from bot.settings import rabbitmq_url

logger = logging.getLogger(__name__)
QUEUE = "conversation-events"
WAITING = 50_000  # events that are kept while RabbitMQ is away, about 100 MB; then the oldest go
PATIENCE = 2.0  # seconds until publishing counts as failed
RETRY = 2.0  # seconds between attempts to connect
PORTS = {"amqp": 5672, "amqps": 5671}


class RabbitMQ(PikaEventBroker):  # type: ignore[misc]
    """`PikaEventBroker` that connects beside the server's work; `endpoints.yml` names it.

    Rasa's own waits at the start until RabbitMQ is there and gives up after 100 seconds, loses what is published before
    it is connected, keeps without bound what cannot be published, and writes it into the log. What waits here is lost
    with the server; the database has every event.
    """

    def __init__(self, url: str, event_loop: asyncio.AbstractEventLoop | None = None) -> None:
        parts = urlsplit(url)
        host = str(parts.hostname)
        super().__init__(
            url if parts.scheme == "amqps" else host,
            unquote(str(parts.username)),
            unquote(str(parts.password)),
            port=parts.port or PORTS[parts.scheme],
            queues=[QUEUE],
            event_loop=event_loop,
            connection_attempts=sys.maxsize,
            retry_delay_in_seconds=RETRY,
        )
        self._unpublished_events: deque[dict[str, Any]] = deque(maxlen=WAITING)

    @classmethod
    async def from_endpoint_config(
        cls, _: EndpointConfig | None, event_loop: asyncio.AbstractEventLoop | None = None
    ) -> "RabbitMQ | None":
        """The broker, not connected yet; None where `RABBITMQ_URL` is not set."""
        url = rabbitmq_url()
        if url is None:
            return None
        broker = cls(url, event_loop)
        broker._connecting = asyncio.create_task(broker._connect_and_catch_up())
        return broker

    async def close(self) -> None:
        """Publish what is on its way, for a moment, and disconnect."""
        if self._background_tasks:
            await asyncio.wait(self._background_tasks, timeout=PATIENCE)
        self._connecting.cancel()
        await super().close()

    async def _connect_and_catch_up(self) -> None:
        try:
            await self.connect()
        except Exception as error:  # it answers, but has something against us: only an operator can mend that
            logger.error("RabbitMQ does not take events: %s. They are kept until a restart.", type(error).__name__)
        else:
            self._publish_unpublished_messages()

    async def _publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        try:
            if self._exchange is None:
                raise ConnectionError
            # One limit of time for all; aio_pika's own sets a task to work for each of its steps.
            async with asyncio.timeout(PATIENCE):
                await self._exchange.publish(self._message(event, headers), "")
        except Exception as error:
            if not self._unpublished_events:
                logger.error("Events cannot be published now: %s. They are kept.", type(error).__name__)
            self._unpublished_events.append(event)
