"""What an agent wrote and the channel did not let through: agents see it, and the request stays theirs to settle."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.desk_requests import by_number, change, locked, open_request
from bot.desk.event_writing import already_written, write_message
from bot.desk.kinds import DeskEventKind, RequestKind, RequestState
from bot.desk.models import DeskEventRow
from bot.desk.origin import Origin
from bot.words.reference import Reference


class NotSentBecause(StrEnum):
    """Why a message did not reach the customer: the text of its `NOT_SENT` event."""

    TOO_LATE = "too_late"  # the channel's time after the customer's last message is over
    NOT_REACHABLE = "not_reachable"  # the customer has blocked the page, or left
    REFUSED = "refused"


def not_sent(session: Session, number: int, because: NotSentBecause, *, now: datetime | None = None) -> None:
    """Note that what an agent said did not reach the customer, as a `NOT_SENT` event; once for each message.

    Its `client_id` is the number of the message. The request for a person becomes an unsent one; where it was closed
    meanwhile, there is a new one. Without the message (erased meanwhile), nothing happens.
    """
    now = now or datetime.now(UTC)
    row = DeskEventRow
    columns = select(row.conversation_id, row.reference, row.agent_id, row.agent_name)
    said = session.execute(columns.where(row.number == number, row.kind == DeskEventKind.AGENT_SAID)).first()
    if said is None or by_number(session, Reference(said.reference)) is None:
        return
    request = locked(session, Reference(said.reference))
    if already_written(session, said.conversation_id, DeskEventKind.NOT_SENT, str(number)):
        return
    write_message(
        session,
        DeskEventKind.NOT_SENT,
        said.conversation_id,
        request.reference,
        str(number),
        because,
        agent_id=said.agent_id,
        agent_name=said.agent_name,
        now=now,
    )
    if request.state == RequestState.CLOSED:
        origin = Origin(request.conversation_id, request.channel, request.language)
        open_request(session, RequestKind.UNSENT, origin, now=now)
        return
    kind = RequestKind.UNSENT if request.kind == RequestKind.PERSON else request.kind
    change(session, request.reference, kind=kind, unsent_at=now)
