"""What is stored of running calls: their state, and the requests for a person that they led to."""

import hashlib
import hmac
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select

from bot.accounts.signed_in import close_accounts
from bot.accounts.waiting import Waiting, waiting_for
from bot.channels.phone import repeated
from bot.channels.phone.models import PhoneCall
from bot.desk.models import Handoff
from bot.handoff.handoff_requests import Origin, add_note, note_not_transferred
from bot.keys.sealing import Seal
from bot.keys.signing import key_for
from bot.known_channels import PHONE
from bot.storage.engine import session_scope
from bot.words.reference import Reference


class OfferStage(StrEnum):
    """How far the offer to call somebody back has come."""

    OFFERED = "offered"
    ASKED = "asked"  # for a number
    READ_BACK = "read back"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Offer:
    """The offer to call somebody back.

    Attributes:
        reference: the number of the call's request; None where there is none yet.
        number: to be called after a yes, in E.164.
        misses: how many answers were no answer.
    """

    stage: OfferStage
    reference: str | None = None
    number: str | None = None
    misses: int = 0


@dataclass(frozen=True)
class State:
    """The state of a call; see `bot.channels.phone.models.PhoneCall`.

    Attributes:
        caller: the caller's number in E.164, where it is known.
        keys: the keys (DTMF) pressed so far, of a number that comes in pieces.
        offer: to call back, while it stands.
    """

    language: str
    unclear: int = 0
    silent: int = 0
    unreached: int = 0
    caller: str | None = None
    keys: str = ""
    offer: Offer | None = None


def conversation_of(call: str) -> str:
    """The id of a call's conversation."""
    return f"{PHONE.name}-" + hmac.new(key_for("phone"), call.encode(errors="replace"), hashlib.sha256).hexdigest()[:40]


def state_of(conversation: str, language: str) -> State:
    """The state of a call; a new one listens for `language`."""
    with session_scope() as session:
        call = session.get(PhoneCall, conversation)
        if call is None:
            return State(language)
        sealed = Seal("phone").open(call.sealed) or {}
        offer = sealed.pop("offer", None)
        offered = Offer(**{**offer, "stage": OfferStage(offer["stage"])}) if offer else None
        return State(call.language, call.unclear, call.silent, call.unreached, **sealed, offer=offered)


def keep(conversation: str, state: State) -> None:
    """Store the state of a call."""
    with session_scope() as session:
        call = session.get(PhoneCall, conversation)
        if call is None:
            call = PhoneCall(conversation_id=conversation, began_at=datetime.now(UTC))
            session.add(call)
        call.language, call.unclear, call.silent = state.language, state.unclear, state.silent
        call.unreached = state.unreached
        known = {"caller": state.caller, "keys": state.keys, "offer": asdict(state.offer) if state.offer else None}
        # A message that arrives after the end must not bring back the state that was deleted then.
        call.sealed = Seal("phone").close(known) if any(known.values()) and call.ended_at is None else None


def end(conversation: str) -> None:
    """End a call: close its accounts, and delete the caller's number and the stored answers."""
    close_accounts(conversation)
    repeated.forget(conversation)
    with session_scope() as session:
        call = session.get(PhoneCall, conversation)
        if call is not None:
            call.ended_at, call.sealed = datetime.now(UTC), None


def asked_for(conversation: str) -> Waiting | None:
    """What the account dialogue waits for, which the caller may key in."""
    with session_scope() as session:
        return waiting_for(session, conversation)


def note_summary(conversation: str, summary: str) -> None:
    """Store a summary with the request for a person, for gateways that cannot pass it on with the call."""
    with session_scope() as session:
        latest = select(Handoff.reference).where(Handoff.conversation_id == conversation).order_by(Handoff.id.desc())
        found = session.execute(latest).scalars().first()
        if found is not None:
            add_note(session, Reference(found), summary)


def note_nobody_reached(conversation: str, language: str, note: str) -> Reference:
    """Note with the request for a person, made if there is none, that nobody was reached; returns its reference.

    Args:
        note: for the person who takes it up.
    """
    with session_scope() as session:
        return note_not_transferred(session, Origin(conversation, PHONE.name, language), note)
