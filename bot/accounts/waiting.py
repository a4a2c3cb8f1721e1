"""What an account dialogue waits for, also for channels where an answer may come in pieces."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.accounts.verification_models import AccountDialogue

FORGOTTEN_AFTER = timedelta(minutes=15)


class Waiting(StrEnum):
    """What a dialogue waits for. A number in a state that waits for one came from speech and was read back."""

    NUMBER = "number"
    CODE = "code"
    CHOICE = "choice"
    WISH = "wish"


def state_of(session: Session, conversation_id: str, now: datetime) -> AccountDialogue | None:
    """The state of a conversation's account dialogue.

    None where it has none, where it has expired, or where its number was sealed with another key.
    """
    found = session.get(AccountDialogue, conversation_id)
    known = found is not None and found.is_readable and found.updated_at > now - FORGOTTEN_AFTER
    return found if known else None


def waiting_for(session: Session, conversation_id: str) -> Waiting | None:
    """What was asked for last: a number, a code …; None where nothing was, or the dialogue has expired."""
    found = state_of(session, conversation_id, datetime.now(UTC))
    return Waiting(found.waiting_for) if found is not None else None
