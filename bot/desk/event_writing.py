"""Writes events of the desk with their numbers."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.event_numbers import give_back, next_number
from bot.desk.kinds import DeskEventKind
from bot.desk.models import DeskEventRow
from bot.storage.engine import inserting
from bot.words.reference import Reference


def write(
    session: Session,
    kind: DeskEventKind,
    conversation_id: str,
    reference: Reference | None,
    *,
    agent_id: int | None = None,
    agent_name: str | None = None,
    text: str | None = None,
    client_id: str | None = None,
    is_urgent: bool = False,
    understood: str | None = None,
    now: datetime | None = None,
) -> tuple[int, bool]:
    """Write an event, once for a `client_id`; returns its number and whether it is new."""
    if client_id and (there := already_written(session, conversation_id, kind, client_id)):
        return there, False
    number = next_number(session)
    written = inserting(session, DeskEventRow).values(
        number=number,
        conversation_id=conversation_id,
        reference=reference.number if reference else None,
        kind=kind,
        agent_id=agent_id,
        agent_name=agent_name,
        client_id=client_id,
        is_urgent=is_urgent,
        text=text,
        understood=understood,
        at=now or datetime.now(UTC),
    )
    once = written.on_conflict_do_nothing(index_elements=["conversation_id", "kind", "client_id"])
    if session.execute(once).rowcount:
        return number, True
    # The same message came at the same time over another connection, and was first.
    give_back(session, number)
    there = already_written(session, conversation_id, kind, str(client_id))
    return int(there or 0), False


def already_written(session: Session, conversation_id: str, kind: DeskEventKind, client_id: str) -> int | None:
    """The number of a message with the sender's id, if it is stored."""
    row = DeskEventRow
    same = (row.conversation_id == conversation_id, row.kind == kind, row.client_id == client_id)
    found: int | None = session.execute(select(row.number).where(*same)).scalar()
    return found
