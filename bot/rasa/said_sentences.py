"""Reads what customers wrote lately, redacted as it is stored: what was not understood, and examples of a topic."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain_names import EntityName, Intent
from bot.figures.alike_sentences import NotUnderstood
from bot.parse_result import parse_result
from bot.rasa.conversation_models import ConversationEvent

MOST = 4_000  # sentences
LOOKED_AT = 500  # messages among which those about a place are sought
USER = "user"
UNCLEAR = (Intent.NLU_FALLBACK, Intent.OUT_OF_SCOPE)


def not_understood(session: Session, since: datetime) -> list[NotUnderstood]:
    """The latest sentences that were not understood, or are about something else, since a moment."""
    row = ConversationEvent
    wanted = _said(since).where(row.intent_name.in_(UNCLEAR)).limit(MOST)
    return [
        NotUnderstood(str(event["text"]), conversation, datetime.fromtimestamp(event["timestamp"], UTC))
        for conversation, event in _read(session, wanted)
        if event.get("text")
    ]


def examples_of(session: Session, since: datetime, most: int, *, intent: str = "", place: str = "") -> Sequence[str]:
    """Some of the latest sentences with an intent, or about a place; each once."""
    wanted = _said(since).limit(LOOKED_AT)
    wanted = wanted.where(ConversationEvent.intent_name == intent) if intent else wanted
    texts = [
        str(event["text"])
        for _, event in _read(session, wanted)
        if event.get("text") and not str(event["text"]).startswith("/") and _is_about(event, place)
    ]
    return list(dict.fromkeys(texts))[:most]


def _said(since: datetime) -> Any:
    row = ConversationEvent
    wanted = select(row.sender_id, row.data).where(row.timestamp >= since.timestamp(), row.type_name == USER)
    return wanted.order_by(row.timestamp.desc())


def _read(session: Session, wanted: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(conversation, json.loads(data)) for conversation, data in session.execute(wanted)]


def _is_about(event: dict[str, Any], place: str) -> bool:
    return not place or place in parse_result(event.get("parse_data")).values(EntityName.PLACE)
