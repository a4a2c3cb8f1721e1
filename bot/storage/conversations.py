"""Rasa's tracker store on the assistant's own database: only redacted events are written, and published."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.privacy.events import Event, redacted
from bot.storage.conversation_models import ConversationEvent
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)


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

        Raises:
            SQLAlchemyError, TimeoutError: the database cannot, or not in time.
        """
        events = [event.as_dict() for event in tracker.events]
        written = await in_time(self._write, tracker.sender_id, events)
        if self.event_broker is not None:
            for event in written:
                self.event_broker.publish({"sender_id": tracker.sender_id, **event})

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        events = await in_time(self._read, sender_id, fetch_events_from_all_sessions)
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    def _conversation_ids(self) -> list[str]:
        with self.session_scope() as session:
            return list(session.execute(select(ConversationEvent.sender_id).distinct()).scalars())

    def _read(self, sender_id: str, all_sessions: bool) -> list[Event]:
        with self.session_scope() as session:
            return [json.loads(row.data) for row in self._event_query(session, sender_id, all_sessions)]

    def _write(self, sender_id: str, events: list[Event]) -> list[Event]:
        with self.session_scope() as session:
            known = self._known(session, sender_id, events)
            new = redacted(events[known:], before=events[:known])
            session.add_all(_row(sender_id, event) for event in new)
        return new

    def _known(self, session: Session, sender_id: str, events: list[Event]) -> int:
        """How many of a tracker's events are written already.

        A tracker that was read begins with its latest session; where a new one began since, it holds both.
        """
        latest = self._event_query(session, sender_id, fetch_events_from_all_sessions=False).order_by(None)
        count, since = latest.with_entities(func.count(), func.min(ConversationEvent.timestamp)).one()
        if not count:
            return 0
        first = next((place for place, event in enumerate(events) if event["timestamp"] >= since), None)
        return len(events) if first is None else int(first + count)  # none: the tracker ends before what is written


def _row(sender_id: str, event: Event) -> ConversationEvent:
    return ConversationEvent(
        sender_id=sender_id,
        type_name=event["event"],
        timestamp=event["timestamp"],
        intent_name=((event.get("parse_data") or {}).get("intent") or {}).get("name"),
        action_name=event.get("name"),
        data=json.dumps(event, ensure_ascii=False),
    )


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
