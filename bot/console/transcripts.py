"""What a customer and the assistant said before a person came: the stored, redacted conversation.

A turn that was in flight when a person took the conversation is stored too, though the customer never saw its reply:
the person got the message instead, under the same id.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.desk_events import LastHeard, given_to_people
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
        message_id: of a customer's turn, the sender's own id.
        is_dropped: of an assistant's turn, the customer never saw it, since a person had come.
    """

    who: str
    text: str
    at: datetime
    understood: ParseResult | None = None
    sources: tuple[str, ...] = ()
    message_id: str | None = None
    is_dropped: bool = False


def transcript(session: Session, conversation_id: str) -> list[TranscriptTurn]:
    """The turns of a conversation as they are stored, the oldest first."""
    of_it = (ConversationEvent.sender_id == conversation_id, ConversationEvent.type_name.in_(("user", "bot")))
    found = select(ConversationEvent.timestamp, ConversationEvent.data).where(*of_it)
    rows = session.execute(found.order_by(ConversationEvent.position.desc()).limit(MOST)).all()
    turns = [turn for at, data in reversed(rows) if (turn := _turn(datetime.fromtimestamp(at, UTC), json.loads(data)))]
    return _marked(turns, given_to_people(session, conversation_id))


def last_understood(turns: list[TranscriptTurn], heard: LastHeard | None) -> ParseResult | None:
    """What the customer wrote last, as it was understood; None where it was not.

    Args:
        heard: what the customer wrote last to a person.
    """
    said = [turn for turn in turns if turn.who == CUSTOMER]
    if heard is not None and not (said and said[-1].at > heard.at):
        if heard.understood is not None:
            return parse_result(json.loads(heard.understood))
        said = [turn for turn in said if turn.message_id is not None and turn.message_id == heard.client_id]
        return said[-1].understood if said else None
    return next((turn.understood for turn in reversed(said) if turn.understood and turn.understood.intent), None)


def _marked(turns: list[TranscriptTurn], given: set[str]) -> list[TranscriptTurn]:
    found, is_dropped = [], False
    for turn in turns:
        is_dropped = turn.message_id in given if turn.who == CUSTOMER else is_dropped
        found.append(replace(turn, is_dropped=is_dropped and turn.who == ASSISTANT))
    return found


def _turn(at: datetime, event: dict[str, Any]) -> TranscriptTurn | None:
    text = str(event.get("text") or "")
    if event.get("event") == "user":
        understood, message_id = parse_result(event.get("parse_data")), event.get("message_id")
        return TranscriptTurn(CUSTOMER, text, at, understood, message_id=message_id) if text else None
    reply = reply_of_event(event)
    if not reply.text:
        return None
    titles = [link.title for link in reply.links]
    return TranscriptTurn(ASSISTANT, reply.text, at, sources=tuple(titles))
