"""What was said on the website: each message answered once, and kept so that only the visitor can read it again.

Several servers share the database; a message that is sent again, to whichever of them, gets the same replies.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, func, insert, select, union_all, update
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
# What every turn asks is put together once.
_OF_IT = (WebTurn.conversation_id == bindparam("conversation"), WebTurn.message_id == bindparam("message"))
_FIND = select(WebTurn.began_at, WebTurn.sealed).where(*_OF_IT)
_END = update(WebTurn.__table__).where(*_OF_IT)
_TAKE = insert(WebTurn.__table__)


def _recent(of_it: Any, most: str) -> Any:
    counted = select(func.count(), func.min(WebTurn.began_at), bindparam(most, type_=Integer))
    return counted.where(of_it, WebTurn.began_at > bindparam("since"))


# Both at once: each look at the database costs more than what it counts.
_COUNT = union_all(
    _recent(WebTurn.conversation_id == bindparam("conversation"), "most_of_conversation"),
    _recent(WebTurn.address == bindparam("address"), "most_of_address"),
)


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
            _refuse_too_many(session, visitor.conversation, hashed, now, limits)
            ids = {"conversation_id": visitor.conversation, "message_id": message_id}
            session.execute(_TAKE, {**ids, "address": hashed, "began_at": now})
        return Turn(is_new=True)
    except (IntegrityError, TooMany) as refusal:
        with single_statements() as session:
            there = _find(session, visitor.conversation, message_id)
        if there is not None:
            return _known(there, visitor, now)
        if isinstance(refusal, TooMany):
            raise
        return Turn(is_new=False)  # erased at this moment


def look(visitor: Visitor, message_id: str) -> Turn:
    """A message that was taken before, as it stands now."""
    with single_statements() as session:
        there = _find(session, visitor.conversation, message_id)
        return _known(there, visitor, datetime.now(UTC)) if there else Turn(is_new=False, given_up=True)


def end(visitor: Visitor, message_id: str, content: dict[str, Any]) -> None:
    """Keep what was said and answered."""
    sealed = _seal(visitor).close(content)
    of_it = {"conversation": visitor.conversation, "message": message_id}
    with single_statements() as session:
        session.execute(_END, {**of_it, "sealed": sealed, "ended_at": datetime.now(UTC)})


def history(visitor: Visitor) -> list[tuple[str, dict[str, Any]]]:
    """Every message's id and content, the oldest first."""
    seal = _seal(visitor)
    with single_statements() as session:
        mine = select(WebTurn.message_id, WebTurn.sealed).where(WebTurn.conversation_id == visitor.conversation)
        rows = session.execute(mine.order_by(WebTurn.id)).all()
    return [(row.message_id, content) for row in rows if (content := seal.open(row.sealed))]


def _find(session: Session, conversation: str, message_id: str) -> Any:
    return session.execute(_FIND, {"conversation": conversation, "message": message_id}).one_or_none()


def _known(turn: Any, visitor: Visitor, now: datetime) -> Turn:
    content = _seal(visitor).open(turn.sealed)
    return Turn(is_new=False, content=content, given_up=content is None and turn.began_at < now - GIVEN_UP_AFTER)


def _refuse_too_many(session: Session, conversation: str, address: str, now: datetime, limits: Limits) -> None:
    of_it = {"conversation": conversation, "address": address, "since": now - MINUTE}
    limited = {"most_of_conversation": limits.conversation, "most_of_address": limits.address}
    for count, oldest, most in session.execute(_COUNT, {**of_it, **limited}):
        if count >= most:
            raise TooMany(max(1, round((oldest + MINUTE - now).total_seconds())))


def _seal(visitor: Visitor) -> Seal:
    return Seal("web turns", visitor.secret)
