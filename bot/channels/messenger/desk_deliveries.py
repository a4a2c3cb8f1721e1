"""Our own desk and Messenger: who gets a person's message, and how what the desk says comes into the thread.

What people at the desk write, and what happens with the conversation, becomes events of the inbox, once by the desk's
numbers. So it is sent in order with everything else of that thread, and survives whatever an answer survives.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.messenger import inbox
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.models import MessengerEvent, MessengerThread
from bot.channels.whom_it_is_for import given_to_a_person
from bot.desk.claiming import give_back
from bot.desk.desk_events import DeskEvent, events_after, latest_number
from bot.desk.holding import holder
from bot.desk.kinds import DeskEventKind
from bot.desk.models import DeskEventRow
from bot.desk.refusals import DeskError
from bot.known_channels import MESSENGER
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
LOOK_AGAIN, LOOK_AGAIN_AFTER_TROUBLE = 0.3, 1.0  # seconds
PREFIX = "desk-"  # of the keys of such events, before the desk's number
OLDEST = timedelta(days=1)  # of what is delivered by a process that finds none delivered yet
BATCH = 500
ATTACHED = "📎"  # what the person is shown in place of a picture or a voice message
# What a customer is told of what happens, by the names of texts.
HAPPENED: dict[str, str] = {
    DeskEventKind.TAKEN: "messenger_desk_taken",
    DeskEventKind.HANDED_ON: "messenger_desk_handed_on",
    DeskEventKind.AGENT_LOST: "messenger_desk_agent_lost",
    DeskEventKind.RETURNED: "messenger_returned",
    DeskEventKind.CLOSED: "messenger_desk_closed",
}
TOLD = frozenset({DeskEventKind.AGENT_SAID, *map(DeskEventKind, HAPPENED)})
OF_CUSTOMERS = frozenset({MessengerEventKind.TEXT, MessengerEventKind.POSTBACK, MessengerEventKind.ATTACHMENT})


def text_of(task: Task) -> str:
    """What a customer wrote, for the person who reads it."""
    content = task.content or {}
    said = content.get("text") or content.get("title") or ""
    return f"{ATTACHED} {said}".strip() if task.kind is MessengerEventKind.ATTACHMENT else said


def key_of(task: Task) -> str:
    """The idempotency key of a customer's message at the desk."""
    return f"{MESSENGER.name}-{task.id}"


def is_held(conversation: str) -> bool:
    """Whether a person at our own desk holds the conversation now."""
    with session_scope() as session:
        return holder(session, conversation) is not None


def give_to_a_person(conversation: str, said: str, key: str, *, is_urgent: bool) -> bool:
    """Give a message to the person who holds the conversation; False where nobody does."""
    with session_scope() as session:
        return given_to_a_person(session, conversation, said, key, is_urgent=is_urgent) is not None


def give_back_to_assistant(conversation: str) -> None:
    """The customer wants the assistant again."""
    with session_scope() as session:
        held = holder(session, conversation)
        if held is not None:
            with suppress(DeskError):  # it was closed at this moment
                give_back(session, held.reference, None)


def whose(task: Task, *, is_urgent: bool) -> Callable[[Session], bool]:
    """Asked when the replies to a message are stored: whether a person got it, who holds the conversation by now."""

    def is_a_persons(session: Session) -> bool:
        if task.kind not in OF_CUSTOMERS:
            return False
        given = (task.thread.conversation, text_of(task), key_of(task))
        return given_to_a_person(session, *given, is_urgent=is_urgent) is not None

    return is_a_persons


class DeskDeliveries:
    """Puts what the desk says to people in Messenger into the inbox; several servers may do the same."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """
        Args:
            wake: called when there is something to send.
        """
        self._wake = wake
        self._number: int | None = None

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                if self._number is None:
                    self._number = await in_time(_delivered)
                self._number, is_new = await in_time(deliver, self._number)
                if is_new:
                    self._wake()
            except (SQLAlchemyError, OSError) as error:
                logger.error("What the desk says in Messenger cannot be read: %s.", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_AFTER_TROUBLE)
            await asyncio.sleep(LOOK_AGAIN)


def deliver(number: int) -> tuple[int, bool]:
    """Put the desk's events after a number into the inbox; returns the number of the last one, and whether some are."""
    with session_scope() as session:
        latest = latest_number(session)
        found = events_after(session, number, kinds=TOLD, limit=BATCH) if latest > number else []
        of_messenger = [event for event in found if event.conversation_id.startswith(f"{MESSENGER.name}-")]
        persons = _persons(session, {event.conversation_id for event in of_messenger})
    events = [_incoming(event, persons[event.conversation_id]) for event in of_messenger if _has(persons, event)]
    if events:
        inbox.take(events, datetime.now(UTC))
    return (found[-1].number if len(found) == BATCH else max(latest, number)), bool(events)


def _has(persons: dict[str, str], event: DeskEvent) -> bool:
    return event.conversation_id in persons  # else it was erased meanwhile


def _persons(session: Session, conversations: set[str]) -> dict[str, str]:
    thread = MessengerThread
    known = select(thread.conversation_id, thread.person).where(thread.conversation_id.in_(sorted(conversations)))
    return dict(session.execute(known).all()) if conversations else {}


def _incoming(event: DeskEvent, person: str) -> Incoming:
    key, kind = f"{PREFIX}{event.number}", MessengerEventKind.DESK
    if event.kind == DeskEventKind.AGENT_SAID:
        return Incoming(key, person, kind, event.at, {"text": event.text or ""})
    return Incoming(key, person, kind, event.at, {"happened": str(event.kind), "name": event.agent_name or ""})


def _delivered() -> int:
    """The number up to which everything is in the inbox, whoever put it there."""
    number = cast(func.substr(MessengerEvent.key, len(PREFIX) + 1), BigInteger)
    with session_scope() as session:
        last = session.execute(select(func.max(number)).where(MessengerEvent.key.startswith(PREFIX))).scalar()
        if last is not None:
            return int(last)
        recent = select(func.min(DeskEventRow.number)).where(DeskEventRow.at > datetime.now(UTC) - OLDEST)
        first = session.execute(recent).scalar()
        return latest_number(session) if first is None else int(first) - 1
