"""What is announced is known from the day it is made public and holds from its own day: docs/examples/reopening.yml."""

from collections.abc import Iterator
from datetime import date

import pytest
from announcing import announce, document, example, said
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.knowledge.emergency_events import end
from bot.storage.engine import session_scope
from bot.words.question_form import QuestionForm

COMING = {
    "lv": "centrs Rīgā ir slēgts līdz 2020. gada 17. maijam; to atvērs 2020. gada 18. maijā.",
    "en": "centre in Riga is closed until 17 May 2020; it opens on 18 May 2020.",
}
OPEN = {"lv": "centrs Rīgā no 18. maija ir atvērts.", "en": "centre in Riga is open from 18 May."}
NO_DATE = {
    "lv": ("nav teikts, kad", "nav nosaukts", "Datums joprojām nav zināms", "Atvēršanas datums nav paziņots."),
    "en": (
        "does not say when",
        "no reopening date is named",
        "There is still no date",
        "No reopening date has been announced.",
    ),
}
ABOUT_RIGA = [
    "ask_reopening",
    *(f"ask_reopening/{name}" for name in ("when", "day")),
    *(
        f"ask_place_closed/{name}"
        for name in ("open", "closed", "how_long", "hours", "appointment", "since_when", "why")
    ),
]
IN_GENERAL = [name for name in ABOUT_RIGA if "/" in name] + [
    f"ask_place_closed/{name}" for name in ("which", "all", "any_open", "instead")
]
QUESTIONS = [f"{name}@riga_centre" for name in ABOUT_RIGA] + IN_GENERAL
DAYS = {
    "before it is public": ("2020-05-13", False, False),
    "the day it is public": ("2020-05-14", True, False),
    "between": ("2020-05-15", True, False),
    "the day before": ("2020-05-17", True, False),
    "its day": ("2020-05-18", False, True),
    "long after": ("2020-06-08", False, True),
}
each_language = pytest.mark.parametrize("language", ["lv", "en"])


@pytest.fixture(scope="module")
def before(own_database: OwnDatabase) -> Iterator[Session]:
    """A database without the announcement."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


@pytest.fixture(scope="module")
def reopened(own_database: OwnDatabase) -> Iterator[Session]:
    """A database in which the announcement was published."""
    with own_database("sqlite") as url, session_scope(url) as session:
        announce(session, example())
        yield session


@each_language
@pytest.mark.parametrize(("day", "coming", "opened"), DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_says_what_is_known_on_the_day(
    reopened: Session, question: str, day: str, coming: bool, opened: bool, language: str
) -> None:
    text = said(reopened, question, day, language)
    assert (COMING[language] in text, OPEN[language] in text) == (coming, opened)


@each_language
@pytest.mark.parametrize("day", ["2020-05-14", "2020-05-15", "2020-05-18"])
@pytest.mark.parametrize("again", [False, True])
def test_nobody_says_that_no_date_is_known_once_it_is(reopened: Session, day: str, language: str, again: bool) -> None:
    texts = [said(reopened, question, day, language, again=again) for question in QUESTIONS]
    assert [text for text in texts if any(words in text for words in NO_DATE[language])] == []


@each_language
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_day_before_it_is_public_everything_is_said_as_before(
    before: Session, reopened: Session, question: str, language: str
) -> None:
    assert said(reopened, question, "2020-05-13", language) == said(before, question, "2020-05-13", language)


@pytest.mark.parametrize("day", ["2020-03-20", "2020-04-15"])
def test_history_stays_answerable(reopened: Session, day: str) -> None:
    assert "centre in Riga is closed" in said(reopened, "ask_place_closed/closed@riga_centre", day)


@pytest.mark.parametrize("day", ["2020-05-15", "2020-05-18"])
def test_other_places_stay_as_they_were(reopened: Session, day: str) -> None:
    text = said(reopened, "ask_place_closed/open@daugavpils_centre", day, asks=QuestionForm.WHETHER)
    assert text.startswith("No, the Elektrum customer service centre in Daugavpils is closed")


YES_OR_NO = {
    "open? in between": ("open", "2020-05-15", "No. "),
    "open? afterwards": ("open", "2020-05-18", "Yes. "),
    "closed? in between": ("closed", "2020-05-15", "Yes. "),
    "closed? afterwards": ("closed", "2020-05-18", "No. "),
}


@pytest.mark.parametrize(("aspect", "day", "begins"), YES_OR_NO.values(), ids=YES_OR_NO)
def test_yes_and_no_fit_what_is_announced(reopened: Session, aspect: str, day: str, begins: str) -> None:
    text = said(reopened, f"ask_place_closed/{aspect}@riga_centre", day, asks=QuestionForm.WHETHER)
    assert text.startswith(begins)


@pytest.mark.both_databases
def test_the_end_of_the_emergency_does_not_close_the_place(session: Session) -> None:
    announce(session, example())
    end(session, date(2020, 6, 9), "operator")
    assert OPEN["en"] in said(session, "ask_place_closed/open@riga_centre", "2020-06-10")


@each_language
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2020-06-30", {"lv": "Līdz 30. jūnijam neatslēdz.", "en": "Nobody is cut off until 30 June."}),
        ("2020-07-01", {"lv": "Tas bija līdz 2020. gada 30. jūnijam.", "en": "That was until 30 June 2020."}),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_an_answer_that_was_taken_over_does_not_promise_again_what_ended(
    own_database: OwnDatabase, day: str, words: dict[str, str], language: str, again: bool
) -> None:
    extended = {
        "text": {"lv": "Līdz 30. jūnijam neatslēdz.", "en": "Nobody is cut off until 30 June."},
        "ended": {"lv": "Tas bija līdz {ended_on:dative}.", "en": "That was until {ended_on}."},
        "valid_until": date(2020, 6, 30),
        "answers": ["ask_disconnection_guarantee/cut_off"],
    }
    with own_database("sqlite") as url, session_scope(url) as session:
        announce(session, document(extended))
        assert words[language] in said(session, "ask_disconnection_guarantee/cut_off", day, language, again=again)
