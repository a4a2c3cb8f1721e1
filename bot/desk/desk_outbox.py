"""What another desk, such as Chatwoot, must hear: rows that are written in the transaction of what they tell."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.kinds import RequestKind, RequestOutcome
from bot.desk.models import DeskOutboxRow
from bot.desk.origin import Origin
from bot.settings.desk import DESK, OWN_DESK
from bot.words.reference import Reference

FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=2), timedelta(minutes=10)
MOST_DOUBLED = 20  # retries after which the pause no longer grows in any case


class OutboxKind(StrEnum):
    """What another desk hears of; the methods of `Desk`."""

    OPENED = "opened"
    CUSTOMER_SAID = "customer_said"
    CLOSED = "closed"
    FORGOTTEN = "forgotten"


class Desk(Protocol):
    """Where people answer: ours, or another one. Every message has an id, so that one that comes twice counts once."""

    def opened(self, id: int, payload: dict[str, Any]) -> None:
        """Tell it of a new request."""

    def customer_said(self, id: int, payload: dict[str, Any]) -> None:
        """Tell it what a customer wrote."""

    def closed(self, id: int, payload: dict[str, Any]) -> None:
        """Tell it that a request was closed here."""

    def forgotten(self, id: int, payload: dict[str, Any]) -> None:
        """Have it erase what it keeps of somebody whose data were erased here."""


@dataclass(frozen=True)
class DeskOutboxItem:
    """Something that another desk must hear."""

    id: int
    conversation_id: str
    kind: OutboxKind
    payload: dict[str, Any]
    attempts: int


def opened(session: Session, reference: Reference, origin: Origin, kind: RequestKind, details: str | None) -> None:
    """Note that another desk must hear of a new request; nothing where the desk is ours."""
    told = {"reference": reference.number, "channel": origin.channel, "language": origin.language, "details": details}
    _put(session, OutboxKind.OPENED, origin.conversation_id, {**told, "kind": str(kind)})


def customer_said(session: Session, reference: Reference, conversation_id: str, text: str, number: int) -> None:
    """Note that another desk must hear what a customer wrote; nothing where the desk is ours."""
    told = {"reference": reference.number, "text": text, "number": number}
    _put(session, OutboxKind.CUSTOMER_SAID, conversation_id, told)


def closed(session: Session, reference: Reference, conversation_id: str, outcome: RequestOutcome) -> None:
    """Note that another desk must hear that a request was closed here; nothing where the desk is ours."""
    _put(session, OutboxKind.CLOSED, conversation_id, {"reference": reference.number, "outcome": str(outcome)})


def forgotten(session: Session, contact: str, *, later: timedelta, now: datetime | None = None) -> None:
    """Note that another desk must erase what it keeps of a customer; nothing where the desk is ours.

    Args:
        contact: the other desk's key of the customer.
        later: by then what is being told just now has arrived.
    """
    # Of no conversation: those of the customer are erased here, with all that waits to be told of them.
    _put(session, OutboxKind.FORGOTTEN, f"forgotten {secrets.token_hex(8)}", {"contact": contact}, later=later, now=now)


def due(session: Session, now: datetime, limit: int = 50) -> list[DeskOutboxItem]:
    """What is to be sent now, in order; whoever sends one takes it first (`taken`).

    Of each conversation only the first that is not done or set aside is due, so nothing overtakes what was said before.
    """
    row = DeskOutboxRow
    first = (
        select(func.min(row.id)).where(row.done_at.is_(None), row.set_aside_at.is_(None)).group_by(row.conversation_id)
    )
    columns = (row.id, row.conversation_id, row.kind, row.payload, row.attempts)
    found = select(*columns).where(row.id.in_(first), row.next_at <= now).order_by(row.id).limit(limit)
    return [
        DeskOutboxItem(each.id, each.conversation_id, OutboxKind(each.kind), _loaded(each.payload), each.attempts)
        for each in session.execute(found).all()
    ]


def delivered(session: Session, item_id: int, *, now: datetime | None = None) -> None:
    """Note that something was heard, and erase what it was."""
    _change(session, item_id, done_at=now or datetime.now(UTC), payload=_dumped({}))


def set_aside(session: Session, item_id: int, *, now: datetime | None = None) -> None:
    """Note that something was refused for good: it is kept, but not sent again, and what follows it is sent."""
    _change(session, item_id, set_aside_at=now or datetime.now(UTC))


def how_many_set_aside(session: Session) -> int:
    """How many things were refused for good."""
    counted = select(func.count()).where(DeskOutboxRow.set_aside_at.is_not(None))
    return int(session.execute(counted).scalar_one())


def taken(session: Session, item: DeskOutboxItem, *, now: datetime, lasts: timedelta) -> bool:
    """Take something to send it; False: somebody else has. Who dies with it has tried, and it is due again then.

    Args:
        lasts: for so long nobody else takes it.
    """
    row = DeskOutboxRow
    same = (row.id == item.id, row.done_at.is_(None), row.attempts == item.attempts, row.next_at <= now)
    changed = update(row).where(*same).values(attempts=item.attempts + 1, next_at=now + lasts)
    return bool(session.execute(changed.execution_options(**UNSYNCHRONISED)).rowcount)


def undelivered(session: Session, conversation_id: str) -> bool:
    """Whether another desk has not yet heard something that a customer wrote in a conversation."""
    row = DeskOutboxRow
    of_it = (row.conversation_id == conversation_id, row.kind == OutboxKind.CUSTOMER_SAID)
    waits = (row.done_at.is_(None), row.set_aside_at.is_(None))
    return session.execute(select(row.id).where(*of_it, *waits).limit(1)).first() is not None


def failed(
    session: Session, item: DeskOutboxItem, *, pause: timedelta = timedelta(), now: datetime | None = None
) -> None:
    """Note that something was not heard; it is sent again, later each time.

    Args:
        pause: for so long the other desk wants to hear nothing.
    """
    later = max(min(FIRST_RETRY * 2 ** min(item.attempts, MOST_DOUBLED), LONGEST_RETRY), pause)
    _change(session, item.id, attempts=item.attempts + 1, next_at=(now or datetime.now(UTC)) + later)


def deliver(item: DeskOutboxItem, desk: Desk) -> None:
    """Tell a desk one thing; raises what the desk raises."""
    tell: dict[OutboxKind, Callable[[int, dict[str, Any]], None]] = {
        OutboxKind.OPENED: desk.opened,
        OutboxKind.CUSTOMER_SAID: desk.customer_said,
        OutboxKind.CLOSED: desk.closed,
        OutboxKind.FORGOTTEN: desk.forgotten,
    }
    tell[item.kind](item.id, item.payload)


def _put(
    session: Session,
    kind: OutboxKind,
    conversation_id: str,
    payload: dict[str, Any],
    *,
    later: timedelta = timedelta(),
    now: datetime | None = None,
) -> None:
    if DESK.value() == OWN_DESK:
        return
    at = (now or datetime.now(UTC)) + later
    session.add(DeskOutboxRow(conversation_id=conversation_id, kind=kind, payload=_dumped(payload), next_at=at))


def _change(session: Session, item_id: int, **values: Any) -> None:
    changed = update(DeskOutboxRow).where(DeskOutboxRow.id == item_id).values(**values)
    session.execute(changed.execution_options(**UNSYNCHRONISED))


def _dumped(payload: dict[str, Any]) -> str:
    return json.dumps(payload)


def _loaded(payload: str | None) -> dict[str, Any]:
    return dict(json.loads(payload)) if payload else {}
