"""Recording requests for a person."""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import metrics
from bot.handoff.models import Handoff
from bot.privacy import redact

# Without characters that are mistaken for each other when read out on the phone (0/O, 1/I/L, B/8, S/5 …).
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
DETAILS_LIMIT = 20_000  # characters; no message is longer (bot.channels.intake)


def new_reference() -> str:
    """A reference number such as `EL-7KQ4-XH3M`: 8 random characters, read out in two groups."""
    characters = [secrets.choice(ALPHABET) for _ in range(8)]
    return "EL-" + "".join(characters[:4]) + "-" + "".join(characters[4:])


@dataclass(frozen=True)
class Origin:
    """Where a request comes from; the language is the customer's."""

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
) -> str:
    """Record a request and give back its reference number; personal data in `details` is redacted first."""
    reference = new_reference()
    while session.execute(select(Handoff.id).where(Handoff.reference == reference)).first():
        reference = new_reference()
    session.add(
        Handoff(
            reference=reference,
            kind=kind,
            **asdict(origin),
            details=redact(details)[:DETAILS_LIMIT] if details else None,
            priority=priority,
            created_at=datetime.now(UTC),
        )
    )
    metrics.HANDOFFS.labels(metrics.channel_label(origin.channel), kind).inc()
    return reference


def request_person(session: Session, origin: Origin, *, details: str | None = None, priority: bool = False) -> str:
    """The reference of a conversation's request for a person: the one that is there already, or a new one.

    A request that is there keeps what it says, and becomes urgent where this one is.
    """
    there = _latest_request(session, origin)
    if there is None:
        return record(session, "person", origin, details=details, priority=priority)
    there.priority = there.priority or priority
    return str(there.reference)


def note_unsent(session: Session, origin: Origin) -> None:
    """Note on a conversation's request for a person, made if there is none, that an answer could not be sent."""
    if _latest_request(session, origin) is None:
        record(session, "person", origin)
        session.flush()
    there = _latest_request(session, origin)
    assert there is not None, "It was recorded above."  # noqa: S101
    there.unsent_at = datetime.now(UTC)


def _latest_request(session: Session, origin: Origin) -> Handoff | None:
    of_it = (Handoff.conversation_id == origin.conversation_id, Handoff.kind == "person")
    found: Handoff | None = session.execute(select(Handoff).where(*of_it).order_by(Handoff.id.desc())).scalars().first()
    return found
