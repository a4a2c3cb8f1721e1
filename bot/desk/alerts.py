"""Which waiting requests staff are alerted to, and when again: until somebody takes them, less and less often."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.desk_requests import Request, waiting
from bot.desk.event_numbers import UNSYNCHRONISED
from bot.desk.kinds import LIVE_KINDS
from bot.desk.models import DeskAlert
from bot.desk.opening_hours import hours_around
from bot.storage.engine import inserting
from bot.words.reference import Reference

# Whoever has the desk open sees and hears a new request at once; this is for those who have not.
FIRST = timedelta(seconds=30)
AGAIN = timedelta(minutes=1)  # after the first alert, then twice as long each time
LONGEST, LONGEST_OF_OTHERS = timedelta(minutes=15), timedelta(hours=4)  # of those who want to talk, and of other work
AFTER_A_FAILURE = timedelta(seconds=30)


@dataclass(frozen=True)
class Alert:
    """That a request waits; `times`: how often staff have been alerted to it, with this time."""

    request: Request
    minutes: int
    times: int


def due_alerts(session: Session, now: datetime) -> list[Alert]:
    """Take the alerts that are to be sent now, in the order of the queue; each is given to one caller only.

    Outside the opening hours only urgent requests are due; the others are when the desk opens.
    """
    is_open = hours_around(session, now).is_open(now)
    wanted = [
        request for request in waiting(session) if request.priority or (is_open and now - request.waits_since >= FIRST)
    ]
    last = _last_alerts(session, [request.reference for request in wanted])
    alerts = []
    for request in wanted:
        times, next_at = last.get(request.reference.number, (0, now))
        if next_at <= now and _take(session, request, times, now):
            minutes = int((now - request.waits_since).total_seconds() // 60)
            alerts.append(Alert(request, minutes, times + 1))
    return alerts


def postpone(session: Session, references: list[Reference], now: datetime) -> None:
    """Note that alerts could not be sent: they are due again soon."""
    of_them = DeskAlert.reference.in_([reference.number for reference in references])
    soon = update(DeskAlert).where(of_them).values(next_at=now + AFTER_A_FAILURE)
    session.execute(soon.execution_options(**UNSYNCHRONISED))


def _last_alerts(session: Session, references: list[Reference]) -> dict[str, tuple[int, datetime]]:
    row = DeskAlert
    found = select(row.reference, row.times, row.next_at)
    found = found.where(row.reference.in_([reference.number for reference in references]))
    return {reference: (times, next_at) for reference, times, next_at in session.execute(found).all()}


def _take(session: Session, request: Request, times: int, now: datetime) -> bool:
    longest = LONGEST if request.kind in LIVE_KINDS or request.priority else LONGEST_OF_OTHERS
    values: dict[str, Any] = {
        "times": times + 1,
        "alerted_at": now,
        "next_at": now + min(AGAIN * 2 ** min(times, 10), longest),
    }
    if times == 0:
        row = inserting(session, DeskAlert).values(
            reference=request.reference.number, conversation_id=request.conversation_id, **values
        )
        taken = row.on_conflict_do_nothing(index_elements=["reference"])
    else:
        same = (DeskAlert.reference == request.reference.number, DeskAlert.times == times)
        taken = (
            update(DeskAlert)
            .where(*same, DeskAlert.next_at <= now)
            .values(**values)
            .execution_options(**UNSYNCHRONISED)
        )
    return bool(session.execute(taken).rowcount)
