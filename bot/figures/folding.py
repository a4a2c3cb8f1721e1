"""Sums the counts of days that are over, so that a year is read at once."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.figures.counting_rows import open_since
from bot.figures.models import FigureCount, FigureDay, FoldedDay
from bot.storage.engine import inserting

AT_ONCE = 14  # days in a transaction
DAY = timedelta(days=1)
_COLUMNS = ("what", "name", "channel", "language")


def fold(session: Session, now: datetime | None = None) -> int:
    """Sum days that are over and have changed since, the oldest first, at most `AT_ONCE`; returns how many."""
    end = open_since(now or datetime.now(UTC))
    unsummed = _first_unsummed(session, end)
    done = 0
    while unsummed and done < AT_ONCE:
        if session.execute(inserting(session, FoldedDay).values(day=unsummed).on_conflict_do_nothing()).rowcount:
            _sum(session, unsummed)
        done += 1
        unsummed = _first_unsummed(session, end, unsummed + DAY)
    return done


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """When days in Riga begin and end."""
    begins = datetime.combine(first, time.min, tzinfo=RIGA)
    return begins.astimezone(UTC), datetime.combine(last + DAY, time.min, tzinfo=RIGA).astimezone(UTC)


def _first_unsummed(session: Session, end: date, begin: date | None = None) -> date | None:
    """The first day before `end`, from `begin` on, that has counts and is not summed."""
    folded = set(session.execute(select(FoldedDay.day)).scalars())
    since = bounds(begin, begin)[0] if begin else None
    while True:
        wanted = select(func.min(FigureCount.at)).where(FigureCount.at < bounds(end, end)[0])
        first = session.execute(wanted.where(FigureCount.at >= since) if since else wanted).scalar()
        if first is None:
            return None
        day: date = first.astimezone(RIGA).date()
        while day in folded:
            day += DAY
        if day >= end:
            return None
        if day == first.astimezone(RIGA).date():
            return day
        since = bounds(day, day)[0]


def _sum(session: Session, day: date) -> None:
    session.execute(delete(FigureDay.__table__).where(FigureDay.day == day))
    begins, ends = bounds(day, day)
    row = FigureCount
    columns = [getattr(row, name) for name in _COLUMNS]
    summed = select(literal(day, FigureDay.day.type), *columns, func.sum(row.count))
    summed = summed.where(row.at >= begins, row.at < ends).group_by(*columns)
    session.execute(insert(FigureDay.__table__).from_select(["day", *_COLUMNS, "count"], summed))
