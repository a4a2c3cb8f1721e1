"""When the desk is open: weekdays, lunch, past midnight, summer time, holidays, exceptions, and who is there."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from dateutil.easter import easter
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.desk import claiming, opening_hours
from bot.desk.calendar_days import calendar_year
from bot.desk.desk_requests import open_request
from bot.desk.hours_exceptions import DayHours, exceptions, set_hours, unset_hours
from bot.desk.kinds import RequestKind, RequestOutcome
from bot.desk.opening_hours import AvailabilityState, Hours, availability
from bot.desk.origin import Origin
from bot.desk.presence import gone, seen
from bot.desk.weekly_hours import WEEKDAYS, HoursError, Interval, WeeklyHours, intervals_of, weekly_hours

DAY = (Interval(time(8), time(12)), Interval(time(13), time(17)))
NIGHT = (Interval(time(20), time(3, 30)),)
WEEK = WeeklyHours((*[DAY] * 4, NIGHT, NIGHT, ()), moves_working_days=True)


@pytest.fixture(autouse=True)
def _hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_hours, "weekly_hours", lambda: WEEK)


def riga(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RIGA)


# In 2026; Monday to Thursday with a lunch break, Friday and Saturday evenings until 3:30, Sunday closed.
MOMENTS = {
    "the minute before": ("2026-03-09 07:59", "before_hours", "2026-03-09 08:00"),
    "on the minute": ("2026-03-09 08:00", "nobody_there", None),
    "lunch": ("2026-03-09 12:00", "before_hours", "2026-03-09 13:00"),
    "after lunch": ("2026-03-09 13:00", "nobody_there", None),
    "closing is not open": ("2026-03-09 17:00", "after_hours", "2026-03-10 08:00"),
    "past midnight": ("2026-03-14 03:29", "nobody_there", None),
    "past midnight, ended": ("2026-03-14 03:30", "before_hours", "2026-03-14 20:00"),
    "the night before a closed day": ("2026-03-15 02:00", "nobody_there", None),
    "Sunday": ("2026-03-15 12:00", "weekend", "2026-03-16 08:00"),
    "4 May": ("2026-05-04 10:00", "holiday", "2026-05-05 08:00"),
    "before Easter": ("2026-04-02 18:00", "after_hours", "2026-04-04 20:00"),
    "Christmas to the new year": ("2026-12-24 10:00", "holiday", "2026-12-28 08:00"),
    "a moved Monday": ("2026-06-22 10:00", "holiday", "2026-06-25 08:00"),
    "the Saturday that it was moved to": ("2026-06-27 12:30", "before_hours", "2026-06-27 13:00"),
    "the day when summer time begins": ("2026-03-30 07:59", "before_hours", "2026-03-30 08:00"),
}


@pytest.mark.parametrize(("moment", "state", "opens"), MOMENTS.values(), ids=MOMENTS)
def test_why_it_is_closed_and_when_it_opens(session: Session, moment: str, state: str, opens: str | None) -> None:
    found = availability(session, riga(moment).astimezone(UTC))
    assert (found.state, found.opens_at) == (state, riga(opens) if opens else None)


# Clocks go from 3:00 to 4:00 on 29 March and from 4:00 to 3:00 on 25 October 2026, at 1:00 UTC (directive 2000/84/EC).
SUMMER_TIME = {
    "one hour less": ("2026-03-29T00:59", True),
    "3:30 is skipped, with all from 3:00 to 4:00": ("2026-03-29T01:00", False),
    "3:29 for the first time": ("2026-10-25T00:29", True),
    "3:30 for the first time": ("2026-10-25T00:30", True),
    "3:29 for the second time": ("2026-10-25T01:29", True),
    "3:30 for the second time": ("2026-10-25T01:30", False),
    "8:00 in winter": ("2026-10-26T06:00", True),
    "7:59 in winter": ("2026-10-26T05:59", False),
    "8:00 in summer": ("2026-03-30T05:00", True),
}


@pytest.mark.parametrize(("moment", "is_open"), SUMMER_TIME.values(), ids=SUMMER_TIME)
def test_nights_on_which_clocks_change(moment: str, is_open: bool) -> None:
    assert Hours({}).is_open(datetime.fromisoformat(moment).replace(tzinfo=UTC)) is is_open


# Orders of the Cabinet of Ministers as newspapers and institutions told them: day off, Saturday worked, where.
MOVED = {
    "2009, bauskasdzive.lv": [("2009-01-02", "2009-01-10"), ("2009-06-22", "2009-06-27")],
    "2010, delfi.lv": [("2010-05-03", "2010-05-29")],
    "2012, order 146, daugvt.lv": [("2012-04-30", "2012-04-28")],
    "2017, ovv.lv": [("2017-05-05", "2017-05-13")],
    "2018, order 211, ifinanses.lv": [("2018-04-30", "2018-04-21")],
    "2020, maaleht.delfi.ee": [("2020-06-22", "2020-06-13")],
    "2023, nra.lv": [("2023-05-05", "2023-05-20")],
    "2025, nasha.la.lv": [("2025-05-02", "2025-05-10")],
    "2026, 1188.lv": [("2026-01-02", "2026-01-17"), ("2026-06-22", "2026-06-27")],
}


@pytest.mark.parametrize("moved", MOVED.values(), ids=MOVED)
def test_a_moved_working_day_is_closed_and_its_saturday_has_its_hours(moved: list[tuple[str, str]]) -> None:
    for day, saturday in moved:
        off, worked = date.fromisoformat(day), date.fromisoformat(saturday)
        assert Hours({}).on(off) == ()
        assert Hours({}).on(worked) == WEEK.weekdays[off.weekday()]


def test_a_company_may_leave_working_days_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_hours, "weekly_hours", lambda: WeeklyHours(WEEK.weekdays, moves_working_days=False))
    assert (Hours({}).on(date(2020, 6, 22)), Hours({}).on(date(2020, 6, 13))) == (DAY, NIGHT)


# Single days: the closing day of the Song and Dance Festival (law of 2 October 2014; 8 July 2018 and 9 July 2023 were
# Sundays), the Pope's visit (law of 21 June 2018), the ice-hockey medal (law of 28 May 2023).
SINGLE = {date(2018, 7, 9), date(2018, 9, 24), date(2023, 5, 29), date(2023, 7, 10)}


@pytest.mark.parametrize("year", range(2012, 2031))
def test_holidays_are_those_of_the_law(year: int) -> None:
    """Section 1 of the law of 3 October 1990 "On Public Holidays, Commemoration Days and Celebration Days"."""
    sunday = easter(year)
    first_of_may = date(year, 5, 1)
    by_law = {
        *(date(year, 1, 1), first_of_may, date(year, 5, 4), date(year, 6, 23), date(year, 6, 24), date(year, 11, 18)),
        *(date(year, 12, day) for day in (24, 25, 26, 31)),
        *(sunday + timedelta(days=days) for days in (-2, 0, 1, 49)),
        first_of_may + timedelta(days=(6 - first_of_may.weekday()) % 7 + 7),  # the second Sunday of May
    }
    for day in (date(year, 5, 4), date(year, 11, 18)):
        if day.weekday() >= 5:
            by_law.add(day + timedelta(days=7 - day.weekday()))
    assert set(calendar_year(year).holidays) - SINGLE == by_law
    assert {day for day in SINGLE if day.year == year} <= set(calendar_year(year).holidays)


def test_exceptions_win_over_weekdays_and_holidays(session: Session) -> None:
    working_day, fourth_of_may = date(2026, 3, 9), date(2026, 5, 4)
    set_hours(session, working_day, (), "a day of training")
    set_hours(session, fourth_of_may, intervals_of([["10:00", "14:00"]]))
    assert exceptions(session, working_day, working_day) == [DayHours(working_day, (), "a day of training")]
    states = [availability(session, riga(f"{day} 11:00")).state for day in (working_day, fourth_of_may)]
    assert states == [AvailabilityState.CLOSED_TODAY, AvailabilityState.NOBODY_THERE]
    assert availability(session, riga("2026-05-03 11:00")).opens_at == riga("2026-05-04 10:00")
    unset_hours(session, working_day)
    assert availability(session, riga("2026-03-09 11:00")).state == AvailabilityState.NOBODY_THERE


@pytest.mark.parametrize("pairs", [[["08:00", "12:00"], ["11:00", "15:00"]], [["20:00", "03:00"], ["22:00", "23:00"]]])
def test_intervals_that_overlap_are_refused(pairs: list[list[str]]) -> None:
    with pytest.raises(HoursError, match="overlap"):
        intervals_of(pairs)


WHOLE = "moves_working_days: true\nweekdays:\n" + "\n".join(f"  {day}: []" for day in WEEKDAYS)
BROKEN_FILES = {
    "a day is missing": (WHOLE.replace("  sunday: []", ""), "`weekdays` names monday, tuesday"),
    "an interval that is none": (WHOLE.replace("[]", '["8-12"]', 1), "monday"),
    "an hour that is none": (WHOLE.replace("[]", '["25:00-26:00"]', 1), "08:00"),
    "a choice that is none": (WHOLE.replace("true", "perhaps"), "`moves_working_days` is true or false"),
}


@pytest.mark.parametrize(("content", "told"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_file_of_hours_that_cannot_be_read_says_why(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "hours.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(HoursError, match=re.escape(told)):
        weekly_hours(path)


def test_the_hours_of_the_files_can_be_read() -> None:
    assert len(weekly_hours().weekdays) == 7


NOON = riga("2026-03-09 11:00").astimezone(UTC)


def ask(session: Session, name: str, kind: RequestKind = RequestKind.PERSON, at: datetime = NOON) -> Origin:
    origin = Origin(name, "web", "lv")
    open_request(session, kind, origin, now=at)
    return origin


def test_somebody_is_there_until_their_signs_of_life_end(session: Session) -> None:
    seen(session, 1, "Anna", ["lv"], now=NOON)
    later = [availability(session, NOON + timedelta(seconds=after)).state for after in (0, 29, 31)]
    assert later == [AvailabilityState.OPEN, AvailabilityState.OPEN, AvailabilityState.NOBODY_THERE]
    assert availability(session, NOON, language="en").state == AvailabilityState.NOBODY_THERE
    gone(session, 1)
    assert availability(session, NOON).state == AvailabilityState.NOBODY_THERE


def test_everybody_is_busy_who_takes_nothing_or_holds_enough(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DESK_AT_ONCE", "1")
    seen(session, 1, "Anna", ["lv"], now=NOON)
    seen(session, 2, "Jānis", ["lv"], is_available=False, now=NOON)
    request = open_request(session, RequestKind.COMPLAINT, Origin("a", "web", "lv"), now=NOON)
    claiming.claim(session, request.reference, 1, "Anna", now=NOON)
    assert availability(session, NOON).state == AvailabilityState.OPEN, "A complaint is no conversation."
    request = open_request(session, RequestKind.PERSON, Origin("b", "web", "lv"), now=NOON)
    claiming.claim(session, request.reference, 1, "Anna", now=NOON)
    ask(session, "c")
    found = availability(session, NOON)
    assert (found.state, found.waiting) == (AvailabilityState.ALL_BUSY, 1)
    claiming.close(session, request.reference, 1, RequestOutcome.ANSWERED, now=NOON)
    assert availability(session, NOON).state == AvailabilityState.OPEN


def test_waiting_time_is_measured_at_such_an_hour_or_not_told(session: Session) -> None:
    seen(session, 1, "Anna", ["lv"], now=NOON)

    def waited(minutes: float, at: datetime) -> None:
        request = open_request(session, RequestKind.PERSON, Origin(f"{at} {minutes}", "web", "lv"), now=at)
        claiming.claim(session, request.reference, 1, "Anna", now=at + timedelta(minutes=minutes))

    last_monday = NOON - timedelta(days=7)
    for minutes in (2.5, 3, 4, 5):
        waited(minutes, last_monday)
    for elsewhere in (NOON - timedelta(days=2), last_monday + timedelta(hours=4)):  # a Saturday; an afternoon
        for second in range(5):
            waited(55, elsewhere + timedelta(seconds=second))
    assert availability(session, NOON).wait_minutes is None, "Four are too few."
    waited(40, last_monday + timedelta(minutes=59))
    assert availability(session, NOON).wait_minutes == (3, 40)
    for minutes in (2, 2, 3, 3, 3):
        waited(minutes, last_monday + timedelta(minutes=minutes))
    assert availability(session, NOON).wait_minutes == (2, 5)
