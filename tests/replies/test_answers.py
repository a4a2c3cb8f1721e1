"""Every answer to every question: short, sourced, with choices, in both languages, on any day."""

from datetime import date

import pytest
from own_databases import OwnDatabase  # tests/own_databases.py
from spoken import QUESTIONS, Question, all_answers, own_copy, sentences
from sqlalchemy.orm import Session

from bot.knowledge.emergency_events import end
from bot.knowledge.fact_store import withdraw
from bot.known_channels import MESSENGER, PHONE
from bot.replies.answer_composer import answer
from bot.replies.formats import BULLET
from bot.replies.reply import Reply, rendered_text
from bot.settings import LANGUAGES
from bot.words.question_form import QuestionForm

IN_FORCE, OVERDUE, ENDED = "in force", "open past its official end", "ended"
DAYS = {IN_FORCE: date(2020, 3, 25), OVERDUE: date(2020, 6, 15), ENDED: date(2020, 6, 15)}
APRIL = date(2020, 4, 15)
Replies = dict[tuple[str, Question, str], Reply]
# In danger and in an outage, nothing may draw the customer away from calling (the action asks about an outage itself).
WITHOUT_CHOICES = {"report_danger", "report_despair", "report_outage"}


def each_answer(*states: str) -> pytest.MarkDecorator:
    """One test for every question in every language, in each of these states."""
    return pytest.mark.parametrize(
        ("state", "question", "language"),
        [(state, question, language) for state in states for question in QUESTIONS for language in LANGUAGES],
        ids=lambda value: "-".join(part or "any" for part in value) if isinstance(value, tuple) else value,
    )


@pytest.fixture(scope="module")
def replies(own_database: OwnDatabase, main_database: str) -> Replies:
    """Every answer, by state, question and language."""
    found = {}
    with own_copy(own_database, main_database) as session:
        for state, day in DAYS.items():
            if state == ENDED:
                end(session, date(2020, 6, 9), "operator")
            for question, language, reply in all_answers(session, day):
                found[state, question, language] = reply
    return found


@each_answer(*DAYS)
def test_answer_is_not_empty(replies: Replies, state: str, question: Question, language: str) -> None:
    assert replies[state, question, language].text.strip()


@each_answer(IN_FORCE, ENDED)
def test_answer_is_short(replies: Replies, state: str, question: Question, language: str) -> None:
    """At most three sentences, besides a list and what follows it."""
    beginning = replies[state, question, language].text.split(f"\n{BULLET}")[0]
    assert len(sentences(beginning)) <= 3, beginning


@each_answer(*DAYS)
def test_answer_has_a_source_in_its_language(replies: Replies, state: str, question: Question, language: str) -> None:
    sources = replies[state, question, language].sources
    assert sources
    assert all(source.titles[language] and source.spoken_titles[language] for source in sources)


@each_answer(*DAYS)
def test_answer_offers_choices(replies: Replies, state: str, question: Question, language: str) -> None:
    assert bool(replies[state, question, language].buttons) is (question[0] not in WITHOUT_CHOICES)


@each_answer(*DAYS)
def test_answer_has_no_placeholder_left(replies: Replies, state: str, question: Question, language: str) -> None:
    assert not set("{}") & set(replies[state, question, language].text)


@each_answer(*DAYS)
def test_answer_is_not_the_one_of_the_other_language(
    replies: Replies, state: str, question: Question, language: str
) -> None:
    other = next(code for code in LANGUAGES if code != language)
    assert replies[state, question, language].text != replies[state, question, other].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_caution_takes_the_place_of_what_matters_least(replies: Replies, language: str) -> None:
    text = replies[OVERDUE, ("ask_disconnection_guarantee", None), language].text
    assert len(sentences(text)) == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Tas beidzās 2020. gada 20. martā.", 1),
        ("Kopš 2020. gada 20. marta. Lūdzu, zvaniet.", 2),
        ("Rīkojums Nr. 103 ir spēkā. Order No. 103 holds.", 2),
        ("Zvaniet pa tālr. 8400. Tur atbildēs.", 2),
        ("Zvaniet pa tālruni 8400. 2020. gada 20. marta paziņojumā tā nav teikts.", 2),
        ("AS „Latvenergo” strādā portālā elektrum.lv.", 1),
        ("Viņš teica: „Labi.” Tad aizgāja. Kāpēc? Jo tā!", 4),
        ("It ended on 9 June 2020. Please ask on 8400.", 2),
        ("Viss.\n• pirmais\n• otrais", 3),
    ],
)
def test_sentences_are_counted_as_a_reader_would(text: str, count: int) -> None:
    assert len(sentences(text)) == count


PAIRS = {
    "lv": ("centrs Rīgā ir slēgts", "centrs Daugavpilī ir slēgts"),
    "en": ("centre in Riga is closed", "centre in Daugavpils is closed"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["ask_place_closed", "ask_reopening"])
def test_two_places_are_answered_together(session: Session, intent: str, language: str) -> None:
    text = answer(session, intent, language, APRIL, places=["riga_centre", "daugavpils_centre"]).text
    assert [part in text for part in PAIRS[language]] == [True, True]


def test_what_two_places_share_is_said_once(session: Session) -> None:
    text = answer(session, "ask_place_closed", "en", APRIL, places=["riga_centre", "daugavpils_centre"]).text
    assert text.count("8400") == 1


def test_place_named_twice_is_answered_once(session: Session) -> None:
    twice = answer(session, "ask_place_closed", "en", APRIL, places=["riga_centre", "riga_centre"])
    assert twice == answer(session, "ask_place_closed", "en", APRIL, places=["riga_centre"])


def test_towns_that_nothing_is_known_of_share_one_answer(session: Session) -> None:
    both = answer(session, "ask_place_closed", "en", APRIL, places=["Ogre", "Cēsis"])
    assert both == answer(session, "ask_place_closed", "en", APRIL, places=["Ogre"])


def test_places_that_stand_differently_are_each_answered(session: Session) -> None:
    withdraw(session, "closed-riga-centre", date(2020, 4, 10))
    text = answer(session, "ask_place_closed", "en", APRIL, places=["riga_centre", "daugavpils_centre"]).text
    withdrawn, closed = "since 10 April 2020", "centre in Daugavpils is closed"
    assert [part in text for part in (withdrawn, closed)] == [True, True]


@pytest.mark.parametrize(
    ("language", "since"),
    [("lv", "kopš 2020. gada 10. aprīļa"), ("en", "since 10 April 2020")],
)
def test_withdrawn_fact_is_answered_with_its_last_day_and_8400(session: Session, language: str, since: str) -> None:
    withdraw(session, "no-disconnection", date(2020, 4, 10))
    text = answer(session, "ask_disconnection_guarantee", language, APRIL).text
    assert [part in text for part in (since, "8400")] == [True, True]


def test_withdrawn_fact_leaves_an_answer_that_it_does_not_lead(session: Session) -> None:
    withdraw(session, "silent-on-waiver", date(2020, 4, 10))
    text = answer(session, "ask_disconnection_guarantee", "en", APRIL).text
    assert "cancelled" not in text


@pytest.mark.parametrize("state", DAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_source_is_a_link_to_the_eye_and_a_sentence_to_the_ear(replies: Replies, language: str, state: str) -> None:
    reply = replies[state, ("ask_disconnection_guarantee", None), language]
    written, spoken = rendered_text(reply, language, MESSENGER), rendered_text(reply, language, PHONE)
    assert ("https://latvenergo.lv" in written, "http" in spoken) == (True, False)


@pytest.mark.parametrize(
    ("about", "asks", "begins"),
    [
        ("ask_disconnection_guarantee/cut_off", QuestionForm.WHETHER, "No, "),
        ("ask_disconnection_guarantee/cut_off", QuestionForm.OPEN, "No, "),  # it decides, whatever words come with it
        ("ask_disconnection_guarantee/cut_off", QuestionForm.NAMED, "Until "),
        ("ask_emergency_changes/will_tell", QuestionForm.WHETHER, "Yes, "),
        ("ask_emergency_changes/will_tell", QuestionForm.OPEN, "Any changes "),
        ("ask_place_closed/open", QuestionForm.WHETHER, "No, "),
        ("ask_place_closed/open", QuestionForm.OPEN, "The "),
    ],
)
def test_the_first_words_fit_how_it_is_asked(session: Session, about: str, asks: QuestionForm, begins: str) -> None:
    text = answer(session, about.partition("/")[0], "en", APRIL, about=about, asks=asks).text
    assert text.startswith(begins)


@pytest.mark.parametrize(("language", "dated"), [("lv", "2020. gada 20. marta"), ("en", "20 March 2020")])
def test_on_the_phone_the_date_is_said_once(session: Session, language: str, dated: str) -> None:
    reply = answer(
        session, "ask_place_closed", language, APRIL, about="ask_place_closed/closed", asks=QuestionForm.WHETHER
    )
    first = rendered_text(reply, language, PHONE)
    again = rendered_text(reply, language, PHONE, heard=[source.id for source in reply.sources])
    assert (first.count(dated), again.count(dated)) == (1, 0)
