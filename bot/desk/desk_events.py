"""What happens at the desk, as events with increasing numbers: what is said, and what becomes of requests."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import desk_outbox
from bot.desk.desk_requests import change, locked, locked_of_conversation
from bot.desk.event_numbers import latest_number
from bot.desk.event_writing import already_written, write, write_message, write_waiting
from bot.desk.holding import lease_until
from bot.desk.kinds import DeskEventKind, RequestState, can_be_written_to
from bot.desk.models import DeskEventRow
from bot.desk.refusals import NotHeld
from bot.observing import metrics
from bot.words.reference import Reference

__all__ = [
    "DeskEvent",
    "LastHeard",
    "agent_said",
    "customer_said",
    "events_after",
    "given_to_people",
    "last_heard",
    "latest_number",
    "note",
]


@dataclass(frozen=True)
class DeskEvent:
    """One event.

    Attributes:
        number: its place in the order of all events of the desk.
        reference: of the request that it is about; None for what a customer wrote without one.
        agent_name: the first name that customers are shown.
        client_id: the sender's own id of a message (idempotency key).
        is_urgent: what the customer wrote sounds like danger.
        text: what was said; None where nothing was, or where it was sealed with another key.
    """

    number: int
    conversation_id: str
    reference: Reference | None
    kind: DeskEventKind
    agent_id: int | None
    agent_name: str | None
    client_id: str | None
    is_urgent: bool
    text: str | None
    at: datetime


def customer_said(
    session: Session,
    conversation_id: str,
    text: str,
    client_id: str,
    *,
    is_urgent: bool = False,
    understood: str | None = None,
    now: datetime | None = None,
) -> int:
    """Store what a customer wrote to the desk; returns its number. The same `client_id` again is the same message.

    Args:
        is_urgent: it sounds like danger; the request becomes urgent too.
        understood: what the assistant understands, as JSON.
    """
    requests = locked_of_conversation(session, conversation_id)
    about = next((request for request in requests if request.state == RequestState.HELD and request.is_live), None)
    about = about or (requests[-1] if requests else None)
    if is_urgent and about is not None and not about.priority:
        change(session, about.reference, priority=True)
    number, is_new = write_message(
        session,
        DeskEventKind.CUSTOMER_SAID,
        conversation_id,
        about.reference if about else None,
        client_id,
        text,
        is_urgent=is_urgent,
        understood=understood,
        now=now,
    )
    if is_new and about is not None:
        desk_outbox.customer_said(session, about.reference, conversation_id, text, number)
    return number


def agent_said(
    session: Session, reference: Reference, agent_id: int, text: str, client_id: str, *, now: datetime | None = None
) -> int:
    """Store what the agent who holds a request wrote to the customer; returns its number (idempotent by `client_id`).

    The first words of an agent who works on a complaint or the like make it a live conversation: from then on the
    assistant is silent.

    Raises:
        NotHeld: the agent does not hold it, or the customer's channel cannot be written to.
    """
    now = now or datetime.now(UTC)
    request = locked(session, reference)
    if there := already_written(session, request.conversation_id, DeskEventKind.AGENT_SAID, client_id):
        return there  # even if it was closed meanwhile: the sender only asks whether it arrived
    if request.state != RequestState.HELD or request.agent_id != agent_id or not can_be_written_to(request.channel):
        raise NotHeld("Only the agent who holds a request writes to the customer.")
    name = request.agent_name
    if not request.is_live:
        write(
            session,
            DeskEventKind.TAKEN,
            request.conversation_id,
            reference,
            agent_id=agent_id,
            agent_name=name,
            now=now,
        )
    if request.first_answer_at is None:
        took = (now - request.created_at).total_seconds()
        metrics.DESK_FIRST_ANSWER.labels(metrics.channel_label(request.channel)).observe(max(0.0, took))
    first = request.first_answer_at or now
    change(session, reference, is_live=True, lease_until=lease_until(agent_id, now), first_answer_at=first)
    number, _ = write_message(
        session,
        DeskEventKind.AGENT_SAID,
        request.conversation_id,
        reference,
        client_id,
        text,
        agent_id=agent_id,
        agent_name=name,
        now=now,
    )
    return number


def note(
    session: Session,
    reference: Reference,
    agent_id: int,
    agent_name: str,
    text: str,
    client_id: str,
    *,
    now: datetime | None = None,
) -> int:
    """Store an agent's note, which customers never see; returns its number (idempotent by `client_id`)."""
    request = locked(session, reference)
    number, _ = write_message(
        session,
        DeskEventKind.NOTE,
        request.conversation_id,
        reference,
        client_id,
        text,
        agent_id=agent_id,
        agent_name=agent_name,
        now=now,
    )
    return number


def events_after(
    session: Session,
    number: int,
    *,
    conversation_id: str | None = None,
    kinds: Collection[DeskEventKind] | None = None,
    limit: int = 500,
) -> list[DeskEvent]:
    """The events with higher numbers, in order, at most `limit`; those of this transaction too."""
    write_waiting(session)
    row = DeskEventRow
    wanted = [row.number > number]
    if conversation_id is not None:
        wanted.append(row.conversation_id == conversation_id)
    if kinds is not None:
        wanted.append(row.kind.in_(sorted(kinds)))
    columns = (
        *(row.number, row.conversation_id, row.reference, row.kind, row.agent_id, row.agent_name, row.client_id),
        *(row.is_urgent, row.text, row.at),
    )
    found = session.execute(select(*columns).where(*wanted).order_by(row.number).limit(limit)).all()
    return [_event(each) for each in found]


@dataclass(frozen=True)
class LastHeard:
    """What a customer wrote last to the desk; `understood` as JSON, None where it could not be understood."""

    client_id: str | None
    understood: str | None
    at: datetime


def last_heard(session: Session, conversation_id: str) -> LastHeard | None:
    """What a customer wrote last to the desk; None: nothing."""
    row = DeskEventRow
    said = (row.conversation_id == conversation_id, row.kind == DeskEventKind.CUSTOMER_SAID)
    latest = select(row.client_id, row.understood, row.at).where(*said).order_by(row.number.desc()).limit(1)
    found = session.execute(latest).first()
    return LastHeard(*found) if found else None


def given_to_people(session: Session, conversation_id: str) -> set[str]:
    """The senders' ids of the messages of a conversation that went to a person."""
    row = DeskEventRow
    said = (row.conversation_id == conversation_id, row.kind == DeskEventKind.CUSTOMER_SAID)
    return set(session.execute(select(row.client_id).where(*said, row.client_id.is_not(None))).scalars())


def _event(row: tuple) -> DeskEvent:  # type: ignore[type-arg]
    number, conversation_id, reference, kind, *rest = row
    return DeskEvent(number, conversation_id, Reference(reference) if reference else None, DeskEventKind(kind), *rest)
