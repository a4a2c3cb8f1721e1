"""A Rasa tracker store on the assistant's own database: only redacted events are stored and published."""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.figures.counting_rows import add_turns
from bot.figures.turn_counts import turn_counts
from bot.handoff.handoff_requests import amend_requests
from bot.parse_result import parse_result
from bot.privacy import everyday
from bot.rasa.conversation_models import ConversationEvent
from bot.rasa.published_events import amending_event, published_event
from bot.rasa.redacted_events import Event, redaction_of
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope, single_statements

logger = logging.getLogger(__name__)
CONFLICT = "Another server has written this conversation meanwhile."


class ConversationConflict(RuntimeError):
    """A concurrent turn of the conversation was written first; nothing of this one was (optimistic locking)."""


class End(NamedTuple):
    """The end of a tracker when it was read or written: how many of its events are stored, and the last of them."""

    events: int
    position: int
    type_name: str
    timestamp: float


class Written(NamedTuple):
    """The events of a tracker that were written, with positions.

    Attributes:
        again: earlier events, redacted once more because a new one showed them to be personal.
        new: the new events.
        end: the new end of the conversation.
    """

    again: list[tuple[int, Event]]
    new: list[tuple[int, Event]]
    end: End | None


# Statements that every turn runs are built once.
_OF_IT = ConversationEvent.sender_id == bindparam("sender_id")
_LAST = (ConversationEvent.position, ConversationEvent.type_name, ConversationEvent.timestamp)
_BEGUN = select(func.coalesce(func.max(ConversationEvent.position), 0)).where(
    _OF_IT, ConversationEvent.type_name == SessionStarted.type_name
)
# Ordered by position and not, as in Rasa, by time: a clock that is set back would hide events.
_ALL = select(ConversationEvent.data, *_LAST).where(_OF_IT).order_by(ConversationEvent.position)
_LATEST_SESSION = _ALL.where(ConversationEvent.position >= _BEGUN.scalar_subquery())
# SELECT … FOR UPDATE: the row lock makes a concurrent erasure wait until the transaction ends.
_END = select(*_LAST).where(_OF_IT).order_by(ConversationEvent.position.desc()).limit(1).with_for_update()
_ADD = insert(ConversationEvent.__table__)
_AMEND = (
    update(ConversationEvent.__table__)
    .where(ConversationEvent.sender_id == bindparam("of"), ConversationEvent.position == bindparam("at"))
    .values(data=bindparam("data"), amended_at=bindparam("now"))
)


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """Reads as `SQLTrackerStore` does; `endpoints.yml` names it.

    Queries run in a thread, so that a slow database delays no other conversation, with a deadline of two seconds
    (bot.storage.deadline). The running turn's tracker is not redacted: until its end, actions see what was written.
    """

    SQLEvent = ConversationEvent

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: Any) -> None:
        # Not SQLTrackerStore's, which would open a database of its own and create its table there.
        TrackerStore.__init__(self, domain, event_broker)
        everyday.prepare()  # now, and not within the two seconds of a turn's write

    @contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session on the assistant's current database."""
        with session_scope() as session:
            yield session

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await in_time(self._conversation_ids)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events in one transaction, and publish them.

        Nothing is written of a conversation that was erased during the turn: it stays erased.

        Raises:
            SQLAlchemyError, TimeoutError: the database fails, or not in time; nothing was written.
            ConversationConflict: another server has written the conversation meanwhile; nothing was written.
        """
        events = [event.as_dict() for event in tracker.events]
        if not events:
            return
        abandoned = threading.Event()
        try:
            written = await in_time(self._write, tracker.sender_id, events, _end(tracker), abandoned)
        except IntegrityError:
            raise ConversationConflict(CONFLICT) from None
        finally:
            abandoned.set()  # a thread that is still running must not write a turn that counts as failed
        tracker.stored_end = written.end
        if self.event_broker is not None:
            for publish, placed in ((amending_event, written.again), (published_event, written.new)):
                for position, event in placed:
                    self.event_broker.publish(publish(tracker.sender_id, position, event))

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

    def _write(self, sender_id: str, events: list[Event], end: End | None, abandoned: threading.Event) -> Written:
        with self.session_scope() as session:
            last = session.execute(_END, {"sender_id": sender_id}).first()
            if last is None and end is not None:
                logger.warning("A conversation was erased during a turn; the turn is not stored.")
                return Written([], [], end)
            if last is None:
                known = 0
            elif end is not None and tuple(last) == (end.position, end.type_name, end.timestamp):
                known = end.events
            else:
                known = self._known(session, sender_id, events, last)
            redaction = redaction_of(events[known:], before=events[:known])
            after = last.position + 1 if last else 0
            # Text that counted as harmless until a later message told whose it is.
            again = [(after - known + place, event) for place, event in redaction.amended.items()]
            for position, event in again:
                amended = {"of": sender_id, "at": position, "data": json.dumps(event, ensure_ascii=False)}
                session.execute(_AMEND, {**amended, "now": datetime.now(UTC)})
            amend_requests(session, sender_id, redaction.pieces)
            new = list(enumerate(redaction.new, after))
            rows = [_row(sender_id, position, event) for position, event in new]
            if rows:
                session.execute(_ADD, rows)
                # In this transaction, so that a turn is counted if, and only if, it is stored; last, since others wait.
                add_turns(session, sender_id, turn_counts([*events[:known], *redaction.new], known))
            if abandoned.is_set():
                raise TimeoutError
        end = End(len(events), after + len(new) - 1, events[-1]["event"], events[-1]["timestamp"])
        return Written(again, new, end)

    def _known(self, session: Session, sender_id: str, events: list[Event], last: Any) -> int:
        """How many of a tracker's events are written already.

        A tracker that was read begins with its latest session; where a new session began since, it contains both.

        Raises:
            ConversationConflict: the tracker does not continue what is stored.
        """
        first = session.execute(_LATEST_SESSION.limit(1), {"sender_id": sender_id}).first()
        place = next((place for place, event in enumerate(events) if _same(event, first)), None)
        known = None if place is None else place + last.position - first.position + 1
        if known is not None and known <= len(events) and _same(events[known - 1], last):
            return int(known)
        # The tracker may end before what is stored; then there is nothing to add.
        of_end = {"sender_id": sender_id, "type_name": events[-1]["event"], "timestamp": events[-1]["timestamp"]}
        if session.query(ConversationEvent.id).filter_by(**of_end).first():
            return len(events)
        raise ConversationConflict(CONFLICT)


def _same(event: Event, row: Any) -> bool:
    return bool(event["event"] == row.type_name and event["timestamp"] == row.timestamp)


def _end(tracker: DialogueStateTracker) -> End | None:
    """The end of this tracker when it was last read or written; None if it never was."""
    return getattr(tracker, "stored_end", None)


def _row(sender_id: str, position: int, event: Event) -> dict[str, Any]:
    """The columns of an event."""
    return {
        "sender_id": sender_id,
        "position": position,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "intent_name": parse_result(event.get("parse_data")).intent,
        "action_name": event.get("name"),
        "data": json.dumps(event, ensure_ascii=False),
    }


def raise_store_error(_: FailSafeTrackerStore, error: Exception) -> NoReturn:
    """Let an error of the tracker store fail the turn.

    Rasa would continue with an empty in-memory conversation: a customer in the middle of something would get a wrong
    answer, and what was said then would be lost.
    """
    # The error's own text may contain what was to be stored.
    logger.error("The conversations cannot be read or written: %s.", type(error).__name__)
    raise error
