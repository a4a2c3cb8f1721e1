"""The rows of requests: read, locked and changed."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.kinds import OPEN_STATES, RequestKind, RequestOutcome, RequestState
from bot.desk.models import Handoff
from bot.desk.refusals import UnknownRequest
from bot.words.reference import Reference


@dataclass(frozen=True)
class Request:
    """A request; see `bot.desk.models.Handoff` for what its times and names mean.

    Attributes:
        details: redacted.
        waits_since: when it was made, also after an agent was lost.
    """

    reference: Reference
    kind: RequestKind
    state: RequestState
    outcome: RequestOutcome | None
    conversation_id: str
    channel: str
    language: str
    details: str | None
    priority: bool
    created_at: datetime
    unsent_at: datetime | None
    is_live: bool
    agent_id: int | None
    agent_name: str | None
    taken_at: datetime | None
    held_since: datetime | None
    first_answer_at: datetime | None
    lost_at: datetime | None
    lease_until: datetime | None
    closed_at: datetime | None

    @property
    def waits_since(self) -> datetime:
        """When it was made."""
        return self.created_at


COLUMNS = tuple(getattr(Handoff, field.name) for field in fields(Request))
# Statements that every message and every page runs are built once.
_BY_NUMBER = select(*COLUMNS).where(Handoff.reference == bindparam("reference"))
_OF_CONVERSATION = select(*COLUMNS).where(Handoff.conversation_id == bindparam("conversation")).order_by(Handoff.id)


def found(session: Session, reference: Reference) -> Request:
    """The request of a reference.

    Raises:
        UnknownRequest: there is none.
    """
    request = by_number(session, reference)
    if request is None:
        raise UnknownRequest("There is no such request.")
    return request


def by_number(session: Session, reference: Reference) -> Request | None:
    """The request of a reference; None: there is none."""
    row = session.execute(_BY_NUMBER, {"reference": reference.number}).first()
    return _request(*row) if row else None


def of_conversation(session: Session, conversation_id: str) -> list[Request]:
    """All requests of a conversation, the oldest first."""
    rows = session.execute(_OF_CONVERSATION, {"conversation": conversation_id}).all()
    return [_request(*row) for row in rows]


def locked(session: Session, reference: Reference) -> Request:
    """The request of a reference, which no other transaction changes until this one ends.

    Raises:
        UnknownRequest: there is none.
    """
    _lock(session, Handoff.reference == reference.number)
    return found(session, reference)


def locked_of_conversation(session: Session, conversation_id: str) -> list[Request]:
    """The open requests of a conversation, the oldest first, which no other transaction changes until this one ends."""
    return locked_where(session, Handoff.conversation_id == conversation_id, Handoff.state.in_(OPEN_STATES))


def locked_where(session: Session, *wanted: Any) -> list[Request]:
    """The requests that meet a condition, locked in the order of their ids, in which everybody locks them."""
    _lock(session, *wanted)
    return requests_where(session, *wanted, order=(Handoff.id,))


def change(session: Session, reference: Reference, *only_if: Any, **values: Any) -> bool:
    """Change a request by one UPDATE; returns whether it was there and met the conditions."""
    changed = update(Handoff).where(Handoff.reference == reference.number, *only_if).values(**values)
    return bool(session.execute(changed.execution_options(**UNSYNCHRONISED)).rowcount)


def _lock(session: Session, *wanted: Any) -> None:
    rows = select(Handoff.id).where(*wanted).order_by(Handoff.id)
    if session.connection().dialect.name == "postgresql":
        session.execute(rows.with_for_update()).all()
    else:  # SQLite has one writer at a time: whoever begins to write is alone
        changed = update(Handoff).where(*wanted).values(state=Handoff.state)
        session.execute(changed.execution_options(**UNSYNCHRONISED))


def requests_where(
    session: Session, *wanted: Any, order: tuple[Any, ...] = (), limit: int | None = None
) -> list[Request]:
    """The requests that meet all conditions."""
    rows = session.execute(select(*COLUMNS).where(*wanted).order_by(*order).limit(limit)).all()
    return [_request(*row) for row in rows]


def _request(reference: str, kind: str, state: str, outcome: str | None, *rest: Any) -> Request:
    ended = RequestOutcome(outcome) if outcome else None
    return Request(Reference(reference), RequestKind(kind), RequestState(state), ended, *rest)
