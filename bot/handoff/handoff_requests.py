"""Recording requests for a person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.handoff.models import Handoff
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.observing import metrics
from bot.privacy import redact
from bot.privacy.pieces import Piece, without_pieces
from bot.words.reference import Reference


@dataclass(frozen=True)
class Origin:
    """The origin of a request; the language is the customer's."""

    conversation_id: str
    channel: str
    language: str


def record(
    session: Session,
    kind: Literal["person", "complaint"],
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
    if kind == "complaint" and told and (there := _same_complaint(session, origin, told)):
        return there
    reference = Reference.new()
    while session.execute(select(Handoff.id).where(Handoff.reference == reference.number)).first():
        reference = Reference.new()
    session.add(
        Handoff(
            reference=reference.number,
            kind=kind,
            **asdict(origin),
            details=told,
            priority=priority,
            created_at=datetime.now(UTC),
        )
    )
    metrics.HANDOFFS.labels(metrics.channel_label(origin.channel), kind).inc()
    return reference


def request_person(
    session: Session, origin: Origin, *, details: str | None = None, priority: bool = False
) -> Reference:
    """The reference of a conversation's request for a person: the existing one, or a new one (idempotent).

    An existing request keeps its details, and becomes urgent where this one is.
    """
    there = _latest_request(session, origin)
    if there is None:
        return record(session, "person", origin, details=details, priority=priority)
    there.priority = there.priority or priority
    return Reference(there.reference)


def note_unsent(session: Session, origin: Origin) -> None:
    """Record that an answer could not be sent on a conversation's request for a person, which is made if needed."""
    if _latest_request(session, origin) is None:
        record(session, "person", origin)
        session.flush()
    there = _latest_request(session, origin)
    assert there is not None, "It was recorded above."  # noqa: S101
    there.unsent_at = datetime.now(UTC)


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
    of_it = (Handoff.conversation_id == origin.conversation_id, Handoff.kind == "complaint", Handoff.details == told)
    found: str | None = session.execute(select(Handoff.reference).where(*of_it)).scalars().first()
    return Reference(found) if found else None


def _latest_request(session: Session, origin: Origin) -> Handoff | None:
    of_it = (Handoff.conversation_id == origin.conversation_id, Handoff.kind == "person")
    found: Handoff | None = session.execute(select(Handoff).where(*of_it).order_by(Handoff.id.desc())).scalars().first()
    return found
