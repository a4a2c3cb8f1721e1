"""When people answer: the weekdays, the public holidays that are coming, and the hours of single days, set by hand."""

import re
from datetime import date, timedelta

from starlette.responses import Response

from bot.clock import today
from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.desk.calendar_days import holiday, worked_instead_of
from bot.desk.hours_exceptions import exceptions, set_hours, unset_hours
from bot.desk.opening_hours import availability
from bot.desk.weekly_hours import WEEKDAYS, HoursError, intervals_of, weekly_hours
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

PATH = "/hours"
AHEAD = timedelta(days=120)  # in which holidays are shown
LATEST = timedelta(days=730)  # for which hours can be set
LONGEST_NOTE = 200  # characters
INTERVAL = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")


def show(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Set the hours of a day."""
    day = _day(visit)
    try:
        set_hours(
            visit.session, day, intervals_of(_pairs(visit)), visit.form.get("note", "").strip()[:LONGEST_NOTE] or None
        )
    except HoursError as error:
        raise Refusal(400, "no_hours") from error
    visit.audit(AuditedAct.HOURS_CHANGED, day.isoformat())
    return visit.done(PATH)


def undo(visit: Visit) -> Response:
    """Let a day have the hours of its weekday again."""
    day = _day(visit)
    unset_hours(visit.session, day)
    visit.audit(AuditedAct.HOURS_CHANGED, day.isoformat())
    return visit.done(PATH)


def _page(visit: Visit) -> Response:
    first, moves = today(), weekly_hours().moves_working_days
    days = [first + timedelta(days=number) for number in range(AHEAD.days)]
    return visit.page(
        "hours.html",
        weekdays=list(zip(WEEKDAYS, weekly_hours().weekdays, strict=True)),
        holidays=[(day, name) for day in days if (name := holiday(day))],
        worked=[(day, instead) for day in days if moves and (instead := worked_instead_of(day))],
        excepted=exceptions(visit.session, first, first + LATEST),
        availability=availability(visit.session),
        may_change=visit.may(StaffAct.CHANGE_HOURS),
        first=first,
    )


def _day(visit: Visit) -> date:
    try:
        day = date.fromisoformat(visit.form.get("day", ""))
    except ValueError as error:
        raise Refusal(400, "no_day") from error
    if not today() <= day <= today() + LATEST:
        raise Refusal(400, "no_day")
    return day


def _pairs(visit: Visit) -> list[list[str]]:
    """The intervals as they were typed: "8:00-12:00, 13:00-17:00"; nothing: closed."""
    pairs = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", visit.form.get("hours", "")))):
        found = INTERVAL.fullmatch(part)
        if found is None:
            raise Refusal(400, "no_hours")
        pairs.append([time.zfill(len("00:00")) for time in found.groups()])
    return pairs


PAGE = ConsolePage(
    "hours",
    PATH,
    StaffAct.SEE_HOURS,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_HOURS, show),
        ConsoleRoute("POST", f"{PATH}/set", StaffAct.CHANGE_HOURS, change),
        ConsoleRoute("POST", f"{PATH}/unset", StaffAct.CHANGE_HOURS, undo),
    ),
)
