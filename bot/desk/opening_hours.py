"""Whether somebody is there for a customer, evaluated when it is asked, in Riga's time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.desk.calendar_days import holiday, is_moved, worked_instead_of
from bot.desk.hours_exceptions import exceptions
from bot.desk.kinds import LIVE_KINDS, RequestState
from bot.desk.measured_waits import measured_wait
from bot.desk.models import Handoff
from bot.desk.presence import present
from bot.desk.weekly_hours import Interval, WeeklyHours, weekly_hours
from bot.settings.channels import PHONE_HOURS
from bot.settings.desk import DESK_AT_ONCE

LOOK_AHEAD = 60  # days in which the next opening is looked for
SATURDAY = 5


class AvailabilityState(StrEnum):
    """Whether somebody is there, and if not, why."""

    OPEN = "open"
    BEFORE_HOURS = "before_hours"  # opens later today, also after a lunch break
    AFTER_HOURS = "after_hours"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED_TODAY = "closed_today"  # by an exception
    NOBODY_THERE = "nobody_there"  # within the hours
    ALL_BUSY = "all_busy"


@dataclass(frozen=True)
class Availability:
    """Whether somebody is there.

    Attributes:
        opens_at: the next opening, in Riga's time; None while open, or when none is known.
        waiting: how many wait to talk with somebody.
        wait_minutes: for how long those before waited, from and to, as measured; None where too few were.
    """

    state: AvailabilityState
    opens_at: datetime | None
    waiting: int
    wait_minutes: tuple[int, int] | None

    @property
    def is_open(self) -> bool:
        """Whether it is within the hours."""
        return self.state in {AvailabilityState.OPEN, AvailabilityState.NOBODY_THERE, AvailabilityState.ALL_BUSY}


def _of_desk() -> WeeklyHours:
    return weekly_hours()


@dataclass(frozen=True)
class Hours:
    """The opening hours: weekly, with the exceptions of the days around the moment that is asked about."""

    excepted: dict[date, tuple[Interval, ...]]
    weekly: WeeklyHours = field(default_factory=_of_desk)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on a day."""
        weekly = self.weekly
        if day in self.excepted:
            return self.excepted[day]
        if day in weekly.days:
            return weekly.days[day]
        if holiday(day):
            return weekly.holidays
        if weekly.moves_working_days and is_moved(day):
            return ()
        instead = worked_instead_of(day) if weekly.moves_working_days else None
        return weekly.weekdays[(instead or day).weekday()]

    def is_open(self, moment: datetime) -> bool:
        """Whether a moment is within the hours; an interval of the day before may go on past midnight."""
        day = moment.astimezone(RIGA).date()
        spans = [_span(each, begun) for each in (day - timedelta(days=1), day) for begun in self.on(each)]
        return any(begins <= moment < ends for begins, ends in spans)

    def opens_after(self, moment: datetime) -> datetime | None:
        """The next opening, in Riga's time; None where none is known."""
        day = moment.astimezone(RIGA).date()
        for ahead in range(LOOK_AHEAD):
            for interval in self.on(day + timedelta(days=ahead)):
                begins, _ = _span(day + timedelta(days=ahead), interval)
                if begins > moment:
                    return begins.astimezone(RIGA)
        return None


def hours_around(session: Session, moment: datetime) -> Hours:
    """The hours, with the exceptions from the day before the moment on."""
    day = moment.astimezone(RIGA).date()
    set_by_hand = exceptions(session, day - timedelta(days=1), day + timedelta(days=LOOK_AHEAD))
    return Hours({each.day: each.intervals for each in set_by_hand})


def hours_of_phone(session: Session, moment: datetime) -> Hours:
    """The hours in which calls are transferred: of the file that `BOT_PHONE_HOURS` names, else the desk's.

    The single days that the console sets are the desk's; a file names its own.

    Raises:
        HoursError: the file is not as it says that it is.
    """
    path = PHONE_HOURS.value()
    return Hours({}, weekly_hours(path)) if path else hours_around(session, moment)


def phone_availability(session: Session, now: datetime | None = None) -> Availability:
    """Whether a call can be transferred now: by the phone's hours alone, whoever is at the desk."""
    now = now or datetime.now(UTC)
    hours = hours_of_phone(session, now)
    if hours.is_open(now):
        return Availability(AvailabilityState.OPEN, None, 0, None)
    return Availability(_why_closed(hours, now), hours.opens_after(now), 0, None)


def availability(session: Session, now: datetime | None = None, *, language: str | None = None) -> Availability:
    """Whether somebody is there now.

    Args:
        language: only people who speak it count; None: everybody counts.
    """
    now = now or datetime.now(UTC)
    hours = hours_around(session, now)
    counted = select(func.count()).where(Handoff.state == RequestState.WAITING, Handoff.kind.in_(sorted(LIVE_KINDS)))
    waiting = int(session.execute(counted).scalar_one())
    if not hours.is_open(now):
        return Availability(_why_closed(hours, now), hours.opens_after(now), waiting, None)
    return Availability(_who_is_there(session, now, language), None, waiting, measured_wait(session, now))


def _span(day: date, interval: Interval) -> tuple[datetime, datetime]:
    """The moments between which it is open."""
    ends_on = day + timedelta(days=1) if interval.is_past_midnight else day
    return _moment(day, interval.begins), _moment(ends_on, interval.ends, is_end=True)


def _moment(day: date, at: time, *, is_end: bool = False) -> datetime:
    """When Riga's clocks show a time, in UTC.

    Where they show it twice (summer time ends), an interval begins the first time and ends the second. Where they skip
    it (summer time begins), it is when they skip it.
    """
    shown = datetime.combine(day, at)
    moment = shown.replace(tzinfo=RIGA, fold=int(is_end)).astimezone(UTC)
    if moment.astimezone(RIGA).replace(tzinfo=None) == shown:
        return moment
    moment = shown.replace(tzinfo=RIGA, fold=1).astimezone(UTC)  # in such an hour the earlier of the two
    while moment.astimezone(RIGA).replace(tzinfo=None) < shown:
        moment += timedelta(minutes=1)
    return moment


def _why_closed(hours: Hours, now: datetime) -> AvailabilityState:
    day = now.astimezone(RIGA).date()
    if hours.on(day):
        opens = hours.opens_after(now)
        later_today = opens is not None and opens.date() == day
        return AvailabilityState.BEFORE_HOURS if later_today else AvailabilityState.AFTER_HOURS
    if holiday(day) or is_moved(day):
        return AvailabilityState.HOLIDAY
    return AvailabilityState.WEEKEND if day.weekday() >= SATURDAY else AvailabilityState.CLOSED_TODAY


def _who_is_there(session: Session, now: datetime, language: str | None) -> AvailabilityState:
    there = [each for each in present(session, now) if language is None or language in each.languages]
    if not there:
        return AvailabilityState.NOBODY_THERE
    held = (Handoff.state == RequestState.HELD, Handoff.is_live.is_(True))
    counted = select(Handoff.agent_id, func.count()).where(*held).group_by(Handoff.agent_id)
    at_once = dict(session.execute(counted).all())
    free = [each for each in there if each.is_available and at_once.get(each.agent_id, 0) < DESK_AT_ONCE.value()]
    return AvailabilityState.OPEN if free else AvailabilityState.ALL_BUSY
