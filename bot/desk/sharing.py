"""What a customer let the person read: the conversation as it was written, sealed with the server's key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.desk_requests import locked_of_conversation
from bot.desk.event_writing import write
from bot.desk.kinds import DeskEventKind
from bot.desk.models import SharedConversation
from bot.storage.engine import inserting


@dataclass(frozen=True)
class SharedTurn:
    """Something that was said; `who` as the caller names them."""

    who: str
    text: str
    at: datetime


def share(
    session: Session, conversation_id: str, turns: Sequence[tuple[str, str, datetime]], *, now: datetime | None = None
) -> None:
    """Store what the customer lets the person read; it takes the place of what was shared before.

    The same again is no event: nobody fills an agent's page by sending it over and over.
    """
    now = now or datetime.now(UTC)
    requests = locked_of_conversation(session, conversation_id)
    content = json.dumps([[who, text, at.astimezone(UTC).isoformat()] for who, text, at in turns])
    before = session.execute(
        select(SharedConversation.turns).where(SharedConversation.conversation_id == conversation_id)
    ).scalar()
    if before == content:
        return
    values = {"turns": content, "at": now}
    row = inserting(session, SharedConversation).values(conversation_id=conversation_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["conversation_id"], set_=values))
    write(session, DeskEventKind.SHARED, conversation_id, requests[-1].reference if requests else None, now=now)


def shared(session: Session, conversation_id: str) -> list[SharedTurn] | None:
    """What the customer let the person read; None: nothing, or it was sealed with another key."""
    row = SharedConversation
    turns = session.execute(select(row.turns).where(row.conversation_id == conversation_id)).scalar()
    if turns is None:
        return None
    return [SharedTurn(who, text, datetime.fromisoformat(at)) for who, text, at in json.loads(turns)]
