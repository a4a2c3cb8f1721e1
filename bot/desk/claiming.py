"""Who holds a request: taking it, keeping it, handing it on, giving it back, closing it, losing it.

Taking is one conditional UPDATE, so of two who take the same at once one gets it, and the other is told who has it.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.desk import desk_outbox, wished_calls
from bot.desk.desk_requests import Request, change, found, locked, locked_of_conversation, locked_where
from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.event_writing import write
from bot.desk.holding import LEASE, lease_until, lose
from bot.desk.kinds import (
    BEHIND_THE_SCENES,
    LIVE_KINDS,
    DeskEventKind,
    RequestKind,
    RequestOutcome,
    RequestState,
    is_live_when_taken,
)
from bot.desk.models import Handoff
from bot.desk.origin import Origin
from bot.desk.refusals import AlreadyClosed, AlreadyHeld, NotHeld
from bot.words.reference import Reference


def claim(
    session: Session, reference: Reference, agent_id: int, agent_name: str, *, now: datetime | None = None
) -> Request:
    """Take a request, with a lease that heartbeats renew (`renew`); agents of another desk have none.

    Taking it again is allowed.

    Raises:
        AlreadyHeld: somebody else holds it, or another request of the same conversation.
        AlreadyClosed: it is closed.
        UnknownRequest: there is none.
    """
    asked = found(session, reference)
    # Of many agents who hear of it at once, most are told without a lock, for which the others would wait in a row.
    _refuse_held(asked, agent_id, now or datetime.now(UTC))
    # Also the conversation's other requests: two people must not talk with one customer.
    of_conversation = locked_of_conversation(session, asked.conversation_id)
    # When the lock is there: a reply of the assistant that was stored before stands before it in the history too.
    now = now or datetime.now(UTC)
    for other in of_conversation:
        if other.state == RequestState.HELD and other.agent_id != agent_id:
            _refuse_held(other, agent_id, now)
            lose(session, other, now)
    request = next((one for one in of_conversation if one.reference == reference), None) or found(session, reference)
    held: dict[str, Any] = {
        "state": RequestState.HELD,
        "agent_id": agent_id,
        "agent_name": agent_name,
        "is_live": is_live_when_taken(request.kind, request.channel),
        "taken_at": request.taken_at or now,
        "held_since": now,
        "lease_until": lease_until(agent_id, now),
        "lost_at": None,
    }
    if change(session, reference, Handoff.state == RequestState.WAITING, **held):
        taken = replace(request, **held)
        _tell(session, DeskEventKind.TAKEN, taken, now)
        return taken
    if request.state == RequestState.CLOSED:
        raise AlreadyClosed("It is closed.")
    change(session, reference, lease_until=lease_until(agent_id, now))  # the same agent again
    return found(session, reference)


def _refuse_held(request: Request, agent_id: int, now: datetime) -> None:
    """Refuse an agent what another one holds, whose lease has not expired."""
    is_held = request.state == RequestState.HELD and request.agent_id != agent_id
    if is_held and (request.lease_until is None or request.lease_until >= now):
        raise AlreadyHeld(str(request.agent_name))


def renew(session: Session, agent_id: int, *, now: datetime | None = None) -> int:
    """Renew the leases of all that an agent holds (heartbeat); returns how many there are.

    A lease that has expired is not renewed: the customer may have been told already.
    """
    now = now or datetime.now(UTC)
    own = (Handoff.agent_id == agent_id, Handoff.state == RequestState.HELD, Handoff.lease_until >= now)
    renewed = update(Handoff).where(*own).values(lease_until=now + LEASE).execution_options(**UNSYNCHRONISED)
    return int(session.execute(renewed).rowcount)


def hand_on(
    session: Session,
    reference: Reference,
    from_agent: int,
    to_agent: int,
    to_name: str,
    *,
    now: datetime | None = None,
) -> Request:
    """Hand a request on to a colleague, who then holds it with a new lease.

    Raises:
        NotHeld: `from_agent` does not hold it.
    """
    now = now or datetime.now(UTC)
    _held_by(session, reference, from_agent)
    lease = lease_until(to_agent, now)
    change(session, reference, agent_id=to_agent, agent_name=to_name, held_since=now, lease_until=lease)
    request = found(session, reference)
    _tell(session, DeskEventKind.HANDED_ON, request, now)
    return request


def give_back(session: Session, reference: Reference, by: int | None, *, now: datetime | None = None) -> Request:
    """Give a conversation back to the assistant: the request is closed as returned.

    Where a call back is planned, only the talking ends: number and plan stay, and the request waits for the call.

    Args:
        by: the agent who holds it; None: the customer, who may also give up waiting.

    Raises:
        NotHeld: that agent does not hold it.
        AlreadyClosed: it is closed.
    """
    now = now or datetime.now(UTC)
    request = locked(session, reference) if by is None else _held_by(session, reference, by)
    if request.state == RequestState.CLOSED:
        raise AlreadyClosed("It is closed.")
    call = wished_calls.call_back_of(session, reference)
    if call is not None and call.done_at is None:
        return _leave_call(session, request, now)
    return _close(session, request, RequestOutcome.RETURNED, DeskEventKind.RETURNED, None, now)


def put_back(session: Session, reference: Reference, agent_id: int, *, now: datetime | None = None) -> Request:
    """Put what an agent works on back into the queue, where it waits with its old age.

    Raises:
        NotHeld: the agent does not hold it, or talks with the customer: such a conversation is handed on or given back.
    """
    request = _held_by(session, reference, agent_id)
    if request.is_live:
        raise NotHeld("A conversation is handed on, given back or closed.")
    return lose(session, request, now or datetime.now(UTC))


def close(
    session: Session,
    reference: Reference,
    agent_id: int,
    outcome: RequestOutcome,
    note: str | None = None,
    *,
    now: datetime | None = None,
) -> Request:
    """Close a request with an outcome; a number to call is erased.

    Args:
        note: for colleagues.

    Raises:
        NotHeld: the agent does not hold it.
    """
    now = now or datetime.now(UTC)
    return _close(session, _held_by(session, reference, agent_id), outcome, DeskEventKind.CLOSED, note, now)


def expire_leases(session: Session, now: datetime) -> list[Request]:
    """Give what the agents held whose leases have expired back to the queue, and return it as it is now."""
    expired = locked_where(session, Handoff.state == RequestState.HELD, Handoff.lease_until < now)
    return [lose(session, request, now) for request in expired]


def _held_by(session: Session, reference: Reference, agent_id: int) -> Request:
    request = locked(session, reference)
    if request.state != RequestState.HELD or request.agent_id != agent_id:
        raise NotHeld("Only the one who holds a request acts on it.")
    return request


def _close(
    session: Session,
    request: Request,
    outcome: RequestOutcome,
    kind: DeskEventKind,
    note: str | None,
    now: datetime,
) -> Request:
    change(session, request.reference, state=RequestState.CLOSED, outcome=outcome, closed_at=now, lease_until=None)
    wished_calls.erase_number(session, request.reference, now)
    if note:
        _write_note(session, request, note, now)
    _tell(session, kind, request, now)
    desk_outbox.closed(session, request.reference, request.conversation_id, outcome)
    return found(session, request.reference)


def _leave_call(session: Session, request: Request, now: datetime) -> Request:
    """End the talking of a request with a planned call, which waits again; other desks hear of it anew."""
    change(
        session,
        request.reference,
        kind=RequestKind.CALL_BACK if request.kind in LIVE_KINDS else request.kind,
        state=RequestState.WAITING,
        is_live=False,
        lease_until=None,
        agent_id=None,
        agent_name=None,
        held_since=None,
    )
    _tell(session, DeskEventKind.RETURNED, request, now)
    now_waits = found(session, request.reference)
    origin = Origin(request.conversation_id, request.channel, request.language)
    desk_outbox.opened(session, request.reference, origin, now_waits.kind, request.details)
    return now_waits


def _write_note(session: Session, request: Request, note: str, now: datetime) -> None:
    about = (request.conversation_id, request.reference)
    agent = {"agent_id": request.agent_id, "agent_name": request.agent_name}
    write(session, DeskEventKind.NOTE, *about, **agent, text=note, now=now)  # type: ignore[arg-type]


def _tell(session: Session, kind: DeskEventKind, request: Request, now: datetime) -> None:
    """Write what became of a request: for the customer's client too where they talk with each other.

    What customers do themselves, such as giving up waiting, their other windows hear in any case.
    """
    is_seen = request.is_live or (kind == DeskEventKind.RETURNED and request.state == RequestState.WAITING)
    kind = kind if is_seen else BEHIND_THE_SCENES[kind]
    about = (request.conversation_id, request.reference)
    write(session, kind, *about, agent_id=request.agent_id, agent_name=request.agent_name, now=now)
