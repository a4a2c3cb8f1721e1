"""The website's turns: each message is answered once, and stored so that only the visitor can read it again.

Several servers share the database; a message that is resent, to whichever of them, gets the same replies.
"""

import hashlib
import hmac
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.accounts.signed_in import open_accounts_of
from bot.channels.claims import Claim, ClaimedMessages
from bot.channels.web.limits import Limits, TooMany
from bot.channels.web.models import WebTurn
from bot.channels.web.private_replies import as_seen, is_private
from bot.channels.web.shown import TurnContent
from bot.channels.web.visitors import Visitor
from bot.channels.whom_it_is_for import given_to_a_person
from bot.desk.call_backs import call_back_of
from bot.desk.claiming import give_back
from bot.desk.desk_requests import of_conversation
from bot.desk.holding import holder
from bot.desk.kinds import LIVE_KINDS, OPEN_STATES, RequestState
from bot.desk.models import Handoff
from bot.desk.refusals import AlreadyClosed
from bot.keys.sealing import Seal
from bot.keys.signing import key_for
from bot.storage.engine import session_scope, single_statements

MINUTE = timedelta(minutes=1)
OVER = 0  # limit of the count of endings: a conversation with one is over
WANTED = -1  # in place of a limit: the count is of the conversation's open requests for a person
ENDED = "/ended"  # message id of the row that marks a conversation as over; no client can send such an id
_MESSAGES = ClaimedMessages(WebTurn)
# Statements that every turn runs are built once.
_IS_OVER = (WebTurn.conversation_id == bindparam("conversation"), WebTurn.message_id == ENDED)
_IS_OPEN = (Handoff.conversation_id == bindparam("conversation"), Handoff.state.in_(OPEN_STATES))

_NOBODY_ASKED = ~exists().where(*_IS_OPEN)


def _recent(of_it: Any, most: str) -> Any:
    counted = select(func.count(), func.min(WebTurn.began_at), bindparam(most, type_=Integer))
    return counted.where(of_it, WebTurn.began_at > bindparam("since"))


# One query: a round trip to the database costs more than the counting. A single ending is too many.
_COUNT = union_all(
    _recent(WebTurn.conversation_id == bindparam("conversation"), "most_of_conversation"),
    _recent(WebTurn.address == bindparam("address"), "most_of_address"),
    select(func.count(), func.min(WebTurn.began_at), literal(OVER)).where(*_IS_OVER),
    select(func.count(), func.min(Handoff.created_at), literal(WANTED)).where(*_IS_OPEN),
)


class Ended(Exception):
    """The conversation is over: the visitor has signed out, or begun a new one."""


@dataclass(frozen=True)
class Begun:
    """A message that has come.

    Attributes:
        before: the earlier claim; None where the message is new and the caller must answer it.
        is_person_wanted: a person may hold the conversation, or take it at any moment.
    """

    before: Claim[TurnContent] | None
    is_person_wanted: bool


def begin(visitor: Visitor, message_id: str, address: str, limits: Limits, wait: int = 0) -> Begun:
    """Claim a message.

    Args:
        wait: seconds before the address may send a new message, because its messages cost too much CPU time.

    Raises:
        TooMany: the conversation or the address sent too many in a minute, or they cost too much.
        Ended: the conversation is over.
    """
    now = datetime.now(UTC)
    hashed = hmac.new(key_for("addresses"), address.encode(errors="replace"), hashlib.sha256).hexdigest()
    try:
        with single_statements() as session:
            is_wanted = _refuse(session, visitor.conversation, hashed, now, limits)
            if wait:
                raise TooMany(wait, "work")
            _MESSAGES.claim(session, visitor.conversation, message_id, address=hashed)
        return Begun(None, is_wanted)
    except (IntegrityError, TooMany) as refusal:
        with single_statements() as session:
            before = _MESSAGES.find(session, visitor.conversation, message_id, _seal(visitor))
        if before is None and isinstance(refusal, TooMany):
            raise
        # Without a claim it was erased at this moment.
        return Begun(_as_seen(before or Claim(message_id), visitor), is_person_wanted=True)


def look(visitor: Visitor, message_id: str) -> Claim[TurnContent]:
    """The current claim on a message that was claimed before."""
    return _as_seen(_MESSAGES.look(visitor.conversation, message_id, _seal(visitor)), visitor)


def end(visitor: Visitor, message_id: str, content: TurnContent, *, is_urgent: bool = False) -> TurnContent:
    """Store what was said and the replies; returns what was stored.

    Where a person holds the conversation now, the replies are dropped, and the person gets the message.

    Args:
        is_urgent: the message sounds like danger.
    """
    kept = (visitor.conversation, message_id, content, _seal(visitor))
    with single_statements() as session:  # nobody can take a conversation in which no person was asked for
        if _MESSAGES.answer_in(session, *kept, only_if=_NOBODY_ASKED):
            return content
    with session_scope() as session:
        given = _given(session, visitor, message_id, content, is_urgent=is_urgent)
        if given is None:
            _MESSAGES.answer_in(session, *kept)
    return given or content


def is_held(visitor: Visitor) -> bool:
    """Whether a person holds the conversation now."""
    with single_statements() as session:
        return holder(session, visitor.conversation) is not None


def give(
    visitor: Visitor,
    message_id: str,
    content: TurnContent,
    *,
    is_urgent: bool = False,
    understood: str | None = None,
) -> TurnContent | None:
    """Give a message to the person who holds the conversation; None where nobody does, and nothing was stored."""
    with session_scope() as session:
        return _given(session, visitor, message_id, content, is_urgent=is_urgent, understood=understood)


def _given(
    session: Session,
    visitor: Visitor,
    message_id: str,
    content: TurnContent,
    *,
    is_urgent: bool,
    understood: str | None = None,
) -> TurnContent | None:
    conversation, how = visitor.conversation, {"is_urgent": is_urgent, "understood": understood}
    number = given_to_a_person(session, conversation, content["said"], message_id, **how)  # type: ignore[arg-type]
    if number is None:
        return None
    given: TurnContent = {**content, "replies": [], "number": number}
    _MESSAGES.answer_in(session, conversation, message_id, given, _seal(visitor))
    return given


def history(visitor: Visitor) -> list[tuple[str, TurnContent]]:
    """Every message's id and content, the oldest first; text about an account only while that is open.

    Raises:
        Ended: the conversation is over.
    """
    with single_statements() as session:
        found = turns_of(session, visitor)
    if not any(is_private(content) for _, content in found):
        return found
    opened = open_accounts_of(visitor.conversation)
    return [(message_id, as_seen(content, opened)) for message_id, content in found]


def turns_of(session: Session, visitor: Visitor) -> list[tuple[str, TurnContent]]:
    """Every message's id and content, the oldest first, with all that is stored.

    Raises:
        Ended: the conversation is over.
    """
    seal = _seal(visitor)
    mine = select(WebTurn.message_id, WebTurn.sealed).where(WebTurn.conversation_id == visitor.conversation)
    rows = session.execute(mine.order_by(WebTurn.id)).all()
    if any(row.message_id == ENDED for row in rows):
        raise Ended
    return [(row.message_id, content) for row in rows if (content := seal.open(row.sealed))]


def over_among(session: Session, conversations: Collection[str]) -> frozenset[str]:
    """Which of some conversations are over."""
    among = (WebTurn.conversation_id.in_(sorted(conversations)), WebTurn.message_id == ENDED)
    return frozenset(session.execute(select(WebTurn.conversation_id).where(*among)).scalars())


def refuse_ended(visitor: Visitor) -> None:
    """
    Raises:
        Ended: the conversation is over.
    """
    with single_statements() as session:
        if session.execute(select(WebTurn.id).where(*_IS_OVER), {"conversation": visitor.conversation}).first():
            raise Ended


def is_free(session: Session, conversation: str) -> bool:
    """Whether a conversation is over, or nothing was said in it yet."""
    ids = select(WebTurn.message_id).where(WebTurn.conversation_id == conversation)
    said = session.execute(ids).scalars().all()
    return not said or ENDED in said


def finish(visitor: Visitor) -> None:
    """End a conversation for good: it takes no more messages, and its history cannot be read again.

    Staff who hold it learn that the customer has gone, and nobody is given it any more; a call back that was asked for
    stays.
    """
    with single_statements() as session, suppress(IntegrityError):  # it may be over already
        _MESSAGES.claim(session, visitor.conversation, ENDED, address="", ended_at=datetime.now(UTC))
    with single_statements() as session:
        said = WebTurn.conversation_id == visitor.conversation
        session.execute(update(WebTurn).where(said, WebTurn.message_id != ENDED).values(sealed=None))
    with session_scope() as session:
        for request in of_conversation(session, visitor.conversation):
            waits_to_talk = request.state == RequestState.WAITING and request.kind in LIVE_KINDS
            if request.is_live or (waits_to_talk and call_back_of(session, request.reference) is None):
                with suppress(AlreadyClosed):
                    give_back(session, request.reference, None)


def _as_seen(claim: Claim[TurnContent], visitor: Visitor) -> Claim[TurnContent]:
    if claim.answer is None or not is_private(claim.answer):
        return claim
    return replace(claim, answer=as_seen(claim.answer, open_accounts_of(visitor.conversation)))


def _refuse(session: Session, conversation: str, address: str, now: datetime, limits: Limits) -> bool:
    """Whether a person is asked for in a conversation that may go on."""
    of_it = {"conversation": conversation, "address": address, "since": now - MINUTE}
    limited = {"most_of_conversation": limits.conversation, "most_of_address": limits.address}
    is_wanted = False
    for count, oldest, most in session.execute(_COUNT, {**of_it, **limited}):
        if most == OVER and count:
            raise Ended
        if most == WANTED:
            is_wanted = count > 0
        elif most != OVER and count >= most:
            raise TooMany(max(1, round((oldest + MINUTE - now).total_seconds())))
    return is_wanted


def _seal(visitor: Visitor) -> Seal:
    return Seal("web turns", visitor.secret)
