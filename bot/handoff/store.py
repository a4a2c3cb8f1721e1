"""Recording requests for a person."""

import secrets
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.handoff.models import Handoff
from bot.privacy import redact

# Without characters that are mistaken for each other when read out on the phone (0/O, 1/I/L, B/8, S/5 …).
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
DETAILS_LIMIT = 20_000  # characters; no message is longer (bot.channels.intake)


def new_reference() -> str:
    """A reference number such as `EL-7KQ4-XH3M`: 8 random characters, read out in two groups."""
    characters = [secrets.choice(ALPHABET) for _ in range(8)]
    return "EL-" + "".join(characters[:4]) + "-" + "".join(characters[4:])


def record(
    session: Session,
    *,
    kind: Literal["person", "complaint"],
    conversation_id: str,
    channel: str,
    language: str,
    details: str | None = None,
) -> str:
    """Record a request and give back its reference number; personal data in `details` is redacted first."""
    reference = new_reference()
    while session.execute(select(Handoff.id).where(Handoff.reference == reference)).first():
        reference = new_reference()
    session.add(
        Handoff(
            reference=reference,
            kind=kind,
            conversation_id=conversation_id,
            channel=channel,
            language=language,
            details=redact(details)[:DETAILS_LIMIT] if details else None,
            created_at=datetime.now(UTC),
        )
    )
    return reference


def open_request(session: Session, conversation_id: str) -> str | None:
    """The reference of a conversation's latest request for a person, so that asking twice records once."""
    latest = (
        select(Handoff.reference)
        .where(Handoff.conversation_id == conversation_id, Handoff.kind == "person")
        .order_by(Handoff.id.desc())
    )
    reference: str | None = session.execute(latest).scalars().first()
    return reference
