"""Idempotency of gateways' messages: each is answered once, and a resent one gets the same answer."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.claims import Claim, ClaimedMessages, claim_of
from bot.channels.phone.gateway_messages import Action, Answer, Heard
from bot.channels.phone.models import PhoneTurn
from bot.keys.sealing import Seal
from bot.keys.signing import key_for
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

# The same words under another id count as the same message while it is being answered, and so long after: nobody can
# have heard the answer and said the same once more in that time.
SAME_WORDS = timedelta(seconds=1.5)
_MESSAGES = ClaimedMessages(PhoneTurn)


def key_of(message_id: str) -> str:
    """The idempotency key of a message: a digest of the gateway's id, however long and odd that is."""
    return hashlib.sha256(message_id.encode(errors="replace")).hexdigest()


def begin(conversation: str, heard: Heard) -> Claim[Answer] | None:
    """Claim a message, which has an id: None where it is new and the caller must answer it; else the earlier claim."""
    key = key_of(heard.id or "")
    content = _digest(heard.content) if heard.content else None
    try:
        with session_scope() as session:
            there = _MESSAGES.find(session, conversation, key, _seal()) or _same_words(session, conversation, content)
            if there is None:
                _MESSAGES.claim(session, conversation, key, content=content)
            return _as_answer(there) if there else None
    except IntegrityError:  # it came twice at once; the other request answers
        return Claim(key)


def look(conversation: str, key: str) -> Claim[Answer]:
    """The current claim on a message that was claimed before."""
    return _as_answer(_MESSAGES.look(conversation, key, _seal()))


def end(conversation: str, key: str, answer: Answer) -> None:
    """Store the answer to a message."""
    _MESSAGES.answer(conversation, key, answer.as_json(), _seal())


def forget(conversation: str) -> None:
    """Delete a call's stored answers, which may be about an account, when it is over."""
    answered = (PhoneTurn.conversation_id == conversation, PhoneTurn.sealed.is_not(None))
    nothing = _seal().close(Answer((), LANGUAGES[0], Action.HANG_UP).as_json())
    with session_scope() as session:
        session.execute(update(PhoneTurn).where(*answered).values(sealed=nothing))


def _same_words(session: Session, conversation: str, content: str | None) -> Claim[Any] | None:
    """The claim on the latest message, where it says the same and was not answered long ago."""
    latest = select(PhoneTurn).where(PhoneTurn.conversation_id == conversation).order_by(PhoneTurn.id.desc())
    found: PhoneTurn | None = session.execute(latest).scalars().first() if content else None
    if found is None or found.content != content:
        return None
    claim = claim_of(found, _seal())
    is_fresh = found.answered_at is None or found.answered_at > datetime.now(UTC) - SAME_WORDS
    return claim if is_fresh and not claim.is_abandoned else None


def _as_answer(claim: Claim[Any]) -> Claim[Answer]:
    return replace(claim, answer=Answer.of_json(claim.answer)) if claim.answer else claim


def _seal() -> Seal:
    return Seal("phone")


def _digest(content: str) -> str:
    """A keyed digest (HMAC), since the content may be a contract number or a code."""
    return hmac.new(key_for("phone"), content.encode(errors="replace"), hashlib.sha256).hexdigest()
