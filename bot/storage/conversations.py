"""Rasa's tracker store on the assistant's own database: only redacted events are written, and published."""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.privacy.events import Event, redacted
from bot.storage.conversation_models import ConversationEvent
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope, single_statements

logger = logging.getLogger(__name__)
CONFLICT = "Another server has written this conversation meanwhile."


class ConversationConflict(RuntimeError):
    """Two turns of one conversation at once, and this is the second to be written; nothing of it was."""


class End(NamedTuple):
    """Where a tracker ended when it was read or written: how many of its events are stored, and the last of them."""

    events: int
    position: int
    type_name: str
    timestamp: float


# What every turn asks is put together once.
_OF_IT = ConversationEvent.sender_id == bindparam("sender_id")
_LAST = (ConversationEvent.position, ConversationEvent.type_name, ConversationEvent.timestamp)
_BEGUN = select(func.coalesce(func.max(ConversationEvent.position), 0)).where(
    _OF_IT, ConversationEvent.type_name == SessionStarted.type_name
)
# By position and not, as in Rasa, by time: a clock that is set back would hide events.
_ALL = select(ConversationEvent.data, *_LAST).where(_OF_IT).order_by(ConversationEvent.position)
_LATEST_SESSION = _ALL.where(ConversationEvent.position >= _BEGUN.scalar_subquery())
# Held until the end, so that who erases the conversation at this moment waits.
_END = select(*_LAST).where(_OF_IT).order_by(ConversationEvent.position.desc()).limit(1).with_for_update()
_ADD = insert(ConversationEvent.__table__)


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """Reads as `SQLTrackerStore` does; `endpoints.yml` names it.

    The database works in a thread, so that one that is slow holds up no other conversation, and has two seconds
    (bot.storage.deadline). The tracker of the running turn stays as it is: what a customer wrote is known until then.
    """

    SQLEvent = ConversationEvent

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: Any) -> None:
        # SQLTrackerStore would open a database of its own and make its table there.
        TrackerStore.__init__(self, domain, event_broker)

    @contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session on the assistant's database, whichever is set now."""
        with session_scope() as session:
            yield session

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await in_time(self._conversation_ids)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are not written yet, all or none, and publish them.

        Of a conversation that was erased during the turn, nothing is written: who is forgotten stays forgotten.

        Raises:
            SQLAlchemyError, TimeoutError: the database cannot, or not in time; then nothing was written.
            ConversationConflict: another server has written the conversation meanwhile; nothing was written.
        """
        events = [event.as_dict() for event in tracker.events]
        if not events:
            return
        abandoned = threading.Event()
        try:
            written, end = await in_time(self._write, tracker.sender_id, events, _end(tracker), abandoned)
        except IntegrityError:
            raise ConversationConflict(CONFLICT) from None
        finally:
            abandoned.set()  # a thread that is still at it must not write what counts as failed
        tracker.stored_end = end
        if self.event_broker is not None:
            for event in written:
                self.event_broker.publish({"sender_id": tracker.sender_id, **event})

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        events, end = await in_time(self._read, sender_id, fetch_events_from_all_sessions)
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.stored_end = end
        return tracker

    def _conversation_ids(self) -> list[str]:
        with self.session_scope() as session:
            return list(session.execute(select(ConversationEvent.sender_id).distinct()).scalars())

    def _read(self, sender_id: str, all_sessions: bool) -> tuple[list[Event], End | None]:
        with single_statements() as session:
            rows = session.execute(_ALL if all_sessions else _LATEST_SESSION, {"sender_id": sender_id}).all()
        return [json.loads(row.data) for row in rows], End(len(rows), *rows[-1][1:]) if rows else None

    def _write(
        self, sender_id: str, events: list[Event], end: End | None, abandoned: threading.Event
    ) -> tuple[list[Event], End | None]:
        with self.session_scope() as session:
            last = session.execute(_END, {"sender_id": sender_id}).first()
            if last is None and end is not None:
                logger.warning("A conversation was erased during a turn; the turn is not kept.")
                return [], end
            if last is None:
                known = 0
            elif end is not None and tuple(last) == (end.position, end.type_name, end.timestamp):
                known = end.events
            else:
                known = self._known(session, sender_id, events, last)
            new = redacted(events[known:], before=events[:known])
            after = last.position + 1 if last else 0
            rows = [_row(sender_id, position, event) for position, event in enumerate(new, after)]
            if rows:
                session.execute(_ADD, rows)
            if abandoned.is_set():
                raise TimeoutError
        return new, End(len(events), after + len(new) - 1, events[-1]["event"], events[-1]["timestamp"])

    def _known(self, session: Session, sender_id: str, events: list[Event], last: Any) -> int:
        """How many of a tracker's events are written already.

        A tracker that was read begins with its latest session; where a new one began since, it holds both.

        Raises:
            ConversationConflict: the tracker does not go on from what is written.
        """
        first = session.execute(_LATEST_SESSION.limit(1), {"sender_id": sender_id}).first()
        place = next((place for place, event in enumerate(events) if _same(event, first)), None)
        known = None if place is None else place + last.position - first.position + 1
        if known is not None and known <= len(events) and _same(events[known - 1], last):
            return int(known)
        # Perhaps it ends before what is written, and there is nothing to add.
        of_end = {"sender_id": sender_id, "type_name": events[-1]["event"], "timestamp": events[-1]["timestamp"]}
        if session.query(ConversationEvent.id).filter_by(**of_end).first():
            return len(events)
        raise ConversationConflict(CONFLICT)


def _same(event: Event, row: Any) -> bool:
    return bool(event["event"] == row.type_name and event["timestamp"] == row.timestamp)


def _end(tracker: DialogueStateTracker) -> End | None:
    """What was the end of this tracker when it was last read or written; None for one that never was."""
    return getattr(tracker, "stored_end", None)


def _row(sender_id: str, position: int, event: Event) -> dict[str, Any]:
    """The columns of an event."""
    return {
        "sender_id": sender_id,
        "position": position,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "intent_name": ((event.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event, ensure_ascii=False),
    }


def fail_loudly(agent: Agent) -> None:
    """Let an agent's store raise when it fails.

    Rasa goes on with an empty conversation in memory instead: who was in the middle of something would get nonsense for
    an answer, and what was said then would be lost.
    """
    agent.tracker_store._on_tracker_store_error = _raise


def _raise(error: Exception) -> NoReturn:
    # The error's own text may hold what was to be stored.
    logger.error("The conversations cannot be read or written: %s.", type(error).__name__)
    raise error
