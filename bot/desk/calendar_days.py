"""The days of Latvia's calendar: public holidays, and working days that the government moves.

The package `holidays` knows them up to the present year's orders; the days that it does not know are exceptions by hand
(`bot.desk.hours_exceptions`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from holidays import country_holidays

MOVED_FROM = re.compile(r"\((?:pārcelta no) (\d\d\.\d\d\.\d{4})\)")  # in the package's Latvian names


@dataclass(frozen=True)
class CalendarYear:
    """The special days of a year.

    Attributes:
        days_off: public holidays and days off in exchange for a Saturday, with their Latvian names.
        working: the Saturdays that are worked, with the day that each takes the place of.
    """

    days_off: dict[date, str]
    working: dict[date, date]


@lru_cache(maxsize=8)
def calendar_year(year: int) -> CalendarYear:
    """The special days of a year in Latvia."""
    days_off = dict(country_holidays("LV", years=year, language="lv").items())
    working = {
        datetime.strptime(moved.group(1), "%d.%m.%Y").date(): day  # noqa: DTZ007
        for day, name in days_off.items()
        if (moved := MOVED_FROM.search(name))
    }
    return CalendarYear(days_off, working)


def day_off(day: date) -> str | None:
    """The Latvian name of a public holiday or of a day off in exchange; None for other days."""
    return calendar_year(day.year).days_off.get(day)


def worked_instead_of(day: date) -> date | None:
    """The day that a Saturday takes the place of, when it is a working day."""
    return calendar_year(day.year).working.get(day)
