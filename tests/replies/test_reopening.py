"""A centre opens again while the emergency goes on: docs/examples/reopening.yml is published."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import read_announcement
from bot.announcements.publishing import approve, propose, publish
from bot.replies.answer_composer import answer
from bot.settings import PROJECT

BEFORE, AFTER = date(2020, 5, 17), date(2020, 5, 18)
OPEN = {"lv": "Rīgā no 18. maija ir atvērts", "en": "Riga is open from 18 May"}
CLOSED = {"lv": "centrs Rīgā – slēgts", "en": "centre in Riga: closed"}
NO_DATE = {"lv": "Atvēršanas datums nav paziņots", "en": "No reopening date has been announced."}
STILL_CLOSED = {"lv": "centrs Daugavpilī – slēgts", "en": "centre in Daugavpils: closed"}
ABOUT_PLACES = ["ask_place_closed", "ask_reopening"]


@pytest.fixture
def reopened(session: Session) -> Session:
    """The database after the announcement was published."""
    document = read_announcement(PROJECT / "docs" / "examples" / "reopening.yml")
    propose(session, document, "Anna")
    approve(session, document.id, "Bruno")
    publish(session, document.id, "Anna")
    return session


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("intent", ABOUT_PLACES)
def test_the_place_is_open_from_its_day(reopened: Session, intent: str, language: str) -> None:
    said = [
        OPEN[language] in answer(reopened, intent, language, day, places=["riga_centre"]).text
        for day in (BEFORE, AFTER)
    ]
    assert said == [False, True]


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("intent", ["ask_place_closed", "ask_emergency_changes"])
def test_lists_say_it_outside_the_older_announcement(reopened: Session, intent: str, language: str) -> None:
    text = answer(reopened, intent, language, AFTER).text
    *_, last_item, after_the_list = text.split("\n")
    assert (CLOSED[language] in text, STILL_CLOSED[language] in text) == (False, True)
    assert (OPEN[language] in after_the_list, OPEN[language] in last_item) == (True, False)


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("place", [None, "riga_centre", "daugavpils_centre"])
def test_nobody_says_any_more_that_no_date_is_known(reopened: Session, place: str | None, language: str) -> None:
    said = answer(reopened, "ask_reopening", language, AFTER, places=[place] if place else []).text
    assert NO_DATE[language] not in said


@pytest.mark.parametrize("language", ["lv", "en"])
def test_both_sources_are_named(reopened: Session, language: str) -> None:
    reply = answer(reopened, "ask_place_closed", language, AFTER)
    assert [source.id for source in reply.sources] == ["release-2020-03-20", "example-announcement"]
