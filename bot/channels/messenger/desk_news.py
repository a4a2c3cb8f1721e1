"""What happens at the desk in conversations of Messenger, put into the inbox as it happens.

Each server asks the database five times a second for the number of the latest event. What is new becomes an event of
the inbox, once: it is told in the person's order, retried, and survives its server like everything else there.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.messenger import outcomes
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.inbox import PURPOSE, SETTLE
from bot.channels.messenger.incoming import EventContent, MessengerEventKind
from bot.channels.messenger.models import MessengerDesk, MessengerEvent, MessengerThread
from bot.desk.desk_events import DeskEvent, events_after, latest_number
from bot.desk.kinds import SEEN_BY_CUSTOMER, DeskEventKind
from bot.desk.models import Handoff
from bot.desk.typing import CUSTOMER, who_types
from bot.keys.sealing import Seal
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time
from bot.storage.engine import inserting, session_scope, single_statements

logger = logging.getLogger(__name__)
LOOK_AGAIN = 0.2  # seconds between two looks at the latest number
LOOK_AGAIN_AFTER_TROUBLE = 1.0
TYPING_EVERY = 5  # looks between two looks at who types
TYPING_SHOWN_AGAIN = 15  # looks at who types after which the indicator is shown again; Messenger ends it after 20 s
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


def persons_typed_to(now: datetime) -> set[str]:
    """The persons whom somebody of the company is writing to at this moment."""
    with single_statements() as session:
        conversations = {conversation for conversation, who in who_types(session, now) if who != CUSTOMER}
        if not conversations:
            return set()
        found = select(MessengerThread.person).where(MessengerThread.conversation_id.in_(sorted(conversations)))
        return set(session.execute(found).scalars())


class DeskNews:
    """Looks on in one server; `wake` is called when something has come."""

    def __init__(self, graph: Graph, wake: Callable[[], None]) -> None:
        self._graph, self._wake = graph, wake
        self._task: asyncio.Task[None] | None = None
        self._seen = -1
        self._looks = 0
        self._shown: dict[str, int] = {}  # whom the indicator is shown to, and since how many looks
        self._sending: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Start, with what happened since another server looked."""
        await in_time(prepare)
        self._task = asyncio.create_task(self._look_on())

    async def stop(self) -> None:
        """Look no more."""
        for task in (self._task, *self._sending.values()):
            if task:
                task.cancel()

    async def _look_on(self) -> None:
        while True:
            try:
                await self.look()
                await asyncio.sleep(LOOK_AGAIN)
            except (SQLAlchemyError, OSError) as error:
                logger.error("Messenger cannot look at the desk: %s.", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_AFTER_TROUBLE)

    async def look(self) -> None:
        """Look once: take what is new, and show who types."""
        while await in_time(_latest) > self._seen:
            self._seen = await in_time(take_news, datetime.now(UTC))
            self._wake()
        if self._looks % TYPING_EVERY == 0:
            self._show_typing(await in_time(persons_typed_to, datetime.now(UTC)))
        self._looks += 1

    def _show_typing(self, persons: set[str]) -> None:
        for person in self._shown.keys() - persons:
            self._act(person, "typing_off")
        for person in persons:
            if self._shown.get(person, TYPING_SHOWN_AGAIN) >= TYPING_SHOWN_AGAIN:
                self._act(person, "typing_on")
        looks = {person: self._shown.get(person, TYPING_SHOWN_AGAIN) for person in persons}
        self._shown = {person: 1 if n >= TYPING_SHOWN_AGAIN else n + 1 for person, n in looks.items()}

    def _act(self, person: str, action: str) -> None:
        if person in self._sending:  # Graph is slow
            return
        task = asyncio.create_task(self._sent(person, action))
        self._sending[person] = task
        task.add_done_callback(lambda _: self._sending.pop(person, None))

    async def _sent(self, person: str, action: str) -> None:
        body = {"recipient": {"id": person}, "sender_action": action}
        try:
            await self._graph.post("me/messages", body, tries=1)
        except GraphError:
            return  # the indicator is no message


def _latest() -> int:
    with single_statements() as session:
        return latest_number(session)
