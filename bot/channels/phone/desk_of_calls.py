"""The desk as calls need it: whether somebody is there, and calls that were asked for."""

from contextlib import suppress
from datetime import UTC, datetime

from bot.desk.call_backs import ask_call_back
from bot.desk.claiming import give_back
from bot.desk.desk_requests import change
from bot.desk.kinds import RequestKind
from bot.desk.opening_hours import Availability, availability, phone_availability
from bot.desk.origin import Origin
from bot.desk.refusals import DeskError
from bot.known_channels import PHONE
from bot.storage.engine import session_scope
from bot.words.reference import Reference


def transfers() -> Availability:
    """Whether it is within the hours in which calls are transferred now."""
    with session_scope() as session:
        return phone_availability(session, datetime.now(UTC))


def there() -> Availability:
    """Whether it is within the desk's hours now: its people call back."""
    with session_scope() as session:
        return availability(session, datetime.now(UTC))


def record_call_back(conversation: str, language: str, number: str, reference: str | None) -> Reference:
    """Store the number of a caller who has just agreed to be called; returns the request's number.

    Args:
        number: in E.164.
        reference: of the call's request for a person, which becomes one for a call; None: a new one.
    """
    now = datetime.now(UTC)
    with session_scope() as session:
        origin, known = Origin(conversation, PHONE.name, language), Reference(reference) if reference else None
        kept = ask_call_back(session, origin, number, None, consent_at=now, reference=known, now=now)
        change(session, kept, kind=RequestKind.CALL_BACK)
        return kept


def decline(reference: str | None) -> None:
    """Note that a caller does not want to be called, so that nobody needs to do anything."""
    if reference:
        with session_scope() as session, suppress(DeskError):
            give_back(session, Reference(reference), None)
