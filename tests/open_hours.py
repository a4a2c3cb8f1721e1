"""The desk's hours around today, whatever day it is."""

from datetime import datetime, time, timedelta

from bot.clock import RIGA
from bot.desk.hours_exceptions import set_hours
from bot.desk.weekly_hours import Interval
from bot.storage.engine import session_scope

ALL_DAY = Interval(time(0), time(0))


def set_around_today(*intervals: Interval, database: str | None = None) -> None:
    """Set the same hours for yesterday, today and tomorrow; without intervals it is closed."""
    today = datetime.now(RIGA).date()
    with session_scope(database) as session:
        for days in (-1, 0, 1):
            set_hours(session, today + timedelta(days=days), intervals)
