"""What happens at the desk in conversations of Messenger, put into the inbox as it happens.

What is new becomes an event of the inbox, once: it is told in the person's order, retried, and survives its server like
everything else there.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.desk_watch import DeskWatch, Glance
from bot.channels.messenger import outcomes
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.inbox import PURPOSE, SETTLE
from bot.channels.messenger.incoming import EventContent, MessengerEventKind
from bot.channels.messenger.models import MessengerDesk, MessengerEvent, MessengerThread
from bot.channels.messenger.sending import WINDOW
from bot.channels.messenger.typing_indicator import TypingIndicator
from bot.desk.desk_events import DeskEvent, events_after, latest_number
from bot.desk.kinds import LIVE_KINDS, SEEN_BY_CUSTOMER, DeskEventKind, RequestState
from bot.desk.models import Handoff
from bot.desk.typing import CUSTOMER
from bot.keys.sealing import Seal
from bot.known_channels import MESSENGER
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time
from bot.storage.engine import inserting, session_scope, single_statements

logger = logging.getLogger(__name__)
LOOK_AGAIN_AFTER_TROUBLE = 1.0  # seconds
BATCH = 200
ONLY_ROW = MessengerDesk.id == 1
TOLD = SEEN_BY_CUSTOMER - {DeskEventKind.CUSTOMER_SAID}


def prepare() -> None:
    """Begin with what happens from now on, where nothing has been told yet."""
    with session_scope() as session:
        row = inserting(session, MessengerDesk).values(id=1, number=latest_number(session), at=datetime.now(UTC))
        session.execute(row.on_conflict_do_nothing(index_elements=["id"]))


def take_news(now: datetime) -> int:
    """Put the desk's new events into the inbox; returns the number up to which all are there."""
    with session_scope() as session:
        # Locks the row: of several servers one takes the news, in the order of their numbers.
        session.execute(update(MessengerDesk).where(ONLY_ROW).values(number=MessengerDesk.number))
        number, last_at = session.execute(select(MessengerDesk.number, MessengerDesk.at).where(ONLY_ROW)).one()
        latest = latest_number(session)
        events = events_after(session, number, kinds=TOLD, limit=BATCH)
        if events:  # with fewer than a whole batch, there is nothing else up to the latest number
            latest = events[-1].number if len(events) == BATCH else max(latest, events[-1].number)
        at = max(now, last_at)
        _put(session, events, at, now)
        session.execute(update(MessengerDesk).where(ONLY_ROW).values(number=max(number, latest), at=at))
        return int(max(number, latest))


def _put(session: Session, events: list[DeskEvent], at: datetime, now: datetime) -> None:
    conversations = {event.conversation_id for event in events}
    if not conversations:
        return
    threads = select(MessengerThread.conversation_id, MessengerThread.person)
    persons = dict(session.execute(threads.where(MessengerThread.conversation_id.in_(sorted(conversations)))).all())
    references = {event.reference.number for event in events if event.reference}
    spoken = select(Handoff.reference, Handoff.language).where(Handoff.reference.in_(sorted(references)))
    languages = dict(session.execute(spoken).all())
    seal = Seal(PURPOSE)
    for event in events:
        if event.conversation_id not in persons:
            continue
        language = languages.get(event.reference.number if event.reference else None, LANGUAGES[0])
        row = inserting(session, MessengerEvent).values(
            key=f"{MessengerEventKind.DESK}-{event.number}",
            person=persons[event.conversation_id],
            kind=MessengerEventKind.DESK.value,
            at=at,  # the same for several, which are then told in the order of their ids
            received_at=now - SETTLE,
            sealed=seal.close(_content(event, language)),
            tries=0,
        )
        session.execute(row.on_conflict_do_nothing(index_elements=["key"]))
    # A message that the assistant cannot answer now would hold back what the person says.
    for person in sorted(persons.values()):  # in the order in which deliveries lock threads, or they could deadlock
        outcomes.end_rests_of(session, [person])


def _content(event: DeskEvent, language: str) -> EventContent:
    content = EventContent(happened=event.kind, number=str(event.number), language=language)
    if event.agent_name:
        content["name"] = event.agent_name
    if event.text:
        content["text"] = event.text
    return content


def somebody_waits() -> bool:
    """Whether anybody in Messenger talks with a person, or waits for one: then news are to come at once."""
    talks = or_(Handoff.state == RequestState.HELD, Handoff.kind.in_(sorted(LIVE_KINDS)))
    waits = exists().where(Handoff.channel == MESSENGER.name, Handoff.state != RequestState.CLOSED, talks)
    with single_statements() as session:
        return bool(session.execute(select(waits)).scalar_one())


def persons_in(conversations: Collection[str], now: datetime) -> set[str]:
    """The persons of these conversations to whom an indicator can be sent.

    As everything without a tag it has to be sent within a day, and by the app that has the thread.
    """
    thread = MessengerThread
    is_ours = or_(thread.held_until.is_(None), thread.held_until <= now)
    may_be_sent = (thread.conversation_id.in_(sorted(conversations)), thread.heard_at > now - WINDOW, is_ours)
    found = select(thread.person).where(*may_be_sent)
    with single_statements() as session:
        return set(session.execute(found).scalars())


class DeskNews:
    """Takes the news in one server; `wake` is called when something has come.

    Attributes:
        typing: the indicator that somebody types.
    """

    def __init__(self, graph: Graph, watch: DeskWatch, wake: Callable[[], None]) -> None:
        self._watch, self._wake = watch, wake
        self.typing = TypingIndicator(graph)
        self._task: asyncio.Task[None] | None = None
        self._seen = -1
        self._somebody_waits = True

    async def start(self) -> None:
        """Start, with what happened since another server looked."""
        await in_time(prepare)
        self._task = asyncio.create_task(self._look_on())

    async def stop(self) -> None:
        """Look no more."""
        self.typing.stop()
        if self._task:
            self._task.cancel()

    async def _look_on(self) -> None:
        with self._watch.follow() as follower:
            while True:
                glance = await follower.next()
                try:
                    await self.take(glance)
                except (SQLAlchemyError, OSError) as error:
                    logger.error("Messenger cannot take the desk's news: %s.", type(error).__name__)
                    await asyncio.sleep(LOOK_AGAIN_AFTER_TROUBLE)
                follower.wait_patiently(not self._somebody_waits)

    async def take(self, glance: Glance) -> None:
        """Take what a look at the desk has found: put it into the inbox, and show who types."""
        if glance.number > self._seen:
            self._seen = await in_time(take_news, datetime.now(UTC))  # with more than a batch, the next look goes on
            self._wake()
            self._somebody_waits = await in_time(somebody_waits)
        if glance.typists is not None:
            ours = {conversation for conversation, who in glance.typists if who != CUSTOMER and _is_ours(conversation)}
            self.typing.show(await in_time(persons_in, ours, datetime.now(UTC)) if ours else ())


def _is_ours(conversation: str) -> bool:
    return conversation.startswith(f"{MESSENGER.name}-")
