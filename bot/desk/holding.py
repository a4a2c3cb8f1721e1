"""Whether a person holds a conversation, so that the assistant is silent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot import deadlines
from bot.desk.desk_requests import Request, change, found, locked_of_conversation, of_conversation
from bot.desk.event_writing import write
from bot.desk.kinds import BEHIND_THE_SCENES, DeskEventKind, RequestState
from bot.observing import metrics
from bot.words.reference import Reference

LEASE = timedelta(seconds=deadlines.AGENT_LEASE)


def lease_until(agent_id: int, now: datetime) -> datetime | None:
    """Until when an agent's sign of life counts; None: for ever.

    Agents of another desk (negative ids) have no page of ours that could die; their desk says when they are done.
    """
    return now + LEASE if agent_id >= 0 else None


@dataclass(frozen=True)
class Holder:
    """The person who holds a conversation."""

    reference: Reference
    agent_id: int
    agent_name: str
    since: datetime


def holder(
    session: Session, conversation_id: str, *, now: datetime | None = None, for_update: bool = False
) -> Holder | None:
    """Who holds a conversation now; None: the assistant answers.

    Args:
        for_update: until this transaction ends, nobody takes the conversation (claims of its open requests wait), so a
            reply that is written in it was written before. Whoever is found to be lost is noted as lost.
    """
    now = now or datetime.now(UTC)
    find = locked_of_conversation if for_update else of_conversation
    for request in find(session, conversation_id):
        if request.state != RequestState.HELD or not request.is_live:
            continue
        if request.lease_until is not None and request.lease_until < now:
            # The process that looks for lost agents may itself be down.
            if for_update:
                lose(session, request, now)
            continue
        return Holder(request.reference, int(request.agent_id or 0), str(request.agent_name), request.held_since or now)
    return None


def lose(session: Session, request: Request, now: datetime) -> Request:
    """Note that the agent of a locked request was lost: it waits again, with its old age and before the others."""
    change(
        session,
        request.reference,
        state=RequestState.WAITING,
        is_live=False,
        lost_at=now,
        lease_until=None,
        agent_id=None,
        agent_name=None,
        held_since=None,
    )
    kind = DeskEventKind.AGENT_LOST
    metrics.DESK_LOST.inc()
    write(
        session,
        kind if request.is_live else BEHIND_THE_SCENES[kind],
        request.conversation_id,
        request.reference,
        agent_id=request.agent_id,
        agent_name=request.agent_name,
        now=now,
    )
    return found(session, request.reference)
