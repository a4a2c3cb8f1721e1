"""Reads the counts of a period: whole days from their sums, the rest from the quarters of an hour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.figures.counted_things import Counted
from bot.figures.folding import DAY, bounds
from bot.figures.models import FigureCount, FigureDay, FoldedDay

Step = Literal["hour", "day", "week"]
BY_HOUR, BY_DAY = 2, 92  # days at most


@dataclass(frozen=True)
class FiguresAsked:
    """What figures are asked for.

    Attributes:
        first, last: days in Riga, both inclusive.
        channel, language: only this one; None: all. "" is the unknown language.
    """

    first: date
    last: date
    channel: str | None = None
    language: str | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        """How long a point of a chart is."""
        return "hour" if self.days <= BY_HOUR else "day" if self.days <= BY_DAY else "week"


@dataclass(frozen=True)
class Sum:
    """A sum over the period.

    Attributes:
        by: the values of the columns that were asked for, in their order.
    """

    by: tuple[Any, ...]
    count: int


def sums(session: Session, asked: FiguresAsked, columns: Sequence[str], whats: Sequence[Counted] = ()) -> list[Sum]:
    """The sums by some of the columns `day`, `what`, `name`, `channel`, `language`; in no order.

    Args:
        whats: only of these; empty: of all.
    """
    found: dict[tuple[Any, ...], int] = {}
    for first, last, is_folded in _stretches(session, asked):
        for *by, count in _rows(session, asked, (first, last), columns, whats, FigureDay if is_folded else FigureCount):
            found[tuple(by)] = found.get(tuple(by), 0) + int(count)
    return [Sum(by, count) for by, count in found.items()]


def by_hour(session: Session, asked: FiguresAsked, whats: Sequence[Counted]) -> dict[tuple[datetime, str], int]:
    """The counts of each hour (UTC) that has any, by hour and what."""
    row = FigureCount
    begins, ends = bounds(asked.first, asked.last)
    wanted = select(row.at, row.what, func.sum(row.count)).where(row.at >= begins, row.at < ends, row.what.in_(whats))
    wanted = wanted.where(*_filters(row, asked)).group_by(row.at, row.what)
    found: dict[tuple[datetime, str], int] = {}
    for at, what, count in session.execute(wanted).all():
        hour = at.replace(minute=0)
        found[hour, what] = found.get((hour, what), 0) + int(count)
    return found


def points(
    session: Session, asked: FiguresAsked, whats: Sequence[Counted]
) -> list[tuple[datetime | date, dict[str, int]]]:
    """The counts over time, by `asked.step`: each hour, day or week (by its Monday), with those that have none."""
    if asked.step == "hour":
        begins, ends = bounds(asked.first, asked.last)
        hours = int((ends - begins) / timedelta(hours=1))
        of_hours: dict[datetime, dict[str, int]] = {begins + number * timedelta(hours=1): {} for number in range(hours)}
        for (hour, what), count in by_hour(session, asked, whats).items():
            of_hours[hour][what] = count
        return [(moment.astimezone(RIGA), counts) for moment, counts in of_hours.items()]
    at: dict[date, dict[str, int]] = {}
    for number in range(asked.days):
        at.setdefault(_begins(asked.first + number * DAY, asked.step), {})
    for one in sums(session, asked, ("day", "what"), whats):
        day, what = one.by
        counts = at[_begins(day, asked.step)]
        counts[what] = counts.get(what, 0) + one.count
    return [*at.items()]


def _begins(day: date, step: Step) -> date:
    return day - timedelta(days=day.weekday()) if step == "week" else day


def _stretches(session: Session, asked: FiguresAsked) -> Iterator[tuple[date, date, bool]]:
    """The days of the period in stretches that are summed, or are not."""
    within = (FoldedDay.day >= asked.first, FoldedDay.day <= asked.last)
    folded = set(session.execute(select(FoldedDay.day).where(*within)).scalars())
    if not folded:
        yield asked.first, asked.last, False
        return
    start = asked.first
    for number in range(1, asked.days + 1):
        day = asked.first + number * DAY
        if day > asked.last or (day in folded) != (start in folded):
            yield start, day - DAY, start in folded
            start = day


def _rows(
    session: Session,
    asked: FiguresAsked,
    days: tuple[date, date],
    columns: Sequence[str],
    whats: Sequence[Counted],
    table: Any,
) -> Iterator[Any]:
    if table is FigureDay:
        within = (table.day >= days[0], table.day <= days[1])
    else:
        begins, ends = bounds(*days)
        within = (table.at >= begins, table.at < ends)
        if "day" in columns:
            # The database does not know Riga's days: each is asked for by itself.
            for number in range((days[1] - days[0]).days + 1):
                day = days[0] + number * DAY
                others = [name for name in columns if name != "day"]
                for *by, count in _rows(session, asked, (day, day), others, whats, table):
                    row = dict(zip(others, by, strict=True)) | {"day": day}
                    yield (*(row[name] for name in columns), count)
            return
    of_it = [getattr(table, name) for name in columns]
    wanted = select(*of_it, func.sum(table.count)).where(*within, *_filters(table, asked))
    wanted = wanted.where(table.what.in_(whats)) if whats else wanted
    yield from session.execute(wanted.group_by(*of_it)).all()


def _filters(table: Any, asked: FiguresAsked) -> list[Any]:
    given = {table.channel: asked.channel, table.language: asked.language}
    return [column == value for column, value in given.items() if value is not None]
