"""Which conversation of Chatwoot belongs to which request, and when to look at it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.chatwoot.models import ChatwootConversation
from bot.desk.desk_requests import Request
from bot.desk.event_numbers import UNSYNCHRONISED
from bot.storage.engine import inserting
from bot.words.reference import Reference

SOURCE_ID_BYTES = 24


@dataclass(frozen=True)
class ChatwootLink:
    """A request of ours and its conversation in Chatwoot; see `bot.chatwoot.models.ChatwootConversation`."""

    id: int
    reference: Reference
    conversation_id: str
    source_id: str
    number: int | None
    opened_with: int | None
    seen: int
    told: int
    look_at: datetime | None
    is_resolved_there: bool

    @property
    def number_there(self) -> int:
        """The number of a conversation that has been begun.

        Raises:
            LookupError: it has not.
        """
        if self.number is None:
            raise LookupError("The conversation has not been begun.")
        return self.number


ROW = ChatwootConversation
COLUMNS = tuple(getattr(ROW, field.name) for field in fields(ChatwootLink))


def made(session: Session, request: Request, now: datetime) -> ChatwootLink:
    """The link of a request, which is made where there is none, with the contact of the conversation's other ones."""
    others = _all(session, ROW.conversation_id == request.conversation_id)
    source_id = others[-1].source_id if others else secrets.token_urlsafe(SOURCE_ID_BYTES)
    row = inserting(session, ROW).values(
        reference=request.reference.number,
        conversation_id=request.conversation_id,
        source_id=source_id,
        seen=0,
        told=0,
        created_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["reference"]))
    return _all(session, ROW.reference == request.reference.number)[0]


def of_request(session: Session, reference: Reference) -> ChatwootLink | None:
    """The link of a request."""
    found = _all(session, ROW.reference == reference.number)
    return found[0] if found else None


def numbers_of_contact(session: Session, source_id: str) -> set[int]:
    """The conversations of a contact that are known."""
    known = select(ROW.number).where(ROW.source_id == source_id, ROW.number.is_not(None))
    return set(session.execute(known).scalars())


def contacts_of(session: Session, conversation_ids: Sequence[str]) -> list[str]:
    """The keys of the contacts of conversations of ours, as far as Chatwoot has them."""
    begun_ones = (ROW.conversation_id.in_(conversation_ids), ROW.number.is_not(None))
    return list(session.execute(select(ROW.source_id).where(*begun_ones).distinct()).scalars())


def begun(session: Session, link: ChatwootLink, number: int) -> None:
    """Note the conversation's number in Chatwoot."""
    _change(session, ROW.id == link.id, number=number, opened_with=None, seen=0)


def opened(session: Session, link: ChatwootLink, message_id: int, look_at: datetime) -> None:
    """Note the first message that was put into it for this request; from then on its agents are heard."""
    _change(session, ROW.id == link.id, ROW.opened_with.is_(None), opened_with=message_id, look_at=look_at)


def told_once_more(session: Session, link: ChatwootLink) -> None:
    """Note that it has heard a message of the customer."""
    _change(session, ROW.id == link.id, told=ROW.told + 1)


def forget_there(session: Session, link: ChatwootLink) -> None:
    """Note that neither conversation nor contact may be there any more: others are made, under another key."""
    anew = secrets.token_urlsafe(SOURCE_ID_BYTES)
    _change(session, ROW.id == link.id, number=None, opened_with=None, seen=0, source_id=anew, look_at=None)


def is_resolved(session: Session, link: ChatwootLink) -> None:
    """Note that an agent resolved it, so that it need not be told that the request was closed."""
    _change(session, ROW.id == link.id, is_resolved_there=True)


def look_soon(session: Session, number: int, now: datetime) -> bool:
    """Note that something happened in a conversation of Chatwoot; False: it is none of ours.

    Where requests share a conversation (an inbox that locks to a single one), it is about the latest.
    """
    latest = select(ROW.id).where(ROW.number == number).order_by(ROW.id.desc()).limit(1).scalar_subquery()
    return _change(session, ROW.id == latest, look_at=now)


def of_number(session: Session, number: int) -> ChatwootLink | None:
    """The latest link of a conversation of Chatwoot."""
    found = _all(session, ROW.number == number)
    return found[-1] if found else None


def due_looks(session: Session, now: datetime, limit: int) -> list[ChatwootLink]:
    """Which conversations to look at now."""
    return _all(session, ROW.look_at <= now, ROW.number.is_not(None), order=ROW.look_at)[:limit]


def take_look(session: Session, link: ChatwootLink, until: datetime) -> bool:
    """Take a look that is due; False: somebody else has, or there is something newer to look at."""
    return _change(session, ROW.id == link.id, ROW.look_at == link.look_at, look_at=until)


def looked(session: Session, link: ChatwootLink, until: datetime, seen: int, look_at: datetime | None) -> None:
    """Note what was seen, and when to look next, unless something has happened since the look was taken."""
    _change(session, ROW.id == link.id, seen=seen)
    _change(session, ROW.id == link.id, ROW.look_at == until, look_at=look_at)


def look_again(session: Session, link: ChatwootLink, until: datetime, look_at: datetime) -> None:
    """Note when to look again after a look that failed."""
    _change(session, ROW.id == link.id, ROW.look_at == until, look_at=look_at)


def _change(session: Session, *of_it: Any, **values: Any) -> bool:
    changed = update(ROW).where(*of_it).values(**values).execution_options(**UNSYNCHRONISED)
    return bool(session.execute(changed).rowcount)


def _all(session: Session, *of_it: Any, order: Any = ROW.id) -> list[ChatwootLink]:
    rows: Sequence[Any] = session.execute(select(*COLUMNS).where(*of_it).order_by(order)).all()
    return [ChatwootLink(first, Reference(reference), *rest) for first, reference, *rest in rows]
