"""The hours in which calls are transferred: the desk's, or the phone line's own."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from phone_line import DESK, PhoneLine  # tests/phone/phone_line.py
from sqlalchemy.orm import Session

from bot.channels.phone.gateway_messages import Action
from bot.channels.phone.settings import phone_settings
from bot.clock import RIGA
from bot.desk.hours_exceptions import set_hours
from bot.desk.opening_hours import AvailabilityState, phone_availability
from bot.desk.weekly_hours import WEEKDAYS
from bot.settings import SettingsError

ALWAYS = '["00:00-00:00"]'
Given = Callable[[str], None]


def hours(weekday: str, saturday: str = "[]", sunday: str = "[]", more: str = "") -> str:
    week = [weekday] * 5 + [saturday, sunday]
    days = "\n".join(f"  {day}: {written}" for day, written in zip(WEEKDAYS, week, strict=True))
    return f"moves_working_days: false\nweekdays:\n{days}\n{more}"


NIGHTS = hours('["22:00-06:00"]', more='days:\n  "2026-12-24": ["22:00-02:00"]\n  2026-12-28: []\n')


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Given:
    """The phone line has these hours."""

    def give(content: str) -> None:
        path = tmp_path / "phone_hours.yml"
        path.write_text(content, encoding="utf-8")
        monkeypatch.setenv("BOT_PHONE_HOURS", str(path))

    return give


def riga(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RIGA)


# 18 November 2026 and 24, 25 December are holidays; 30 October 2026 is the Friday before none.
MOMENTS = {
    "in the evening": (NIGHTS, "2026-11-02 22:00", "open", None),
    "past midnight": (NIGHTS, "2026-11-03 05:59", "open", None),
    "past midnight, ended": (NIGHTS, "2026-11-03 06:00", "before_hours", "2026-11-03 22:00"),
    "into Saturday": (NIGHTS, "2026-11-07 03:00", "open", None),
    "Saturday": (NIGHTS, "2026-11-07 23:00", "weekend", "2026-11-09 22:00"),
    "into a holiday": (NIGHTS, "2026-11-18 03:00", "open", None),
    "a holiday": (NIGHTS, "2026-11-18 22:30", "holiday", "2026-11-19 22:00"),
    "out of a holiday": (NIGHTS, "2026-11-19 03:00", "before_hours", "2026-11-19 22:00"),
    "a holiday that the file opens": (NIGHTS, "2026-12-24 23:00", "open", None),
    "a holiday that the file opens, ended": (NIGHTS, "2026-12-25 02:00", "holiday", "2026-12-29 22:00"),
    "a day that the file closes": (NIGHTS, "2026-12-28 22:30", "closed_today", "2026-12-29 22:00"),
    "always": (hours(ALWAYS, ALWAYS, ALWAYS, f"holidays: {ALWAYS}"), "2026-12-25 04:00", "open", None),
    "always but on holidays": (hours(ALWAYS, ALWAYS, ALWAYS), "2026-12-25 04:00", "holiday", "2026-12-27 00:00"),
}


@pytest.mark.parametrize(("content", "moment", "state", "opens"), MOMENTS.values(), ids=MOMENTS)
def test_hours_of_its_own(
    given: Given, session: Session, content: str, moment: str, state: str, opens: str | None
) -> None:
    given(content)
    found = phone_availability(session, riga(moment).astimezone(UTC))
    assert (found.state, found.opens_at) == (state, riga(opens) if opens else None)


def test_the_hours_of_the_desk_unless_it_has_its_own(session: Session, given: Given) -> None:
    monday = riga("2026-11-02 12:00")
    states = [phone_availability(session, monday).state]
    set_hours(session, date(2026, 11, 2), (), "the desk is closed")
    states.append(phone_availability(session, monday).state)
    given(hours(ALWAYS))
    states.append(phone_availability(session, monday).state)
    assert states == [AvailabilityState.OPEN, AvailabilityState.CLOSED_TODAY, AvailabilityState.OPEN]


@pytest.mark.parametrize("is_line_open", [True, False])
@pytest.mark.usefixtures("database")
async def test_a_call_is_transferred_by_the_lines_hours_whatever_the_desks_are(
    given: Given, is_line_open: bool
) -> None:
    given(hours(ALWAYS, ALWAYS, ALWAYS, f"holidays: {ALWAYS}") if is_line_open else hours("[]"))
    set_around_today(*([] if is_line_open else [ALL_DAY]))
    line = PhoneLine()
    said = await line.does("keys 0")
    assert (line.last.action, line.last.to) == ((Action.TRANSFER, DESK) if is_line_open else (Action.LISTEN, ""))
    assert ("atzvanīt" in said) == (not is_line_open)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "cannot be read", id="no file"),
        pytest.param("weekdays: 7", "`weekdays` names monday", id="no weekdays"),
        pytest.param(hours('["8-12"]'), "an interval of monday", id="an interval that is none"),
        pytest.param(hours("[]", more='holidays: "8-12"'), "an interval of holidays", id="holidays that are none"),
        pytest.param(hours("[]", more="days: [1]"), "`days` names days like", id="days that are none"),
        pytest.param(hours("[]", more='days:\n  "24.12.": []'), "a day is written like", id="a day that is none"),
    ],
)
def test_hours_that_cannot_be_read_are_named_at_the_start(
    given: Given, monkeypatch: pytest.MonkeyPatch, content: str | None, told: str
) -> None:
    if content is None:
        monkeypatch.setenv("BOT_PHONE_HOURS", "none.yml")
    else:
        given(content)
    with pytest.raises(SettingsError, match=f"^BOT_PHONE_HOURS names hours that cannot be used: .*{told}"):
        phone_settings()
