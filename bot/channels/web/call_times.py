"""When somebody can call back: parts of the next opening hours, for a visitor to choose from."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.desk.opening_hours import hours_around

CallTime = tuple[datetime, datetime]
PART = timedelta(hours=4)  # at most
SHORTEST = timedelta(minutes=30)  # of what is left of a part
OPEN_FORM = timedelta(hours=1)  # that a visitor may take to fill in a form with the times that were offered
MOST, DAYS = 6, 10  # times that are offered, and days in which they are looked for


def is_call_time(session: Session, time: CallTime, now: datetime) -> bool:
    """Whether a time is one that is offered, or was a while ago and is not over."""
    offered = [*call_times(session, now), *call_times(session, now - OPEN_FORM)]
    # In UTC, since times of an hour that clocks show twice are equal to no time of another zone.
    return any(time == (begins.astimezone(UTC), ends.astimezone(UTC)) and ends > now for begins, ends in offered)


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
