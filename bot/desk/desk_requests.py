"""Requests: everything that waits for a person, in one list."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.desk import desk_outbox, wished_calls
from bot.desk.event_writing import write
from bot.desk.kinds import OPEN_STATES, DeskEventKind, RequestKind, RequestOutcome, RequestState
from bot.desk.models import CallBackRow, Handoff
from bot.desk.origin import Origin
from bot.desk.request_rows import (
    Request,
    by_number,
    change,
    found,
    locked,
    locked_of_conversation,
    locked_where,
    of_conversation,
    requests_where,
)
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.observing import metrics
from bot.privacy import redact
from bot.words.reference import WRITTEN, Reference

__all__ = [
    "Request",
    "RequestStatus",
    "by_number",
    "by_reference",
    "change",
    "closed",
    "found",
    "held",
    "held_by",
    "locked",
    "locked_of_conversation",
    "locked_where",
    "of_conversation",
    "open_request",
    "position",
    "spoken_state",
    "waiting",
]


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
    return requests_where(session, *wanted, order=IN_ORDER)


def held(session: Session) -> list[Request]:
    """What anybody holds, the longest held first."""
    return requests_where(session, Handoff.state == RequestState.HELD, order=(Handoff.held_since, Handoff.id))


def held_by(session: Session, agent_id: int) -> list[Request]:
    """What an agent holds, the longest held first."""
    of_agent = (Handoff.state == RequestState.HELD, Handoff.agent_id == agent_id)
    return requests_where(session, *of_agent, order=(Handoff.held_since, Handoff.id))


def open_counts(session: Session, agent_id: int) -> tuple[int, int, int]:
    """How many requests wait, how many the agent holds, and how many anybody holds."""
    own = case((Handoff.agent_id == agent_id, 1), else_=0)
    counted = select(Handoff.state, func.count(), func.sum(own)).where(Handoff.state.in_(OPEN_STATES))
    found = {state: (all_, int(mine or 0)) for state, all_, mine in session.execute(counted.group_by(Handoff.state))}
    of_all, mine = found.get(RequestState.HELD, (0, 0))
    return found.get(RequestState.WAITING, (0, 0))[0], mine, of_all


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
    return requests_where(session, *wanted, order=(Handoff.closed_at.desc(), Handoff.id.desc()), limit=limit)


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
