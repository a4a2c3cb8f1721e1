"""Requests: everything that waits for a person, in one list."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.desk import desk_outbox, wished_calls
from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.event_writing import write
from bot.desk.kinds import OPEN_STATES, DeskEventKind, RequestKind, RequestOutcome, RequestState
from bot.desk.models import CallBackRow, Handoff
from bot.desk.origin import Origin
from bot.desk.refusals import UnknownRequest
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.observing import metrics
from bot.privacy import redact
from bot.words.reference import WRITTEN, Reference


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
        return self.created_at


@dataclass(frozen=True)
class RequestStatus:
    """What somebody may be told who knows a request's number: nothing personal.

    Attributes:
        is_own: it was made in the conversation in which it is asked about.
        is_call_back_planned: somebody will call.
        before: how many wait before it; None where it does not wait.
    """

    reference: Reference
    kind: RequestKind
    state: RequestState
    outcome: RequestOutcome | None
    is_own: bool
    is_call_back_planned: bool
    created_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    before: int | None


COLUMNS = tuple(getattr(Handoff, field.name) for field in fields(Request))
# Urgent ones first, then those whose agent was lost, then the oldest.
IN_ORDER = (Handoff.priority.desc(), Handoff.lost_at.is_(None), Handoff.created_at, Handoff.id)


def open_request(
    session: Session,
    kind: RequestKind,
    origin: Origin,
    *,
    details: str | None = None,
    priority: bool = False,
    call_back: wished_calls.WishedCall | None = None,
    reference: Reference | None = None,
    now: datetime | None = None,
) -> Request:
    """Make a request that waits for a person; personal data in `details` is redacted first.

    Args:
        call_back: the call that the customer wishes.
        reference: the number that the customer was already given; None for a new one.
    """
    now = now or datetime.now(UTC)
    reference = reference or _new_reference(session)
    told = redact(details)[:RAW_MESSAGE_LIMIT] if details else None
    session.add(
        Handoff(
            reference=reference.number,
            kind=kind,
            **asdict(origin),
            details=told,
            priority=priority,
            created_at=now,
            unsent_at=now if kind == RequestKind.UNSENT else None,
        )
    )
    session.flush()
    write(session, DeskEventKind.REQUESTED, origin.conversation_id, reference, is_urgent=priority, now=now)
    if call_back is not None:
        wished_calls.keep(session, reference, origin.conversation_id, call_back, now)
    metrics.HANDOFFS.labels(metrics.channel_label(origin.channel), kind).inc()
    request = found(session, reference)
    desk_outbox.opened(session, reference, origin, kind, told)
    return request


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
    requests = _all(session, Handoff.reference == reference.number)
    return requests[0] if requests else None


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
    return _all(session, *wanted, order=(Handoff.id,))


def change(session: Session, reference: Reference, *only_if: Any, **values: Any) -> bool:
    """Change a request by one UPDATE; returns whether it was there and met the conditions."""
    changed = update(Handoff).where(Handoff.reference == reference.number, *only_if).values(**values)
    return bool(session.execute(changed.execution_options(**UNSYNCHRONISED)).rowcount)


def waiting(
    session: Session,
    *,
    kinds: Collection[RequestKind] | None = None,
    channel: str | None = None,
    language: str | None = None,
) -> list[Request]:
    """What waits: urgent ones first, then those whose agent was lost, then the oldest."""
    wanted = [Handoff.state == RequestState.WAITING]
    if kinds is not None:
        wanted.append(Handoff.kind.in_(sorted(kinds)))
    if channel is not None:
        wanted.append(Handoff.channel == channel)
    if language is not None:
        wanted.append(Handoff.language == language)
    return _all(session, *wanted, order=IN_ORDER)


def held(session: Session) -> list[Request]:
    """What anybody holds, the longest held first."""
    return _all(session, Handoff.state == RequestState.HELD, order=(Handoff.held_since, Handoff.id))


def held_by(session: Session, agent_id: int) -> list[Request]:
    """What an agent holds, the longest held first."""
    of_agent = (Handoff.state == RequestState.HELD, Handoff.agent_id == agent_id)
    return _all(session, *of_agent, order=(Handoff.held_since, Handoff.id))


def closed(
    session: Session,
    *,
    outcome: RequestOutcome | None = None,
    agent_id: int | None = None,
    before: datetime | None = None,
    limit: int = 100,
) -> list[Request]:
    """What was closed, the latest first; `before` continues a list from the `closed_at` of its last one."""
    wanted = [Handoff.state == RequestState.CLOSED]
    if outcome is not None:
        wanted.append(Handoff.outcome == outcome)
    if agent_id is not None:
        wanted.append(Handoff.agent_id == agent_id)
    if before is not None:
        wanted.append(Handoff.closed_at < before)
    return _all(session, *wanted, order=(Handoff.closed_at.desc(), Handoff.id.desc()), limit=limit)


def of_conversation(session: Session, conversation_id: str) -> list[Request]:
    """All requests of a conversation, the oldest first."""
    return _all(session, Handoff.conversation_id == conversation_id, order=(Handoff.id,))


def by_reference(session: Session, text: str) -> Request | None:
    """The request whose number stands in a text as somebody may have typed it: `el-7kq4-xh3m`, `EL 7KQ4 XH3M`."""
    tidy = re.sub(r"[\s–—−_-]+", "-", text.strip().upper())
    tidy = re.sub(r"\bEL-?(\w{4})-?(\w{4})\b", r"EL-\1-\2", tidy)
    written = re.search(WRITTEN, tidy)
    return by_number(session, Reference(written.group())) if written else None


def position(session: Session, reference: Reference) -> int:
    """How many of the same kind of work wait before a request; 0 where it is next, or does not wait.

    Who wants to talk waits for those who want to talk; complaints and the like do not delay them.
    """
    request = found(session, reference)
    if request.state != RequestState.WAITING:
        return 0
    same = [RequestKind.PERSON, RequestKind.UNSENT]
    others = [kind for kind in RequestKind if kind not in same]
    first_lost = request.lost_at is not None
    own_id = select(Handoff.id).where(Handoff.reference == reference.number).scalar_subquery()
    older = or_(
        Handoff.created_at < request.created_at,
        and_(Handoff.created_at == request.created_at, Handoff.id < own_id),
    )
    lost = Handoff.lost_at.is_not(None)
    in_rank = and_(lost, older) if first_lost else or_(lost, older)
    before = and_(Handoff.priority.is_(True), in_rank) if request.priority else or_(Handoff.priority.is_(True), in_rank)
    counted = select(func.count()).where(
        Handoff.state == RequestState.WAITING,
        Handoff.kind.in_(same if request.kind in same else others),
        Handoff.reference != reference.number,
        before,
    )
    return int(session.execute(counted).scalar_one())


def spoken_state(session: Session, reference: Reference, conversation_id: str | None) -> RequestStatus | None:
    """What may be told of a request to whoever knows its number, from the given conversation; None: no such request."""
    request = by_number(session, reference)
    if request is None:
        return None
    planned = select(CallBackRow.reference).where(
        CallBackRow.reference == reference.number, CallBackRow.done_at.is_(None), CallBackRow.number.is_not(None)
    )
    return RequestStatus(
        reference,
        request.kind,
        request.state,
        request.outcome,
        conversation_id is not None and request.conversation_id == conversation_id,
        request.state != RequestState.CLOSED and session.execute(planned).first() is not None,
        request.created_at,
        request.taken_at,
        request.closed_at,
        position(session, reference) if request.state == RequestState.WAITING else None,
    )


def _new_reference(session: Session) -> Reference:
    while True:
        reference = Reference.new()
        if not session.execute(select(Handoff.id).where(Handoff.reference == reference.number)).first():
            return reference


def _lock(session: Session, *wanted: Any) -> None:
    rows = select(Handoff.id).where(*wanted).order_by(Handoff.id)
    if session.connection().dialect.name == "postgresql":
        session.execute(rows.with_for_update()).all()
    else:  # SQLite has one writer at a time: whoever begins to write is alone
        changed = update(Handoff).where(*wanted).values(state=Handoff.state)
        session.execute(changed.execution_options(**UNSYNCHRONISED))


def _all(session: Session, *wanted: Any, order: tuple[Any, ...] = (), limit: int | None = None) -> list[Request]:
    rows = session.execute(select(*COLUMNS).where(*wanted).order_by(*order).limit(limit)).all()
    return [_request(*row) for row in rows]


def _request(reference: str, kind: str, state: str, outcome: str | None, *rest: Any) -> Request:
    ended = RequestOutcome(outcome) if outcome else None
    return Request(Reference(reference), RequestKind(kind), RequestState(state), ended, *rest)
