"""What was said on the website: each message answered once, and kept so that only the visitor can read it again.

Several servers share the database; a message that is sent again, to whichever of them, gets the same replies.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.web.limits import Limits, TooMany
from bot.channels.web.visitors import Visitor
from bot.sealing import Seal
from bot.signing import key_for
from bot.storage.conversation_models import WebTurn
from bot.storage.engine import single_statements

MINUTE = timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(seconds=10)  # a turn takes three at most; its server has died


@dataclass(frozen=True)
class Turn:
    """A message with its replies.

    Attributes:
        content: {"said", "at", "replies"}; None while it is being answered, or where nobody will answer it any more.
        given_up: whether nobody will.
    """

    is_new: bool
    content: dict[str, Any] | None = None
    given_up: bool = False


def begin(visitor: Visitor, message_id: str, address: str, limits: Limits) -> Turn:
    """Take a message: as a new one, or as one that came before.

    Raises:
        TooMany: the conversation, or the address, sent too many in a minute.
    """
    now = datetime.now(UTC)
    hashed = hmac.new(key_for("addresses"), address.encode(errors="replace"), hashlib.sha256).hexdigest()
    try:
        with single_statements() as session:
            there = _find(session, visitor.conversation, message_id)
            if there is not None:
                return _known(there, visitor, now)
            _refuse_too_many(session, visitor.conversation, hashed, now, limits)
            ids = {"conversation_id": visitor.conversation, "message_id": message_id}
            session.execute(insert(WebTurn).values(**ids, address=hashed, began_at=now))
        return Turn(is_new=True)
    except IntegrityError:  # the same message came twice at once; the other one is answering
        return Turn(is_new=False)


def look(visitor: Visitor, message_id: str) -> Turn:
    """A message that was taken before, as it stands now."""
    with single_statements() as session:
        there = _find(session, visitor.conversation, message_id)
        return _known(there, visitor, datetime.now(UTC)) if there else Turn(is_new=False, given_up=True)


def end(visitor: Visitor, message_id: str, content: dict[str, Any]) -> None:
    """Keep what was said and answered."""
    sealed = _seal(visitor).close(content)
    of_it = (WebTurn.conversation_id == visitor.conversation, WebTurn.message_id == message_id)
    with single_statements() as session:
        session.execute(update(WebTurn).where(*of_it).values(sealed=sealed, ended_at=datetime.now(UTC)))


def history(visitor: Visitor) -> list[tuple[str, dict[str, Any]]]:
    """Every message's id and content, the oldest first."""
    seal = _seal(visitor)
    with single_statements() as session:
        mine = select(WebTurn.message_id, WebTurn.sealed).where(WebTurn.conversation_id == visitor.conversation)
        rows = session.execute(mine.order_by(WebTurn.id)).all()
    return [(row.message_id, content) for row in rows if (content := seal.open(row.sealed))]


def _find(session: Session, conversation: str, message_id: str) -> Any:
    of_it = (WebTurn.conversation_id == conversation, WebTurn.message_id == message_id)
    return session.execute(select(WebTurn.began_at, WebTurn.sealed).where(*of_it)).one_or_none()


def _known(turn: Any, visitor: Visitor, now: datetime) -> Turn:
    content = _seal(visitor).open(turn.sealed)
    return Turn(is_new=False, content=content, given_up=content is None and turn.began_at < now - GIVEN_UP_AFTER)


def _refuse_too_many(session: Session, conversation: str, address: str, now: datetime, limits: Limits) -> None:
    recent = WebTurn.began_at > now - MINUTE
    of_conversation = (WebTurn.conversation_id == conversation, limits.conversation)
    of_address = (WebTurn.address == address, limits.address)
    counts = [
        select(func.count(), func.min(WebTurn.began_at), literal(most)).where(of_it, recent)
        for of_it, most in (of_conversation, of_address)
    ]
    # Both at once: each look at the database costs more than what it counts.
    for count, oldest, most in session.execute(union_all(*counts)):
        if count >= most:
            raise TooMany(max(1, round((oldest + MINUTE - now).total_seconds())))


def _seal(visitor: Visitor) -> Seal:
    return Seal("web turns", visitor.secret)
