"""When somebody can call back: parts of the next opening hours, for a visitor to choose from."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.desk.opening_hours import hours_around

CallTime = tuple[datetime, datetime]
PART = timedelta(hours=4)  # at most
SHORTEST = timedelta(minutes=30)  # of what is left of a part
MOST, DAYS = 6, 10  # times that are offered, and days in which they are looked for


def call_times(session: Session, now: datetime) -> tuple[CallTime, ...]:
    """The next times, in Riga's time zone."""
    hours, found = hours_around(session, now), list[CallTime]()
    today = now.astimezone(RIGA).date()
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS)):
        for interval in hours.on(day):
            begins = datetime.combine(day, interval.begins, RIGA)
            closes = datetime.combine(day + timedelta(days=interval.is_past_midnight), interval.ends, RIGA)
            while begins < closes and len(found) < MOST:
                ends = min(begins + PART, closes)
                if ends - now >= SHORTEST:
                    found.append((begins, ends))
                begins = ends
    return tuple(found)
