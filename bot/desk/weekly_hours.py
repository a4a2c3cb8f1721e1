"""The hours of each weekday: the desk's from `data/desk/hours.yml`, the phone line's from a file in the same form."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from bot.data_files import DataFileError, read_yaml
from bot.settings import PROJECT

HOURS = PROJECT / "data" / "desk" / "hours.yml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WRITTEN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


class HoursError(DataFileError):
    """Hours that cannot be read; the message says which and why."""


@dataclass(frozen=True, order=True)
class Interval:
    """From one time of the day to another, in Riga; an end at or before the beginning is on the next day."""

    begins: time
    ends: time

    @property
    def is_past_midnight(self) -> bool:
        return self.ends <= self.begins


def intervals_of(pairs: list[list[str]]) -> tuple[Interval, ...]:
    """Intervals from pairs of times such as `["08:00", "12:00"]`, in order.

    Raises:
        HoursError: a time is none, or two intervals overlap.
    """
    try:
        found = sorted(Interval(time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in pairs)
    except (TypeError, ValueError) as error:
        raise HoursError("A time is written like 08:00, and an interval has two.") from error
    for earlier, later in pairwise(found):
        if earlier.is_past_midnight or later.begins < earlier.ends:
            raise HoursError(f"The intervals that begin at {earlier.begins} and {later.begins} overlap.")
    return tuple(found)


@dataclass(frozen=True)
class WeeklyHours:
    """The hours of the week.

    Attributes:
        weekdays: the intervals of each weekday, Monday first.
        moves_working_days: whether working days are moved as the government moves those of its institutions; it only
            recommends it to companies.
        holidays: the intervals of public holidays; none: closed.
        days: the intervals of single days, which win over weekdays and holidays.
    """

    weekdays: tuple[tuple[Interval, ...], ...]
    moves_working_days: bool
    holidays: tuple[Interval, ...] = ()
    days: dict[date, tuple[Interval, ...]] = field(default_factory=dict)


@lru_cache(maxsize=4)
def weekly_hours(path: Path = HOURS) -> WeeklyHours:
    """The hours of the week.

    Raises:
        HoursError: the file is not as it says that it is.
    """
    content = read_yaml(path)
    given = content.get("weekdays") if isinstance(content, dict) else None
    if not isinstance(given, dict) or set(given) != set(WEEKDAYS):
        raise HoursError(f"{path.name}: `weekdays` names {', '.join(WEEKDAYS)}, each with its intervals.")
    moves = content.get("moves_working_days")
    if not isinstance(moves, bool):
        raise HoursError(f"{path.name}: `moves_working_days` is true or false.")
    return WeeklyHours(
        tuple(_read(path, day, given[day]) for day in WEEKDAYS),
        moves,
        _read(path, "holidays", content.get("holidays")),
        _days(path, content.get("days")),
    )


def _days(path: Path, given: object) -> dict[date, tuple[Interval, ...]]:
    if given is not None and not isinstance(given, dict):
        raise HoursError(f'{path.name}: `days` names days like "2026-12-23", each with its intervals.')
    return {_day(path, day): _read(path, str(day), written) for day, written in (given or {}).items()}


def _day(path: Path, written: object) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise HoursError(f'{path.name}: a day is written like "2026-12-23".') from error


def _read(path: Path, day: str, written: object) -> tuple[Interval, ...]:
    listed = written if isinstance(written, list) else [written] if written else []
    pairs = [WRITTEN.fullmatch(str(each)) for each in listed]
    if not all(pairs):
        raise HoursError(f'{path.name}: an interval of {day} is not written like "08:00-12:00".')
    try:
        return intervals_of([list(pair.groups()) for pair in pairs if pair])
    except HoursError as error:
        raise HoursError(f"{path.name}: {day}: {error}") from error
