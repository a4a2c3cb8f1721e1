"""The desk's events for all open pages of this process: one look at the database for everybody, five times a second."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.desk.desk_events import DeskEvent, events_after
from bot.desk.desk_requests import held
from bot.desk.event_numbers import latest_number
from bot.desk.typing import CUSTOMER, who_types
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
MOST_BEHIND = 1000  # events that a page may be behind before it is told to load anew


@dataclass(frozen=True)
class Told:
    """What a page is told: an event's number, kind, reference and agent, or the requests whose customers type now."""

    number: int | None
    kind: str
    reference: str | None = None
    agent: int | None = None
    urgent: bool = False
    typing: tuple[str, ...] = ()


def told(event: DeskEvent) -> Told:
    """An event as pages are told of it: nothing that anybody wrote, which a page asks for with its own right to."""
    reference = event.reference.number if event.reference else None
    return Told(event.number, event.kind.value, reference, event.agent_id, event.is_urgent)


@dataclass
class DeskFeed:
    """Looks for events while a page is open, and passes them on to all pages.

    Attributes:
        number: of the latest event that was passed on.
    """

    number: int = 0
    _pages: set["asyncio.Queue[Told | None]"] = field(default_factory=set)
    _typing: tuple[str, ...] = ()
    _is_closed: bool = False
    _loop: asyncio.AbstractEventLoop | None = None

    def join(self) -> "asyncio.Queue[Told | None]":
        """A queue that gets everything after `number`; None in it: the page must load anew, or the server stops."""
        queue: asyncio.Queue[Told | None] = asyncio.Queue(MOST_BEHIND)
        if self._is_closed:
            queue.put_nowait(None)
        elif self._typing:  # otherwise it would hear of it only when somebody else begins or stops
            queue.put_nowait(Told(None, "typing", typing=self._typing))
        self._pages.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[Told | None]") -> None:
        """The page is closed."""
        self._pages.discard(queue)

    def close(self) -> None:
        """The server stops: every page is told to come again, to another process.

        Called from a signal handler or another thread, where asyncio's queues must not be touched.
        """
        self._is_closed = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_pages)

    def _end_pages(self) -> None:
        for queue in list(self._pages):
            _end(queue)

    async def run(self) -> None:
        """Look until cancelled; a database that fails is asked again."""
        is_failing = False
        self._loop = asyncio.get_running_loop()
        while True:
            try:
                await self._look()
                is_failing = False
            except (SQLAlchemyError, OSError) as error:
                if not is_failing:
                    logger.error("Events cannot be read: %s.", type(error).__name__)
                is_failing = True
            await asyncio.sleep(deadlines.CONSOLE_LOOK)

    async def _look(self) -> None:
        events, typing, latest = await in_time(_read, self.number, bool(self._pages))
        for event in events:
            self._pass_on(told(event))
        # A page that joined while nobody was listened for has read what is there, but not what came meanwhile.
        self.number = events[-1].number if events else self.number if self._pages else latest
        if typing != self._typing:
            self._typing = typing
            self._pass_on(Told(None, "typing", typing=typing))

    def _pass_on(self, what: Told) -> None:
        for queue in list(self._pages):
            if queue.full():
                self._pages.discard(queue)
                _end(queue)
            else:
                queue.put_nowait(what)


def _end(queue: "asyncio.Queue[Told | None]") -> None:
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(None)


def _read(after: int, is_heard: bool) -> tuple[list[DeskEvent], tuple[str, ...], int]:
    """The events after a number, the requests whose customers type, and the latest number."""
    with session_scope() as session:
        latest = latest_number(session)
        if not is_heard:
            return [], (), latest
        events = events_after(session, after) if latest > after else []
        typing = {conversation for conversation, who in who_types(session, datetime.now(UTC)) if who == CUSTOMER}
        if not typing:
            return events, (), latest
        of_them = [one.reference.number for one in held(session) if one.conversation_id in typing]
        return events, tuple(sorted(of_them)), latest
