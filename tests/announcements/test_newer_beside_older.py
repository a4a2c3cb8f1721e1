"""What an announcement brings is not contradicted by what the files say beside it: silences, lists, "nothing newer"."""

from collections.abc import Iterator
from datetime import date

import pytest
from announcing import TITLES, announce, changing, document, said
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.preview import preview
from bot.announcements.questions import all_questions
from bot.knowledge.emergency_events import end
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

EVERYTHING = sorted({question.intent for question in all_questions()})
OPEN = {"lv": "Centrs Rīgā ir atvērts.", "en": "The centre in Riga is open."}
MADE_PUBLIC, OVER = "2020-05-14", "2020-06-10"
NO_DATE = {"lv": "Atvēršanas datums nav paziņots", "en": "No reopening date has been announced"}
NONE_NEWER = {"lv": "jaunākiem paziņojumiem man nav zināms", "en": "I know of no newer announcement"}
DO_NOT_KNOW = {"lv": "Kuras vietas jau ir atvērtas, man nav zināms", "en": "I do not know whether these places have"}
OF_OTHERS = {"lv": "Par citām vietām jaunāku ziņu man nav", "en": "no newer information about other places"}
NEWEST = {"lv": f"Jaunākais, kas man zināms: {TITLES['lv']}.", "en": f"The newest that I know of: {TITLES['en']}."}
INTRODUCTIONS = {
    "lv": "Ārkārtējās situācijas laikā, kā teikts 2020. gada 20. marta paziņojumā:",
    "en": "According to the announcement of 20 March 2020, for the time of the emergency situation:",
}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def riga_opens() -> AnnouncementDocument:
    """Only the record of the place, as `bot announcement draft` proposes it."""
    place = {"id": "riga-open", "key": "place_riga_centre", "replaces": "closed-riga-centre", "text": OPEN}
    return document(place, keeps=EVERYTHING)


@pytest.fixture(scope="module")
def opened(own_database: OwnDatabase) -> Iterator[Session]:
    """A database in which the centre in Riga was opened, and then the emergency ended."""
    with own_database("sqlite") as url, session_scope(url) as session:
        announce(session, riga_opens())
        end(session, date(2020, 6, 9), "operator")
        yield session


@each_language
def test_a_silence_of_the_files_is_not_said_after_what_is_announced(opened: Session, language: str) -> None:
    text = said(opened, "ask_reopening@riga_centre", MADE_PUBLIC, language)
    assert (OPEN[language] in text, NO_DATE[language] in text) == (True, False)


@each_language
def test_a_silence_is_said_where_nothing_newer_is(opened: Session, language: str) -> None:
    assert NO_DATE[language] in said(opened, "ask_reopening@daugavpils_centre", MADE_PUBLIC, language)


@each_language
def test_a_wording_that_was_corrected_does_not_end_the_silences_beside_it(session: Session, language: str) -> None:
    corrected = {"text": {"lv": "Centrs Rīgā ir ciet.", "en": "The centre in Riga is shut."}}
    announce(session, changing("wording", MADE_PUBLIC, {"record": "closed-riga-centre", "correct": corrected}))
    assert NO_DATE[language] in said(session, "ask_reopening@riga_centre", MADE_PUBLIC, language)


@each_language
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2020-03-19", (False, False)),
        ("2020-05-13", (True, False)),
        (MADE_PUBLIC, (False, True)),
        (OVER, (False, True)),
    ],
)
def test_the_newest_announcement_is_named(
    opened: Session, day: str, told: tuple[bool, bool], again: bool, language: str
) -> None:
    text = said(opened, "ask_emergency_changes/published", day, language, again=again)
    assert (NONE_NEWER[language] in text, NEWEST[language] in text) == told


@each_language
@pytest.mark.parametrize("question", ["ask_emergency_changes", "ask_emergency_changes/what"])
def test_after_the_end_nobody_says_that_nothing_is_newer(opened: Session, question: str, language: str) -> None:
    text = said(opened, question, OVER, language)
    assert NONE_NEWER[language] not in text


@each_language
def test_after_the_end_a_place_that_is_known_to_be_open_is_said_to_be(opened: Session, language: str) -> None:
    text = said(opened, "ask_place_closed", OVER, language)
    assert [words[language] in text for words in (OPEN, OF_OTHERS, DO_NOT_KNOW)] == [True, True, False]


@each_language
def test_what_introduces_a_list_is_no_item_of_another(session: Session, language: str) -> None:
    """A record that does not hang on the emergency takes over what has changed; what holds in it is listed beside."""
    announce(session, document({"answers": ["ask_emergency_changes/what"]}))
    text = said(session, "ask_emergency_changes/what", MADE_PUBLIC, language)
    assert ("•" in text, INTRODUCTIONS[language] in text) == (True, False)


def test_the_preview_shows_that_the_newest_is_another(session: Session) -> None:
    shown = [one for one in preview(session, riga_opens()) if one.question.name == "ask_emergency_changes/published"]
    assert {one.language for one in shown if NEWEST[one.language] in one.after.web} == set(LANGUAGES)
