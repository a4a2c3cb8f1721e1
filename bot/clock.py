"""The assistant's clock: the day in Latvia, or the day that a test or `--as-of` sets.

Facts are valid from one day to another, so "today" decides every answer. A test can set it for a whole process with
the environment variable `BOT_AS_OF` (as `--as-of` does, so that both servers see it), or for a block of code with
`pretending`.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import MINYEAR, UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.settings.servers import AS_OF

RIGA = ZoneInfo("Europe/Riga")
MONTHS, FEBRUARY = 12, 2
EARLIEST, LATEST = 2000, 2100  # years; a date outside is a typo

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


class ClockError(ValueError):
    """A date or time that cannot be read."""


def impossible_day(text: str) -> str | None:
    """Why a text that looks like a date is none: `June has 30 days`; None where it may be one, or looks like none."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    if year < MINYEAR or not 1 <= month <= MONTHS:
        return f"there are {MONTHS} months"
    days = monthrange(year, month)[1]
    of_year = f" {year}" if month == FEBRUARY else ""
    return None if 1 <= day <= days else f"{month_name[month]}{of_year} has {days} days"


def parse_moment(text: str) -> datetime:
    """Parse a date (taken as noon in Riga) or an ISO 8601 time; a time without zone is taken as Riga's.

    Raises:
        ClockError: the text is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        why = impossible_day(text)
        reason = f" {why[0].upper()}{why[1:]}." if why else ""
        raise ClockError(f"{text!r} is not a date; write it like 2020-03-20.{reason}") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise ClockError(f"{text!r} is outside the years {EARLIEST} to {LATEST}.")
    if len(text.strip()) <= len("2020-03-20"):
        moment = moment.replace(hour=12)
    return moment if moment.tzinfo else moment.replace(tzinfo=RIGA)


def now() -> datetime:
    """The present moment, with zone Europe/Riga."""
    pretended = _pretended.get()
    if pretended is None and (as_of := AS_OF.value()):
        pretended = parse_moment(as_of)
    return (pretended or datetime.now(UTC)).astimezone(RIGA)


def today() -> date:
    """The date in Latvia; it changes at midnight in Europe/Riga."""
    return now().date()


@contextmanager
def pretending(moment: datetime | date | str) -> Iterator[None]:
    """Within the block, `now` is this moment."""
    if not isinstance(moment, datetime):
        moment = parse_moment(moment if isinstance(moment, str) else moment.isoformat())
    if moment.tzinfo is None:
        raise ClockError("A moment needs a time zone.")
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
