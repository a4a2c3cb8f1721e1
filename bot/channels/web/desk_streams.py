"""What happens at the desk, sent to the visitors' clients as it happens.

What is new is read once in each process (`bot.channels.desk_watch` tells when), and given to the streams of the
conversations that it is about. What a client has missed it gets by the number of the last event that it has, so nothing
hangs on a stream that lives on.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot import deadlines
from bot.channels.desk_watch import DeskWatch, Glance
from bot.channels.web import web_turns
from bot.channels.web.desk_shown import Said, said_at_desk
from bot.channels.web.desk_state import DeskState, ShownDesk, state_of
from bot.desk.desk_events import DeskEvent, events_after
from bot.desk.desk_requests import waiting
from bot.desk.kinds import LIVE_KINDS, SEEN_BY_CUSTOMER, DeskEventKind
from bot.desk.opening_hours import Availability, availability
from bot.desk.typing import CUSTOMER
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
LOOK_AGAIN_AFTER_TROUBLE = 1.0  # seconds
OVER_AGAIN = 5.0  # seconds between two looks at which conversations are over
QUEUE_AGAIN = 2.0  # seconds, at least, between two looks at the queue for those who wait
QUEUE_ANYWAY = 30.0  # seconds after which it is looked at though nothing happened: the hours may have changed
BEAT = 10.0  # seconds between two signs of life; less than proxies and clients wait
MOST_STREAMS, MOST_OF_CONVERSATION = 2_000, 8  # in one process
BATCH = 500
TALK = frozenset({DeskEventKind.CUSTOMER_SAID, DeskEventKind.AGENT_SAID})  # changes nothing of a request's state
StreamEvent = tuple[str, Said | ShownDesk | dict[str, str], int | None]  # name, data, number
OVER = None  # ends a stream


class TooManyStreams(Exception):
    """This process, or the conversation, has as many streams as it may have."""


@dataclass(eq=False)
class Stream:
    """One client's stream: what is to be sent, and what the client was told last."""

    conversation: str
    news: asyncio.Queue[DeskEvent | DeskState | str | None] = field(default_factory=asyncio.Queue)
    state: DeskState | None = None


@dataclass(frozen=True)
class Look:
    """What one look at the database found."""

    number: int
    events: list[DeskEvent]
    states: dict[str, DeskState]
    over: frozenset[str]
    queue: tuple[Availability, dict[str, int]] | None


class DeskStreams:
    """The streams of this process; one instance for all."""

    def __init__(self, watch: DeskWatch) -> None:
        self._watch = watch
        self._streams: defaultdict[str, set[Stream]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self._knows_number = asyncio.Event()
        self._next_queue = self._next_over = 0.0
        self._queue_changed = False
        self._there: tuple[Availability | None, float] = None, 0.0

    async def follow(self, conversation: str, last: int) -> AsyncIterator[StreamEvent]:
        """The state and the events after a number, then what happens, until nothing more can happen.

        Raises:
            TooManyStreams: there are too many.
            SQLAlchemyError, TimeoutError: the database fails, or does not answer in time.
        """
        if self._count() >= MOST_STREAMS or len(self._streams.get(conversation, ())) >= MOST_OF_CONVERSATION:
            raise TooManyStreams
        stream = Stream(conversation)
        try:
            # Before reading what was missed, so that nothing falls between the two.
            self._streams[conversation].add(stream)
            if self._task is None or self._task.done():
                self._knows_number.clear()
                self._task = asyncio.create_task(self._look_on())
            async with asyncio.timeout(deadlines.DATABASE_WORK):
                await self._knows_number.wait()
            missed, state = await in_time(_begin, conversation, last, self._known_there())
            for event in missed:
                yield "said", said_at_desk(event), event.number
                last = event.number
            stream.state = state
            yield "state", state.as_json(), None
            async for news in self._news(stream, last):
                yield news
        finally:
            self._leave(stream)

    async def stop(self, *_: object) -> None:
        """At shutdown, end all streams; their clients connect to another server."""
        for stream in [each for several in self._streams.values() for each in several]:
            stream.news.put_nowait(OVER)
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _news(self, stream: Stream, last: int) -> AsyncIterator[StreamEvent]:
        while stream.state and stream.state.is_open:
            try:
                async with asyncio.timeout(BEAT):
                    news = await stream.news.get()
            except TimeoutError:
                yield "beat", {}, None
                continue
            match news:
                case DeskEvent() if news.number > last:
                    last = news.number
                    yield "said", said_at_desk(news), news.number
                case DeskState() if news.as_json() != stream.state.as_json():
                    stream.state = news
                    yield "state", news.as_json(), None
                case str():
                    yield "typing", {"name": news}, None
                case None:
                    return

    def _leave(self, stream: Stream) -> None:
        streams = self._streams[stream.conversation]
        streams.discard(stream)
        if not streams:
            del self._streams[stream.conversation]

    def _count(self) -> int:
        return sum(map(len, self._streams.values()))

    async def _look_on(self) -> None:
        """Give out the news until there are no streams."""
        with self._watch.follow() as follower:
            while self._streams:
                glance = await follower.next()
                if not self._knows_number.is_set():
                    self._number = glance.number
                    self._knows_number.set()
                try:
                    if self._is_due(glance):
                        self._tell(await in_time(self._look, glance, frozenset(self._streams)))
                except Exception as error:  # whatever it is, the streams must not fall silent
                    logger.error("The desk's events cannot be read: %s.", type(error).__name__)
                    await asyncio.sleep(LOOK_AGAIN_AFTER_TROUBLE)
                self._tell_typing(glance)

    def _is_due(self, glance: Glance) -> bool:
        """Whether anything is to be read."""
        now = time.monotonic()
        return glance.number > self._number or now >= self._next_over or self._looks_at_queue(now)

    def _looks_at_queue(self, now: float) -> bool:
        return now >= (self._next_queue if self._queue_changed else self._next_queue + QUEUE_ANYWAY)

    def _known_there(self) -> Availability | None:
        """Whether somebody is there, as it was read a moment ago for other streams."""
        there, at = self._there
        return there if time.monotonic() - at < QUEUE_AGAIN else None

    def _look(self, glance: Glance, conversations: Collection[str]) -> Look:
        """Read what is new; in a thread."""
        now = time.monotonic()
        with session_scope() as session:
            events = events_after(session, self._number, limit=BATCH) if glance.number > self._number else []
            changed = {each.conversation_id for each in events if each.kind not in TALK}
            self._queue_changed |= bool(changed)
            wanted = changed.intersection(conversations)
            latest = events[-1].number if events else glance.number  # some may have come after the glance
            looks_at_queue = self._looks_at_queue(now)
            # Once for all conversations: it takes several statements.
            there = availability(session) if wanted or looks_at_queue else None
            look = Look(
                number=latest if len(events) == BATCH else max(latest, glance.number),
                events=[each for each in events if each.kind in SEEN_BY_CUSTOMER],
                states={each: state_of(session, each, there=there) for each in wanted},
                over=web_turns.over_among(session, conversations) if now >= self._next_over else frozenset(),
                queue=(there, _places(session)) if there and looks_at_queue else None,
            )
        if there:
            self._there = there, now
        if now >= self._next_over:
            self._next_over = now + OVER_AGAIN
        if look.queue:
            self._next_queue, self._queue_changed = now + QUEUE_AGAIN, False
        return look

    def _tell(self, look: Look) -> None:
        self._number = max(self._number, look.number)
        for event in look.events:
            for stream in self._streams.get(event.conversation_id, ()):
                stream.news.put_nowait(event)
        for conversation, streams in self._streams.items():
            state = look.states.get(conversation)
            for stream in streams:
                known = state or stream.state
                if known and look.queue:
                    known = known.in_queue(*look.queue)
                if known and known is not stream.state:
                    stream.news.put_nowait(known)
                if conversation in look.over:
                    stream.news.put_nowait(OVER)

    def _tell_typing(self, glance: Glance) -> None:
        """Tell the streams of the conversations in which an agent types."""
        for conversation in {conversation for conversation, who in glance.typists or () if who != CUSTOMER}:
            for stream in self._streams.get(conversation, ()):
                if stream.state and stream.state.is_held and stream.state.name:
                    stream.news.put_nowait(stream.state.name)


def _begin(conversation: str, last: int, there: Availability | None) -> tuple[list[DeskEvent], DeskState]:
    with session_scope() as session:
        # The state first: an event that comes between the two is sent, and then the state again.
        state, missed = state_of(session, conversation, there=there), list[DeskEvent]()
        while more := events_after(session, last, conversation_id=conversation, kinds=SEEN_BY_CUSTOMER):
            missed += more
            last = more[-1].number
    return missed, state


def _places(session: Session) -> dict[str, int]:
    """How many wait before each request of those who want to talk, by reference number."""
    return {each.reference.number: before for before, each in enumerate(waiting(session, kinds=LIVE_KINDS))}
