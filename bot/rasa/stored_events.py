"""Reads the stored events of conversations, in the form that was published last."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, true
from sqlalchemy.sql import Select

from bot.rasa.conversation_models import ConversationEvent
from bot.rasa.published_events import amending_event, published_event
from bot.storage.engine import session_scope

PAGE = 500  # events per query


def stored_events(
    since: datetime | None = None, until: datetime | None = None, conversations: Sequence[str] = ()
) -> Iterator[list[dict[str, Any]]]:
    """The events in the order in which they were first written, page by page.

    Each has the form of `published_event`, but an amended one that of `amending_event`: under its first `event_id`, a
    consumer would drop it as a duplicate, and keep what was redacted.

    Args:
        since: leave out events that happened, and were amended, before.
        until: leave out events that happened, and were amended, at that moment or later.
        conversations: ids; all conversations where it is empty.
    """
    wanted = select(ConversationEvent).order_by(ConversationEvent.id).limit(PAGE)
    seconds = (since and since.timestamp(), until and until.timestamp())
    happened = _within(ConversationEvent.timestamp, *seconds)
    wanted = wanted.where(or_(happened, _within(ConversationEvent.amended_at, since, until)))
    if conversations:
        wanted = wanted.where(ConversationEvent.sender_id.in_(conversations))
    last: int | None = 0
    while last is not None:
        page, last = _page(wanted.where(ConversationEvent.id > last))
        if page:
            yield page


def _within(column: Any, since: object, until: object) -> Any:
    """The condition that a column's value is `since` or later, and before `until`; None means no limit."""
    limits = [column >= since] if since is not None else []
    limits += [column < until] if until is not None else []
    return and_(true(), *limits)


def _page(query: Select) -> tuple[list[dict[str, Any]], int | None]:
    """The events of a page and the id of its last row; None after the last page."""
    with session_scope() as session:
        rows = session.execute(query).scalars().all()
        return [_published(row) for row in rows], int(rows[-1].id) if len(rows) == PAGE else None


def _published(row: ConversationEvent) -> dict[str, Any]:
    publish = published_event if row.amended_at is None else amending_event
    return publish(row.sender_id, row.position, json.loads(row.data))
