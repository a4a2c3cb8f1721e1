"""The story of 2020 (docs/examples/2020): what is said before, on the edge of, and after each day on which it changed.

Each announcement was proposed, approved and published on its day. A question has alternatives, of which only those that
hold may be said: "until 12 May" is said from midnight on 7 April, and nothing else.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from announcing import said
from own_databases import DATABASES, OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session
from story_of_2020 import announcements, day_of, live_through  # tests/story_of_2020.py

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.questions import all_questions
from bot.announcements.questions import said as said_to
from bot.clock import pretending, today
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope
from bot.words.question_form import QuestionForm

SAID = {
    "nothing announced": ("Par to paziņojuma vēl nav", "Nothing has been announced about that yet"),
    "until 14 April": ("līdz 2020. gada 14. aprīlim", "until 14 April 2020"),
    "until 12 May": ("līdz 2020. gada 12. maijam", "until 12 May 2020"),
    "until 9 June": ("līdz 2020. gada 9. jūnijam", "until 9 June 2020"),
    "over": ("beidzās 2020. gada 9. jūnijā", "ended on 9 June 2020"),
    "over (came)": ("un tā beidzās 2020. gada 9. jūnijā", "came on 9 June 2020"),
    "not cut off": ("neatslēdz", "does not disconnect the supply because of late"),
    "not promised again": (
        "6. novembra paziņojumā nekas nav teikts par to",
        "of 6 November 2020 says nothing about whether",
    ),
    "will be": ("būs spēkā no 2020. gada 9. novembra", "will be in force from 9 November 2020"),
    "is again": ("ir spēkā no 2020. gada 9. novembra", "in force since 9 November 2020"),
    "closed": ("slēgts uz ārkārtējās situācijas laiku, kā teikts", "is closed while the emergency situation lasts"),
    "do not know": ("nav zināms", "I do not know whether"),
    "no date": ("nav teikts, kad atkal atvērs", "does not say when"),
    "closes": ("slēgs 2020. gada 9. novembrī", "closes on 9 November 2020"),
    "closed again": ("no 2020. gada 9. novembra ir slēgts", "is closed from 9 November 2020"),
    "to be booked": (
        "no 2020. gada 9. novembra pieņems tikai",
        "From 9 November 2020, the Elektrum customer service centre",
    ),
    "booked": ("situācijas laikā pieņem tikai pēc pieraksta", "During the emergency situation, the Elektrum customer"),
    "extended to May": ("ir pagarināta līdz 2020. gada 12. maijam", "is extended until 12 May 2020"),
    "extended to June": ("ir pagarināta līdz 2020. gada 9. jūnijam", "is extended until 9 June 2020"),
    "centres closed": ("Slēgti ir klientu apkalpošanas centri Rīgā un", "The service centres in Riga and Daugavpils"),
    "none newer": ("Par jaunākiem paziņojumiem man nav zināms", "I know of no newer announcement"),
    "BNN of 7 April": ("zināms: BNN, 2020. gada 7. aprīlis", "know of: BNN, 7 April 2020"),
    "the order": ("zināms: Ministru kabineta rīkojums Nr. 103", "know of: Cabinet Order No. 103"),
    "6 November": ("zināms: Izdomāts paraugs", "know of: Invented example"),
    "remotely": ("risina attālināti", "handled remotely"),
}  # by a name: in Latvian, in English
# By question, from which day on which of these hold; each question is asked about all that are named in its line.
TOLD: dict[str, dict[str, tuple[str, ...]]] = {
    "ask_guarantee_duration/until_when": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("until 14 April",),
        "2020-04-07": ("until 12 May",),
        "2020-05-07": ("until 9 June",),
        "2020-06-10": ("over (came)",),
        "2020-11-06": ("not promised again",),
    },
    "ask_guarantee_duration/emergency": {
        "2020-03-11": ("nothing announced",),
        "2020-03-12": ("until 14 April",),
        "2020-04-07": ("until 12 May",),
        "2020-05-07": ("until 9 June",),
        "2020-06-10": ("over",),
        "2020-11-06": ("will be",),
        "2020-11-09": ("is again",),
    },
    "ask_guarantee_duration": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("until 14 April",),
        "2020-04-07": ("until 12 May",),
        "2020-05-07": ("until 9 June",),
        "2020-06-10": ("over",),
        "2020-11-06": ("not promised again", "over", "will be"),
        "2020-11-09": ("not promised again", "over", "is again"),
    },
    "ask_disconnection_guarantee/cut_off": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("not cut off",),
        "2020-06-10": ("over",),
        "2020-11-06": ("not promised again", "over"),
    },
    "ask_disconnection_guarantee": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("not cut off",),
        "2020-06-10": ("over",),
        "2020-11-06": ("not promised again", "over"),
    },
    "ask_place_closed/closed@daugavpils_centre": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("closed",),
        "2020-06-10": ("do not know", "over"),
        "2020-11-06": ("closes",),
        "2020-11-09": ("closed again",),
    },
    "ask_place_closed/closed@riga_centre": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("closed",),
        "2020-06-10": ("do not know", "over"),
        "2020-11-06": ("to be booked",),
        "2020-11-09": ("booked",),
    },
    "ask_place_closed/closed@energy_museum": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("closed",),
        "2020-06-10": ("do not know", "over"),
    },
    "ask_reopening/when@daugavpils_centre": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("no date",),
        "2020-06-10": ("over",),
        "2020-11-06": ("closes",),
        "2020-11-09": ("closed again",),
    },
    "ask_emergency_changes/what": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("centres closed",),
        "2020-04-07": ("centres closed", "extended to May"),
        "2020-05-07": ("centres closed", "extended to June"),
        "2020-06-10": ("over", "none newer"),
        "2020-11-06": ("will be",),
        "2020-11-09": ("is again",),
    },
    "ask_emergency_changes/published": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("none newer",),
        "2020-04-07": ("BNN of 7 April",),
        "2020-05-07": ("the order",),
        "2020-06-10": ("none newer",),
        "2020-11-06": ("6 November",),
    },
    "ask_other_services/meter": {
        "2020-03-12": ("nothing announced",),
        "2020-03-20": ("remotely",),
        "2020-06-10": ("over",),
    },
}
LAST_MINUTE, FIRST_MINUTE = "23:59:59", "00:00:00"
LAST = "2020-12-31"


def moments(periods: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The first and the last second of each period, in Riga, and noon between, each with what is told then."""
    for first, after in pairwise([*periods, "2021-01-01"]):
        begins, ends = date.fromisoformat(first), date.fromisoformat(after) - timedelta(days=1)
        between = begins + (ends - begins) / 2
        for moment in (f"{begins}T{FIRST_MINUTE}", f"{between}", f"{ends}T{LAST_MINUTE}"):
            yield moment, periods[first]


CASES = [(question, *case) for question, periods in TOLD.items() for case in moments(periods)]


@pytest.fixture(scope="module", params=DATABASES)
def year(request: pytest.FixtureRequest, own_database: OwnDatabase) -> Iterator[Session]:
    """A database at the end of 2020, in which everything was announced on its day."""
    with own_database(request.param) as url, session_scope(url) as session, pytest.MonkeyPatch.context() as clock:
        live_through(session, date.fromisoformat(LAST), clock)
        yield session


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("question", "moment", "told"), CASES)
def test_what_holds_is_said_and_nothing_else(
    year: Session, question: str, moment: str, told: tuple[str, ...], language: str
) -> None:
    with pretending(moment):
        text = said(year, question, today().isoformat(), language)
    words = {name: SAID[name][LANGUAGES.index(language)] for names in TOLD[question].values() for name in names}
    assert {name for name in words if words[name] in text} == set(told), text


YES_OR_NO = {
    # question: on which days it begins with yes, no, or neither
    "ask_place_closed/open@daugavpils_centre": {
        "2020-06-09": "no",
        "2020-06-10": "",
        "2020-11-06": "",
        "2020-11-09": "no",
    },
    "ask_place_closed/closed@daugavpils_centre": {"2020-06-09": "yes", "2020-06-10": "", "2020-11-09": "yes"},
    "ask_place_closed/closed@energy_museum": {"2020-06-09": "yes", "2020-06-10": "", "2020-11-09": ""},
    "ask_disconnection_guarantee/cut_off": {"2020-06-09": "no", "2020-06-10": "", "2020-11-06": "", "2020-11-09": ""},
    "ask_guarantee_duration/still": {"2020-06-09": "yes", "2020-06-10": "", "2020-11-06": "", "2020-11-09": ""},
}
WORDS = {"lv": {"yes": "Jā", "no": "Nē"}, "en": {"yes": "Yes", "no": "No"}}
YES_OR_NO_CASES = [(question, *case) for question, days in YES_OR_NO.items() for case in days.items()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("question", "day", "begins"), YES_OR_NO_CASES)
def test_a_yes_or_a_no_is_said_only_where_it_is_known(
    year: Session, question: str, day: str, begins: str, language: str
) -> None:
    text = said(year, question, day, language, QuestionForm.WHETHER)
    begun = [name for name, word in WORDS[language].items() if text.startswith((f"{word},", f"{word}."))]
    assert begun == ([begins] if begins else []), text


HISTORY = {
    "was it closed in April, asked in June": (
        "ask_place_closed/closed@riga_centre",
        "2020-06-10",
        "bija slēgts",
        "closure was",
    ),
    "was it closed in April, asked in autumn": (
        "ask_place_closed",
        "2020-10-01",
        "Slēgšana bija paziņota",
        "closures were",
    ),
    "what was promised": ("ask_guarantee_duration/still", "2020-10-01", "attiecās", "applied"),
    "was it promised in spring": (
        "ask_disconnection_guarantee",
        "2020-10-01",
        "bija paziņota tikai",
        "announced only until",
    ),
    "since when": (
        "ask_guarantee_duration/since_when",
        "2020-10-01",
        "paziņots 2020. gada 20. martā",
        "announced on 20 March",
    ),
    "the museum, within another": ("ask_place_closed/closed@energy_museum", "2020-11-09", "bija slēgts", "closure was"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("question", "day", "lv", "en"), HISTORY.values(), ids=HISTORY)
def test_history_is_told_as_history(year: Session, question: str, day: str, lv: str, en: str, language: str) -> None:
    assert {"lv": lv, "en": en}[language] in said(year, question, day, language)


@pytest.mark.both_databases
@pytest.mark.parametrize("announced", announcements(), ids=lambda announced: announced.id)
def test_each_day_is_answered_later_as_it_was_on_the_day(
    announced: AnnouncementDocument, session: Session, year: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came later changes no answer of an earlier day: every question, in both languages, on the day and before."""
    live_through(session, day_of(announced), monkeypatch)
    days = [day_of(announced) - timedelta(days=1), day_of(announced)]
    asked = [(one, language, day) for one in all_questions() for language in LANGUAGES for day in days]
    lived, remembered = ([said_to(one, *case).text for case in asked] for one in (session, year))
    assert [case for case, then, now in zip(asked, lived, remembered, strict=True) if then != now] == []
