"""What a customer and the assistant said before a person came: the stored, redacted conversation."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.parse_result import ParseResult, parse_result
from bot.rasa.conversation_models import ConversationEvent
from bot.replies.carried import reply_of_event

CUSTOMER, ASSISTANT = "customer", "assistant"
MOST = 400  # turns that are shown, the latest


@dataclass(frozen=True)
class TranscriptTurn:
    """Something that was said.

    Attributes:
        who: `CUSTOMER` or `ASSISTANT`.
        understood: of a customer's turn, what it was understood as.
        sources: of an assistant's turn, the titles of the announcements that it rests on.
    """

    who: str
    text: str
    at: datetime
    understood: ParseResult | None = None
    sources: tuple[str, ...] = ()


def transcript(session: Session, conversation_id: str) -> list[TranscriptTurn]:
    """The turns of a conversation as they are stored, the oldest first."""
    of_it = (ConversationEvent.sender_id == conversation_id, ConversationEvent.type_name.in_(("user", "bot")))
    found = select(ConversationEvent.timestamp, ConversationEvent.data).where(*of_it)
    rows = session.execute(found.order_by(ConversationEvent.position.desc()).limit(MOST)).all()
    return [turn for at, data in reversed(rows) if (turn := _turn(datetime.fromtimestamp(at, UTC), json.loads(data)))]


def last_understood(turns: list[TranscriptTurn]) -> ParseResult | None:
    """What the customer last said that was understood; None where nothing was."""
    return next((turn.understood for turn in reversed(turns) if turn.understood and turn.understood.intent), None)


def _turn(at: datetime, event: dict[str, Any]) -> TranscriptTurn | None:
    text = str(event.get("text") or "")
    if event.get("event") == "user":
        return TranscriptTurn(CUSTOMER, text, at, parse_result(event.get("parse_data"))) if text else None
    reply = reply_of_event(event)
    if not reply.text:
        return None
    titles = [link.title for link in reply.links]
    return TranscriptTurn(ASSISTANT, reply.text, at, sources=tuple(titles))
