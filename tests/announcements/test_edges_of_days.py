"""Weeks of announcements at the edge of each day: a day begins at midnight in Riga, whatever the server's zone.

Each row says what is answered at the last second of a day and at the first of the next.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta

import pytest
from announcing import AUTHOR, announce, announcement_of, changing, said, undo_by_two
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.questions import all_questions
from bot.clock import parse_moment, pretending, today
from bot.knowledge.emergency_events import end
from bot.knowledge.fact_versions import Signed
from bot.storage.engine import session_scope

EVERYTHING = sorted({question.intent for question in all_questions()})
MUSEUM = "ask_place_closed@energy_museum"
OPENS = {
    "id": "museum-open",
    "key": "place_energy_museum",
    "replaces": "closed-energy-museum",
    "valid_from": "2020-05-20",
    "coming": {"lv": "Muzeju atvērs {begins_on:locative}.", "en": "The museum opens on {begins_on}."},
    "text": {"lv": "Muzejs ir atvērts.", "en": "The museum is open."},
    "kind": "outside",
    "places": ["energy_museum"],
    "answers": ["ask_reopening", "ask_place_closed"],
}
AGAIN = {"lv": "Muzejs atkal ir atvērts.", "en": "The museum is open again."}
CLOSED, SOON, OPEN, ONCE_MORE = "is closed for the time", "opens on", "The museum is open.", "is open again"
WITHDRAWN, ENDED = "has not been in force since", "The emergency situation ended"
# The first second of which day, what is said before it and from it on.
EDGES = {
    "made public": ("2020-05-12", CLOSED, "opens on 20 May 2020"),
    "moved later": ("2020-05-15", "opens on 20 May 2020", "opens on 27 May 2020"),
    "moved earlier": ("2020-05-18", "opens on 27 May 2020", "opens on 22 May 2020"),
    "begins": ("2020-05-22", SOON, OPEN),
    "corrected, known from an earlier day": ("2020-05-24", OPEN, ONCE_MORE),
    "the day it was corrected": ("2020-05-26", ONCE_MORE, ONCE_MORE),
    "withdrawn": ("2020-06-01", ONCE_MORE, WITHDRAWN),
    "the withdrawal undone": ("2020-06-03", WITHDRAWN, ONCE_MORE),
}


def kept(announced: object) -> object:
    return announced.copy(update={"keeps": EVERYTHING})  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def weeks(own_database: OwnDatabase) -> Iterator[Session]:
    """A database after four weeks of announcements, and the end of the emergency on 9 June."""
    changes = (
        ("later", "2020-05-15", {"record": "museum-open", "move_to": "2020-05-27"}),
        ("earlier", "2020-05-18", {"record": "museum-open", "move_to": "2020-05-22"}),
        (
            "corrected",
            "2020-05-26",
            {"record": "museum-open", "correct": {"text": AGAIN}, "known_from": "2020-05-24"},
        ),
        ("closed", "2020-05-30", {"record": "museum-open", "withdraw_from": "2020-06-01"}),
    )
    opening = {"id": "opens", "made_public": "2020-05-12", "source": "order-103", "records": [OPENS]}
    with own_database("sqlite") as url, session_scope(url) as session:
        announce(session, kept(announcement_of(opening, "weeks")))  # type: ignore[arg-type]
        for change in changes:
            announce(session, kept(changing(*change)))  # type: ignore[arg-type]
        undo_by_two(session, "closed", AUTHOR, date(2020, 6, 3))
        end(session, date(2020, 6, 9), AUTHOR, None, Signed(AUTHOR))
        yield session


def heard(session: Session, moment: str, question: str) -> str:
    """What is answered at a moment, with the clock's day."""
    with pretending(moment):
        return said(session, question, today().isoformat())


@pytest.mark.parametrize("zone", ["+03:00", "Z"], ids=["Riga", "UTC"])
@pytest.mark.parametrize(("day", "before", "after"), EDGES.values(), ids=EDGES)
def test_the_answer_changes_at_midnight_in_riga(weeks: Session, day: str, before: str, after: str, zone: str) -> None:
    first = parse_moment(f"{day}T00:00:00+03:00")
    moments = [moment.astimezone(UTC) if zone == "Z" else moment for moment in (first - timedelta(seconds=1), first)]
    told = [heard(weeks, moment.isoformat(), MUSEUM) for moment in moments]
    assert (before in told[0], after in told[1]) == (True, True), told


def test_a_promise_ends_with_the_last_second_of_the_last_day(weeks: Session) -> None:
    moments = ("2020-06-09T23:59:59+03:00", "2020-06-10T00:00:00+03:00")
    told = [heard(weeks, moment, "ask_disconnection_guarantee") for moment in moments]
    assert [ENDED in text for text in told] == [False, True]


WEEK = [date(2020, 5, 11) + timedelta(days=number) for number in range(28)]
SAID_ON = {
    CLOSED: ("2020-05-11", "2020-05-11"),
    SOON: ("2020-05-12", "2020-05-21"),
    OPEN: ("2020-05-22", "2020-05-23"),
    ONCE_MORE: ("2020-05-24", "2020-05-31"),
    WITHDRAWN: ("2020-06-01", "2020-06-02"),
    f"{ONCE_MORE}.": ("2020-06-03", "2020-06-07"),
}


@pytest.mark.parametrize("day", WEEK, ids=str)
def test_each_day_of_the_weeks(weeks: Session, day: date) -> None:
    text = said(weeks, MUSEUM, day.isoformat())
    wanted = next(words for words, (first, last) in SAID_ON.items() if first <= day.isoformat() <= last)
    assert wanted in text
