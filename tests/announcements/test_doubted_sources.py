"""Where an event's official end has passed, the caution names the source of what is in doubt, and no other."""

from typing import Any

import pytest
from announcing import SOURCE, announce, announcement_of, content, said
from sqlalchemy.orm import Session

from bot.announcements.questions import all_questions

TITLE = {"lv": "Paziņojums par maksājumiem", "en": "Announcement about payments"}
OF_MAY = {
    **SOURCE,
    "id": "of-may",
    "title": TITLE,
    "spoken": {
        "lv": "Tā teikts 2020. gada 14. maija ziņā.",
        "en": "This is from the announcement of 14 May 2020.",
    },
    "published": "2020-05-14",
}
ENDED = {"lv": "Tas beidzās {ended_on:locative}.", "en": "That ended on {ended_on}."}
EVERYTHING = sorted({question.intent for question in all_questions()})
MARCH = {"lv": "2020. gada 20. mart", "en": "20 March 2020"}
MAY = {"lv": "2020. gada 14. maij", "en": "14 May 2020"}
DOUBT = {"lv": "vai paziņotais vēl ir spēkā", "en": "whether what was announced still holds"}
each_language = pytest.mark.parametrize("language", ["lv", "en"])


def news(session: Session, key: str, replaces: str | None, **record: Any) -> None:
    """An announcement of May that brings a record which holds until the emergency ends."""
    text = {"lv": "Elektroapgādi joprojām neatslēdz.", "en": "The supply is still not disconnected."}
    fields = {"key": key, "replaces": replaces, "text": text, "valid_until": {"event": "emergency"}, "ended": ENDED}
    announce(session, announcement_of(content({**fields, **record}, source=OF_MAY, keeps=EVERYTHING), "announcement"))


@each_language
@pytest.mark.parametrize(("day", "doubted"), [("2020-06-09", False), ("2020-06-10", True)])
def test_of_the_release_it_names_the_release(session: Session, day: str, doubted: bool, language: str) -> None:
    told = said(session, "ask_disconnection_guarantee", day, language)
    assert (DOUBT[language] in told, MARCH[language] in told) == (doubted, True)


@each_language
@pytest.mark.parametrize(("day", "doubted"), [("2020-06-09", False), ("2020-06-10", True)])
def test_of_another_announcement_it_names_that_one(session: Session, day: str, doubted: bool, language: str) -> None:
    news(session, "no_disconnection", "no-disconnection")
    told = said(session, "ask_disconnection_guarantee", day, language)
    assert (DOUBT[language] in told, MAY[language] in told, MARCH[language] in told) == (doubted, doubted, False)


@each_language
def test_of_two_it_names_both(session: Session, language: str) -> None:
    news(session, "place_riga_centre", "closed-riga-centre", short={"lv": "centrs Rīgā", "en": "the centre in Riga"})
    told = said(session, "ask_place_closed", "2020-06-10", language)
    assert (DOUBT[language] in told, MAY[language] in told, MARCH[language] in told) == (True, True, True)


@each_language
def test_a_source_is_named_once(session: Session, language: str) -> None:
    news(session, "no_disconnection", "no-disconnection", text={one: OF_MAY["spoken"][one] for one in MAY})
    assert said(session, "ask_disconnection_guarantee", "2020-06-10", language).count(MAY[language]) == 1


@each_language
def test_the_usual_caution_names_the_source_too(session: Session, language: str) -> None:
    storm = {
        "id": "storm",
        "name": {"lv": "vētra", "en": "the storm"},
        "cases": {"genitive": "vētras", "accusative": "vētru"},
        "official_end": "2020-05-24",
    }
    record = {"key": "storm_bills", "valid_until": {"event": "storm"}, "ended": ENDED}
    announce(session, announcement_of(content(record, source=OF_MAY, events=[storm]), "announcement"))
    told = {day: said(session, "ask_emergency_changes", day, language) for day in ("2020-05-24", "2020-05-25")}
    assert {day: OF_MAY["spoken"][language] in text for day, text in told.items()} == {
        "2020-05-24": False,
        "2020-05-25": True,
    }
