"""Writes events of the desk with their numbers.

Whoever has a number keeps all other transactions with events waiting until the commit, so numbers are taken as late as
can be: what happens to requests is written by the commit itself, and only messages, whose numbers their senders are
told, before it.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.desk.event_numbers import give_back, next_number
from bot.desk.kinds import DeskEventKind
from bot.desk.models import DeskEventRow
from bot.storage.engine import inserting
from bot.words.reference import Reference

_WAITING = "desk events that the commit writes"  # key of a session's own values


def write(
    session: Session,
    kind: DeskEventKind,
    conversation_id: str,
    reference: Reference | None,
    *,
    agent_id: int | None = None,
    agent_name: str | None = None,
    text: str | None = None,
    now: datetime | None = None,
    is_urgent: bool = False,
) -> None:
    """Have an event written by this transaction's commit; `events_after` in the same transaction has it before."""
    about = {"conversation_id": conversation_id, "reference": reference.number if reference else None, "kind": kind}
    agent = {"agent_id": agent_id, "agent_name": agent_name}
    values = {**about, **agent, "is_urgent": is_urgent, "text": text, "at": now or datetime.now(UTC)}
    session.info.setdefault(_WAITING, []).append(values)


def write_message(
    session: Session,
    kind: DeskEventKind,
    conversation_id: str,
    reference: Reference | None,
    client_id: str,
    text: str,
    *,
    agent_id: int | None = None,
    agent_name: str | None = None,
    is_urgent: bool = False,
    understood: str | None = None,
    now: datetime | None = None,
) -> tuple[int, bool]:
    """Write a message now, once for a `client_id`; returns its number and whether it is new.

    As little as possible should follow in the transaction.
    """
    if there := already_written(session, conversation_id, kind, client_id):
        return there, False
    write_waiting(session)  # what happened before it has a smaller number
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
    return int(already_written(session, conversation_id, kind, client_id) or 0), False


def write_waiting(session: Session) -> None:
    """Write the events now that the commit would write."""
    for values in session.info.pop(_WAITING, ()):
        session.execute(inserting(session, DeskEventRow).values(number=next_number(session), **values))


@event.listens_for(Session, "before_commit")
def _write_at_commit(session: Session) -> None:
    write_waiting(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _: Any) -> None:
    session.info.pop(_WAITING, None)


def already_written(session: Session, conversation_id: str, kind: DeskEventKind, client_id: str) -> int | None:
    """The number of a message with the sender's id, if it is stored."""
    row = DeskEventRow
    same = (row.conversation_id == conversation_id, row.kind == kind, row.client_id == client_id)
    found: int | None = session.execute(select(row.number).where(*same)).scalar()
    return found
