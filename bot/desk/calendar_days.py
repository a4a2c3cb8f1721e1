"""The days of Latvia's calendar: public holidays, and working days that the government moves.

The package `holidays` knows them up to the present year's orders; the days that it does not know are exceptions by hand
(`bot.desk.hours_exceptions`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from holidays import country_holidays

MOVED = re.compile(r"\((?:pārcelta no) (\d\d\.\d\d\.\d{4})\)")  # in the package's Latvian names


@dataclass(frozen=True)
class CalendarYear:
    """The special days of a year.

    Attributes:
        holidays: public holidays, and the days off instead of those that fall on a weekend, with their Latvian names.
        moved: the working days that are moved, with the Saturday that each is moved to.
    """

    holidays: dict[date, str]
    moved: dict[date, date]


@lru_cache(maxsize=8)
def calendar_year(year: int) -> CalendarYear:
    """The special days of a year in Latvia."""
    found = dict(country_holidays("LV", years=year, language="lv").items())
    moved = {
        day: datetime.strptime(to.group(1), "%d.%m.%Y").date()  # noqa: DTZ007
        for day, name in found.items()
        if (to := MOVED.search(name))
    }
    return CalendarYear({day: name for day, name in found.items() if day not in moved}, moved)


def holiday(day: date) -> str | None:
    """The Latvian name of a public holiday, or of the day off instead of it; None for other days."""
    return calendar_year(day.year).holidays.get(day)


def is_moved(day: date) -> bool:
    """Whether a working day is a day off, because it is moved to a Saturday."""
    return day in calendar_year(day.year).moved


def worked_instead_of(day: date) -> date | None:
    """The day that a Saturday takes the place of, when it is a working day."""
    return next((moved for moved, to in calendar_year(day.year).moved.items() if to == day), None)
