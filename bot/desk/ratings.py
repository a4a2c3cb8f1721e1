"""One short question after a conversation, asked once and answered once, and never after an automatic close."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.desk_requests import found, locked
from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.event_writing import write
from bot.desk.kinds import About, DeskEventKind, RequestOutcome, RequestState
from bot.desk.models import DeskRating
from bot.storage.engine import inserting
from bot.words.reference import Reference

VALUES = range(1, 6)
ASKED_WITHIN = timedelta(hours=24)  # of the end: later nobody remembers, and Messenger no longer lets it through
# Nobody is asked who has gone, or whose request was not dealt with.
NOT_ASKED_AFTER = frozenset({RequestOutcome.LEFT, RequestOutcome.DUPLICATE, RequestOutcome.NOT_REACHED})


class RatingError(ValueError):
    """A rating that is not from 1 to 5."""


def ask_due(session: Session, reference: Reference, about: About, *, now: datetime | None = None) -> bool:
    """Whether a customer may be asked now: a person has talked with them, and they were not asked before."""
    now = now or datetime.now(UTC)
    request = found(session, reference)
    ended = request.closed_at
    if request.state != RequestState.CLOSED or ended is None or not ended <= now <= ended + ASKED_WITHIN:
        return False
    if request.outcome in NOT_ASKED_AFTER or request.first_answer_at is None:
        return False
    return session.execute(select(DeskRating.at).where(*_of(reference, about))).first() is None


def asked(session: Session, reference: Reference, about: About, *, now: datetime | None = None) -> bool:
    """Note that a customer is asked, if it is due; returns whether it was."""
    if not ask_due(session, reference, about, now=now):
        return False
    return _insert(session, reference, about, None, now or datetime.now(UTC))


def rate(session: Session, reference: Reference, about: About, value: int, *, now: datetime | None = None) -> bool:
    """Store a customer's rating; returns whether it is the first, which counts.

    Raises:
        RatingError: it is not from 1 to 5.
        UnknownRequest: there is no such request.
    """
    if value not in VALUES:
        raise RatingError("A rating is a whole number from 1 to 5.")
    now = now or datetime.now(UTC)
    request = locked(session, reference)
    answered = update(DeskRating).where(*_of(reference, about), DeskRating.value.is_(None)).values(value=value, at=now)
    counts = bool(session.execute(answered.execution_options(**UNSYNCHRONISED)).rowcount)
    if not counts and not _insert(session, reference, about, value, now):
        return False
    write(session, DeskEventKind.RATED, request.conversation_id, reference, now=now)
    return True


def ratings_of(session: Session, reference: Reference) -> dict[About, int]:
    """The ratings that were given for a request."""
    row = DeskRating
    given = select(row.about, row.value).where(row.reference == reference.number, row.value.is_not(None))
    return {About(about): value for about, value in session.execute(given).all()}


def _of(reference: Reference, about: About) -> tuple[object, ...]:
    return DeskRating.reference == reference.number, DeskRating.about == about


def _insert(session: Session, reference: Reference, about: About, value: int | None, now: datetime) -> bool:
    row = inserting(session, DeskRating).values(
        reference=reference.number,
        about=about,
        conversation_id=found(session, reference).conversation_id,
        value=value,
        at=now,
    )
    once = row.on_conflict_do_nothing(index_elements=["reference", "about"])
    return bool(session.execute(once).rowcount)
