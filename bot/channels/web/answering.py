"""Answering a visitor's message: once, whether or not the visitor stays to hear it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.buttons import Buttons
from bot.channels.conversation import DEADLINE, Handler, TrackerReader, apology, converse
from bot.channels.web import turns
from bot.channels.web.limits import Limits
from bot.channels.web.visitors import Visitor
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
CHANNEL = "web"
LOOK_AGAIN = 0.05  # seconds, while another request, or server, is answering the same message
KEEPING = 0.5  # seconds that the visitor waits for an answer to be kept
KEEP_AGAIN, KEEP_TRIES = 1.0, 60  # seconds between further tries, and how many; the visitor has the answer
Event = tuple[str, dict[str, Any]]
Result = TypeVar("Result")
NOT_KEPT = {"again": True}


@dataclass(frozen=True)
class Message:
    """What a visitor sent: its id, what Rasa is told, and what the visitor sees of it."""

    id: str
    text: str
    said: str


class Answering:
    """Answers messages of the website; one for all of them, since it keeps hold of the turns that are running."""

    def __init__(self, handle: Handler, read_tracker: TrackerReader, buttons: Buttons, limits: Limits) -> None:
        self._handle, self._read_tracker, self._buttons, self._limits = handle, read_tracker, buttons, limits
        self._running: set[asyncio.Task[Any]] = set()  # asyncio itself keeps no hold of a task

    async def take(self, visitor: Visitor, message: Message, address: str) -> AsyncIterator[Event]:
        """Take a message and give the events of its answer: `reply` for each, and `done`.

        `done` says {"again": true} where nothing was kept; the same message may then be sent again.

        Raises:
            TooMany: the visitor sent too many.
        """
        try:
            turn = await in_time(turns.begin, visitor, message.id, address, self._limits)
        except (SQLAlchemyError, OSError) as error:
            logger.error("A message of the website cannot be taken: %s.", type(error).__name__)
            return self._not_kept(visitor, message)
        return self._answer(visitor, message) if turn.is_new else self._again(visitor, message, turn)

    async def finish(self, *_: Any) -> None:
        """Give the turns that are running, also those whose visitors are gone, the time that a turn has."""
        if self._running:  # those that wait for the database to come back are given up
            await asyncio.wait(self._running, timeout=DEADLINE + KEEPING)

    async def _answer(self, visitor: Visitor, message: Message) -> AsyncIterator[Event]:
        # A task of its own goes on when the visitor is gone, so that the message that is sent again finds its answer.
        content = await asyncio.shield(self._in_background(self._converse(visitor, message)))
        for reply in content["replies"]:
            yield "reply", reply
        yield "done", {}

    async def _converse(self, visitor: Visitor, message: Message) -> dict[str, Any]:
        replies = await converse(
            self._handle,
            self._read_tracker,
            text=message.text,
            conversation_id=visitor.conversation,
            channel=CHANNEL,
            language=visitor.language,
        )
        numbered = enumerate(replies)
        content = _content(message, *(self._outgoing(visitor, f"{message.id}/{n}", reply) for n, reply in numbered))
        # First kept and then said: who has heard it finds it again, whatever happens meanwhile.
        if not await self._keep(visitor, message, content):
            self._in_background(self._keep_later(visitor, message, content))
        return content

    def _in_background(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _keep_later(self, visitor: Visitor, message: Message, content: dict[str, Any]) -> None:
        for _ in range(KEEP_TRIES):
            await asyncio.sleep(KEEP_AGAIN)
            if await self._keep(visitor, message, content):
                return

    async def _keep(self, visitor: Visitor, message: Message, content: dict[str, Any]) -> bool:
        try:
            await in_time(turns.end, visitor, message.id, content, deadline=KEEPING)
        except (SQLAlchemyError, OSError) as error:
            logger.error("An answer of the website cannot be kept: %s.", type(error).__name__)
            return False
        return True

    async def _again(self, visitor: Visitor, message: Message, turn: turns.Turn) -> AsyncIterator[Event]:
        """The replies to a message that came before, as soon as they are there."""
        content = turn.content
        try:
            while content is None and not turn.given_up:
                await asyncio.sleep(LOOK_AGAIN)
                turn = await in_time(turns.look, visitor, message.id)
                content = turn.content
            if content is None:
                content = self._apologised(visitor, message)
                await in_time(turns.end, visitor, message.id, content, deadline=KEEPING)
        except (SQLAlchemyError, OSError) as error:
            logger.error("A message of the website cannot be looked up: %s.", type(error).__name__)
        for reply in (content or self._apologised(visitor, message))["replies"]:
            yield "reply", reply
        yield "done", {}

    async def _not_kept(self, visitor: Visitor, message: Message) -> AsyncIterator[Event]:
        for reply in self._apologised(visitor, message)["replies"]:
            yield "reply", reply
        yield "done", NOT_KEPT

    def _apologised(self, visitor: Visitor, message: Message) -> dict[str, Any]:
        sorry = apology([visitor.language] if visitor.language else None)
        return _content(message, self._outgoing(visitor, f"{message.id}/0", sorry))

    def _outgoing(self, visitor: Visitor, reply_id: str, reply: dict[str, Any]) -> dict[str, Any]:
        buttons = [
            {
                "title": button["title"],
                "button": self._buttons.reference(visitor.conversation, button["payload"], button["title"]),
            }
            for button in reply["buttons"]
        ]
        kept = {key: reply[key] for key in ("text", "sources", "language")}
        return {"id": reply_id, **kept, "buttons": buttons, "at": _now()}


def _content(message: Message, *replies: dict[str, Any]) -> dict[str, Any]:
    return {"said": message.said, "at": _now(), "replies": [*replies]}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
