"""`bot events`: publishes events that RabbitMQ has missed again, from the database."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import typer
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from bot.clock import parse_moment
from bot.commands.console import fail, out, plain_errors
from bot.rasa.event_queue import PLACE, EventQueue, connected
from bot.rasa.rabbitmq_address import rabbitmq_url
from bot.rasa.stored_events import PAGE, stored_events
from bot.settings.servers import RABBITMQ_URL

app = typer.Typer(help="Conversations' events in RabbitMQ.", no_args_is_help=True)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
AGAIN = "Run the same command again: events that arrived already have the same event_id"


@app.callback()
def _group() -> None:
    """Conversations' events in RabbitMQ."""


@app.command()
def republish(
    since: str = typer.Option(None, metavar="TIME", help="From this day or ISO 8601 time on (Riga's without a zone)."),
    until: str = typer.Option(None, metavar="TIME", help="Up to this day or time, exclusive."),
    conversation: list[str] = typer.Option([], help="Id of a conversation; can be given several times."),  # noqa: B008
    everything: bool = typer.Option(False, "--all", help="All stored events."),
    patience: float = typer.Option(60, min=1, help="Timeout in seconds for RabbitMQ to confirm 500 events."),
) -> None:
    """Publish stored events again, in order and redacted as stored; ends when RabbitMQ has confirmed them all.

    Each has the event_id that it was last published with, also as the AMQP message_id: an idempotency key, by which
    consumers drop duplicates.
    """
    if everything == bool(since or until or conversation):
        fail("Say which events: --since, --until and --conversation, or --all.")
    with plain_errors():
        url = rabbitmq_url()
        if url is None:
            fail(f"{RABBITMQ_URL.name} is not set, so no events are published.")
        pages = stored_events(_moment(since), _moment(until), conversation)
        count = asyncio.run(_publish(url, pages, patience))
    out.print(f"{count} events published and confirmed.")


def _moment(text: str | None) -> datetime | None:
    """Parse a day or time; a day means its first moment."""
    if not text:
        return None
    return parse_moment(f"{text}T00:00" if DAY.fullmatch(text) else text)


async def _publish(url: str, pages: Iterator[list[dict[str, Any]]], patience: float) -> int:
    queue, count, trouble = EventQueue(limit=2 * PAGE), 0, "cannot be used"
    try:
        async with connected(url, PLACE) as connection:
            trouble = "does not confirm"
            for page in pages:
                for event in page:
                    queue.add(event)
                async with asyncio.timeout(patience):
                    while len(queue):
                        await queue.send(connection)
                count += len(page)
    except CONNECTION_EXCEPTIONS as error:
        fail(f"RabbitMQ {trouble} ({type(error).__name__}); {count} events are published and confirmed. {AGAIN}.")
    return count
