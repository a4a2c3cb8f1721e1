"""Requests for a person as conversations make them: once for each wish, however often it is repeated."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.desk_requests import by_number, change, open_request
from bot.desk.kinds import OPEN_STATES, RequestKind
from bot.desk.models import Handoff
from bot.desk.origin import Origin
from bot.known_channels import SPOKEN, channel_named
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.privacy import redact
from bot.privacy.pieces import Piece, without_pieces
from bot.words.reference import Reference

__all__ = [
    "Origin",
    "add_note",
    "amend_requests",
    "note_extension",
    "note_not_transferred",
    "note_unsent",
    "record",
    "request_person",
]

# A caller who could not be put through asked for a person too, and keeps the same number.
WISHES_FOR_A_PERSON = (RequestKind.PERSON, RequestKind.TRANSFER)
# Who has agreed to be called back waits for a person too; in writing that is a wish of its own.
WISHES_OF_CALLERS = (*WISHES_FOR_A_PERSON, RequestKind.CALL_BACK)


def record(
    session: Session,
    kind: RequestKind,
    origin: Origin,
    *,
    details: str | None = None,
    priority: bool = False,
) -> Reference:
    """Record a request and return its reference; personal data in `details` is redacted first.

    Idempotent: a complaint with the same text as an earlier one of this conversation is the same one, since a turn is
    retried where the customer was not told that it had been recorded.
    """
    told = redact(details)[:RAW_MESSAGE_LIMIT] if details else None
    if kind == RequestKind.COMPLAINT and told and (there := _same_complaint(session, origin, told)):
        return there
    return open_request(session, kind, origin, details=details, priority=priority).reference


def request_person(
    session: Session, origin: Origin, *, details: str | None = None, priority: bool = False
) -> Reference:
    """The reference of a conversation's open request for a person: the existing one, or a new one (idempotent).

    An existing request keeps its details, and becomes urgent where this one is. After a closed one it is a new request.
    """
    is_call = channel_named(origin.channel).medium == SPOKEN
    there = _open_request(session, origin, WISHES_OF_CALLERS if is_call else WISHES_FOR_A_PERSON)
    if there is None:
        return record(session, RequestKind.PERSON, origin, details=details, priority=priority)
    there.priority = there.priority or priority
    return Reference(there.reference)


def note_unsent(session: Session, origin: Origin) -> None:
    """Record that an answer could not be sent: on an open request for a person, or as a request of its own."""
    there = _open_request(session, origin, (*WISHES_FOR_A_PERSON, RequestKind.UNSENT))
    if there is None:
        record(session, RequestKind.UNSENT, origin)
    else:
        there.unsent_at = datetime.now(UTC)


def note_not_transferred(session: Session, origin: Origin, note: str) -> Reference:
    """Record that nobody could be reached for a caller, on the call's request for a person; returns its reference.

    Args:
        note: for the person who takes it up.
    """
    reference = request_person(session, origin)
    change(session, reference, kind=RequestKind.TRANSFER)
    add_note(session, reference, note)
    return reference


def note_extension(session: Session, origin: Origin, reference: Reference) -> None:
    """Record that a customer wishes to pay later, under the number that billing gave; once for each number."""
    if by_number(session, reference) is None:
        open_request(session, RequestKind.EXTENSION, origin, reference=reference)


def add_note(session: Session, reference: Reference, note: str) -> None:
    """Add a line to the details of a request, once."""
    request = session.execute(select(Handoff).where(Handoff.reference == reference.number)).scalars().one()
    if note not in (request.details or ""):
        request.details = "\n".join(filter(None, (request.details, note)))


def amend_requests(session: Session, conversation_id: str, pieces: Sequence[Piece]) -> None:
    """Redact pieces, which later messages showed to be personal data, in the details of a conversation's requests.

    Addresses stay, as they do in `record`.
    """
    to_go = [piece for piece in pieces if piece.kind != "address"]
    if not to_go:
        return
    of_it = (Handoff.conversation_id == conversation_id, Handoff.details.is_not(None))
    for request in session.execute(select(Handoff).where(*of_it)).scalars():
        request.details = without_pieces(request.details, to_go, repeated=False)


def _same_complaint(session: Session, origin: Origin, told: str) -> Reference | None:
    of_it = (
        Handoff.conversation_id == origin.conversation_id,
        Handoff.kind == RequestKind.COMPLAINT,
        Handoff.details == told,
    )
    found: str | None = session.execute(select(Handoff.reference).where(*of_it)).scalars().first()
    return Reference(found) if found else None


def _open_request(session: Session, origin: Origin, kinds: Sequence[RequestKind]) -> Handoff | None:
    of_it = (
        Handoff.conversation_id == origin.conversation_id,
        Handoff.kind.in_(kinds),
        Handoff.state.in_(OPEN_STATES),
    )
    found: Handoff | None = session.execute(select(Handoff).where(*of_it).order_by(Handoff.id.desc())).scalars().first()
    return found
