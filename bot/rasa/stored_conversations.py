"""Reads whole stored conversations, for what is counted of them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.rasa.conversation_models import ConversationEvent

AT_ONCE = 200  # conversations per query


def stored_conversations(session: Session, since: datetime | None = None) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each conversation with its redacted events in order; with `since`, those with an event then or later."""
    row = ConversationEvent
    ids = select(row.sender_id).group_by(row.sender_id).order_by(row.sender_id)
    if since is not None:
        ids = ids.having(func.max(row.timestamp) >= since.timestamp())
    found = session.execute(ids).scalars().all()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        wanted = select(row.sender_id, row.data).where(row.sender_id.in_(some)).order_by(row.sender_id, row.position)
        events: dict[str, list[dict[str, Any]]] = {}
        for conversation, data in session.execute(wanted):
            events.setdefault(conversation, []).append(json.loads(data))
        yield from events.items()
