"""Asking for a call, and being done with one."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.desk import claiming, desk_outbox
from bot.desk.desk_requests import Request, locked, locked_of_conversation, open_request
from bot.desk.event_writing import write
from bot.desk.kinds import DeskEventKind, RequestKind, RequestOutcome, RequestState
from bot.desk.origin import Origin
from bot.desk.wished_calls import CallBack, WishedCall, call_back_of, keep
from bot.words.reference import Reference

__all__ = ["CallBack", "WishedCall", "ask_call_back", "call_back_of", "done"]


def ask_call_back(
    session: Session,
    origin: Origin,
    number: str,
    wished: tuple[datetime, datetime] | None,
    *,
    consent_at: datetime,
    reference: Reference | None = None,
    now: datetime | None = None,
) -> Reference:
    """Store that a customer wants to be called; returns the request's number.

    Args:
        number: in E.164.
        wished: from when until when; None: any time.
        consent_at: when the customer agreed to be called at this number.
        reference: of the request that the call is about, when it is open and of the same conversation; otherwise the
            call is a request of its own; asked for again, or in two tabs at once, it is the same.
    """
    now = now or datetime.now(UTC)
    wished_from, wished_until = wished or (None, None)
    wish = WishedCall(number, wished_from, wished_until, consent_at)
    request = locked(session, reference) if reference else None
    if request is not None and request.state == RequestState.CLOSED:
        request = _already_asked(session, request.conversation_id)
    if request is None or request.conversation_id != origin.conversation_id:
        request = open_request(session, RequestKind.CALL_BACK, origin, call_back=wish, now=now)
    else:
        keep(session, request.reference, origin.conversation_id, wish, now)
        desk_outbox.opened(session, request.reference, origin, request.kind, request.details)
    write(session, DeskEventKind.CALL_BACK_ASKED, origin.conversation_id, request.reference, now=now)
    return request.reference


def _already_asked(session: Session, conversation_id: str) -> Request | None:
    """The open request for a call of a conversation."""
    of_it = locked_of_conversation(session, conversation_id)
    return next((each for each in of_it if each.kind == RequestKind.CALL_BACK), None)


def done(
    session: Session,
    reference: Reference,
    agent_id: int,
    outcome: RequestOutcome,
    *,
    now: datetime | None = None,
) -> None:
    """Close a request after the call; the number is erased.

    Raises:
        NotHeld: the agent does not hold it.
    """
    claiming.close(session, reference, agent_id, outcome, now=now)
