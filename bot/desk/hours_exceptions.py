"""The hours of single days, set by hand; they win over weekdays and holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.desk.models import HoursException
from bot.desk.weekly_hours import Interval, intervals_of
from bot.storage.engine import inserting


@dataclass(frozen=True)
class DayHours:
    """The hours of a day; none: closed."""

    day: date
    intervals: tuple[Interval, ...]
    note: str | None


def set_hours(session: Session, day: date, intervals: Sequence[Interval], note: str | None = None) -> None:
    """Set the hours of a day; no intervals: closed.

    Raises:
        HoursError: two intervals overlap.
    """
    pairs = [[f"{each.begins:%H:%M}", f"{each.ends:%H:%M}"] for each in intervals]
    intervals_of(pairs)
    values = {"intervals": pairs, "note": note}
    row = inserting(session, HoursException).values(day=day, **values)
    session.execute(row.on_conflict_do_update(index_elements=["day"], set_=values))


def unset_hours(session: Session, day: date) -> None:
    """Let the day have the hours of its weekday again."""
    session.execute(delete(HoursException).where(HoursException.day == day))


def exceptions(session: Session, first: date, last: date) -> list[DayHours]:
    """The exceptions between two days, both included, in order."""
    row = HoursException
    found = select(row.day, row.intervals, row.note).where(row.day.between(first, last)).order_by(row.day)
    return [DayHours(day, intervals_of(pairs), note) for day, pairs, note in session.execute(found).all()]
