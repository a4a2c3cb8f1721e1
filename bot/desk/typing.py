"""Who is typing: not an event, since nobody misses it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import deadlines
from bot.desk.event_numbers import ONLY_ROW
from bot.desk.models import DeskCounter, DeskTyping
from bot.storage.engine import inserting

CUSTOMER = "customer"
SHOWN = timedelta(seconds=deadlines.TYPING_SHOWN)


def typing(session: Session, conversation_id: str, who: str, now: datetime | None = None) -> None:
    """Note that somebody types: `CUSTOMER`, or an agent's id as text."""
    at = now or datetime.now(UTC)
    row = inserting(session, DeskTyping).values(conversation_id=conversation_id, who=who, at=at)
    session.execute(row.on_conflict_do_update(index_elements=["conversation_id", "who"], set_={"at": at}))


def stopped_typing(session: Session, conversation_id: str, who: str) -> None:
    """Note that somebody no longer types, for example because the message was sent."""
    session.execute(delete(DeskTyping).where(DeskTyping.conversation_id == conversation_id, DeskTyping.who == who))


def who_types(session: Session, now: datetime, conversation_id: str | None = None) -> list[tuple[str, str]]:
    """Who types now: conversations with `CUSTOMER` or an agent's id; of all conversations, or of one."""
    found = select(DeskTyping.conversation_id, DeskTyping.who).where(DeskTyping.at >= now - SHOWN)
    if conversation_id is not None:
        found = found.where(DeskTyping.conversation_id == conversation_id)
    return [(each.conversation_id, each.who) for each in session.execute(found.order_by(*found.selected_columns)).all()]


def number_and_typists(session: Session, now: datetime) -> tuple[int, list[tuple[str, str]]]:
    """The number of the latest event, and who types now as `who_types` tells it: both with one statement."""
    typing_now = DeskTyping.at >= now - SHOWN
    columns = select(DeskCounter.number, DeskTyping.conversation_id, DeskTyping.who).select_from(DeskCounter)
    rows = session.execute(columns.join(DeskTyping, typing_now, isouter=True).where(ONLY_ROW)).all()
    return int(rows[0].number), [(each.conversation_id, each.who) for each in rows if each.who]
