"""What is kept of calls while they last: their state, and the answers to what a gateway may send again."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.accounts.verification import Verification
from bot.channels.phone.calls import Answer
from bot.handoff.models import Handoff
from bot.sealing import Seal
from bot.signing import key_for
from bot.storage.engine import session_scope
from bot.storage.phone_models import PhoneCall, PhoneTurn

GIVEN_UP_AFTER = timedelta(seconds=10)  # a turn takes three at most; its server has died


@dataclass(frozen=True)
class State:
    """How a call stands; see `bot.storage.phone_models.PhoneCall`."""

    language: str
    unclear: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Turn:
    """A message that came before: its answer, if it is there, and whether nobody will give it any more."""

    answer: Answer | None
    given_up: bool


def conversation_of(call: str) -> str:
    """The id of a call's conversation."""
    return "phone-" + hmac.new(key_for("phone"), call.encode(errors="replace"), hashlib.sha256).hexdigest()[:40]


def state_of(conversation: str, language: str) -> State:
    """How a call stands; a new one listens for `language`."""
    with session_scope() as session:
        call = session.get(PhoneCall, conversation)
        return State(call.language, call.unclear, call.silent) if call else State(language)


def keep(conversation: str, state: State) -> None:
    """Keep how a call stands."""
    with session_scope() as session:
        call = session.get(PhoneCall, conversation)
        if call is None:
            call = PhoneCall(conversation_id=conversation, began_at=datetime.now(UTC))
            session.add(call)
        call.language, call.unclear, call.silent = state.language, state.unclear, state.silent


def end(conversation: str) -> None:
    """The call is over: no account stays open in it."""
    with session_scope() as session:
        Verification(session).close(conversation)
        call = session.get(PhoneCall, conversation)
        if call is not None:
            call.ended_at = datetime.now(UTC)


def note_summary(conversation: str, summary: str) -> None:
    """Keep a summary with the request for a person, for gateways that cannot hand it on with the call."""
    with session_scope() as session:
        latest = select(Handoff).where(Handoff.conversation_id == conversation).order_by(Handoff.id.desc())
        request = session.execute(latest).scalars().first()
        if request is not None and summary not in (request.details or ""):
            request.details = "\n".join(filter(None, (request.details, summary)))


def begin_turn(conversation: str, message_id: str) -> Turn | None:
    """Take a message: None where it is new, else how it stands."""
    try:
        with session_scope() as session:
            there = _found(session, conversation, message_id)
            if there is None:
                new = PhoneTurn(conversation_id=conversation, message_id=message_id, began_at=datetime.now(UTC))
                session.add(new)
            return there
    except IntegrityError:  # it came twice at once; the other one is answering
        return Turn(None, given_up=False)


def look(conversation: str, message_id: str) -> Turn:
    """A message that came before, as it stands now."""
    with session_scope() as session:
        return _found(session, conversation, message_id) or Turn(None, given_up=True)


def end_turn(conversation: str, message_id: str, answer: Answer) -> None:
    """Keep the answer to a message."""
    of_it = (PhoneTurn.conversation_id == conversation, PhoneTurn.message_id == message_id)
    with session_scope() as session:
        session.execute(update(PhoneTurn).where(*of_it).values(sealed=Seal("phone").close(answer.as_json())))


def _found(session: Session, conversation: str, message_id: str) -> Turn | None:
    of_it = (PhoneTurn.conversation_id == conversation, PhoneTurn.message_id == message_id)
    row = session.execute(select(PhoneTurn).where(*of_it)).scalar_one_or_none()
    if row is None:
        return None
    content = Seal("phone").open(row.sealed)
    given_up = content is None and row.began_at < datetime.now(UTC) - GIVEN_UP_AFTER
    return Turn(Answer.of_json(content) if content else None, given_up)
