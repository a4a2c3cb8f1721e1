"""Answers change with the date in Riga and when an operator ends the emergency, without a release."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from bot.clock import ClockError, now, parse_moment, pretending, today
from bot.knowledge.emergency_events import emergency, end, reopen
from bot.knowledge.records import KnowledgeError, UntilEvent
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.replies.answer_composer import answer
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.settings.servers import AS_OF

KNOWLEDGE = load_folder()
PROMISE, DURATION = "ask_disconnection_guarantee", "ask_guarantee_duration"
LAST_DAY = date(2020, 6, 9)


def event_bound() -> Iterator[tuple[str, str | None]]:
    """Every question (intent, place) whose leading fact ends with the emergency."""
    bound = {fact.key for fact in KNOWLEDGE.facts.values() if isinstance(fact.valid_until, UntilEvent)}
    for intent, topic in topics().items():
        yield from ((intent, place) for place in (None, *topic.places) if topic.at(place).lead in bound)


EVENT_BOUND = list(event_bound())
each_question = pytest.mark.parametrize(
    ("intent", "place"), EVENT_BOUND, ids=[f"{intent}-{place or 'any'}" for intent, place in EVENT_BOUND]
)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def ended(session: Session) -> Session:
    """A database in which an operator has ended the emergency; 9 June 2020 was its last day."""
    end(session, LAST_DAY, "operator")
    session.flush()
    return session


def said(session: Session, intent: str, language: str, moment: str, place: str | None = None) -> str:
    """The text that is answered at a moment."""
    with pretending(moment):
        return answer(session, intent, language, today(), places=[place] if place else []).text


def promise(language: str) -> str:
    """The promise not to disconnect, as worded while it is valid."""
    return KNOWLEDGE.facts["no-disconnection"].text[language]


@each_language
@each_question
def test_before_the_announcement_nothing_is_announced(
    session: Session, intent: str, place: str | None, language: str
) -> None:
    text = catalogues()[language].variant("utter_not_announced").text
    assert said(session, intent, language, "2020-03-19", place) == text


@each_language
@pytest.mark.parametrize("moment", ["2020-03-20", "2020-03-25", "2020-05-12", "2020-06-09"])
def test_promise_is_said_from_its_day_on(session: Session, moment: str, language: str) -> None:
    assert said(session, PROMISE, language, moment).startswith(promise(language))


LEGAL_ENDS = {"lv": ("14. aprīlim", "12. maijam", "9. jūnijam"), "en": ("14 April 2020", "12 May 2020", "9 June 2020")}


@each_language
@pytest.mark.parametrize(
    ("moment", "which"),
    [
        ("2020-03-20", 0),
        ("2020-04-06", 0),
        ("2020-04-07", 1),
        ("2020-05-06", 1),
        ("2020-05-07", 2),
        ("2020-06-09", 2),
    ],
)
def test_official_end_is_the_one_known_on_that_day(session: Session, moment: str, which: int, language: str) -> None:
    text = said(session, DURATION, language, moment)
    assert [end_date in text for end_date in LEGAL_ENDS[language]] == [number == which for number in range(3)]


@each_language
@each_question
def test_last_day_of_the_emergency_is_answered_as_before(
    session: Session, intent: str, place: str | None, language: str
) -> None:
    before = said(session, intent, language, "2020-06-09", place)
    end(session, LAST_DAY, "operator")
    assert said(session, intent, language, "2020-06-09", place) == before


@each_language
@each_question
def test_day_after_the_end_names_the_date_of_the_end(
    ended: Session, intent: str, place: str | None, language: str
) -> None:
    ended_on = {"lv": "2020. gada 9. jūnijā", "en": "9 June 2020"}[language]
    assert ended_on in said(ended, intent, language, "2020-06-10", place)


@each_language
@each_question
def test_after_the_end_no_old_statement_is_repeated(
    ended: Session, intent: str, place: str | None, language: str
) -> None:
    """Neither whole nor in the short form that lists use."""
    text = said(ended, intent, language, "2020-06-10", place)
    over = [fact for fact in KNOWLEDGE.facts.values() if isinstance(fact.valid_until, UntilEvent)]
    wordings = {wording[language] for fact in over for wording in (fact.text, fact.short) if wording}
    assert [wording for wording in wordings if wording in text] == []


def caution(language: str) -> str:
    """The warning about an emergency that nobody has ended."""
    return KNOWLEDGE.facts["caution-emergency"].text[language]


@each_language
@each_question
def test_open_emergency_past_its_official_end_is_answered_with_a_caution(
    session: Session, intent: str, place: str | None, language: str
) -> None:
    assert caution(language) in said(session, intent, language, "2020-06-10", place)


@pytest.mark.parametrize(("language", "official_end"), [("lv", "2020. gada 9. jūnijs"), ("en", "9 June 2020")])
def test_caution_names_the_official_end_and_8400(language: str, official_end: str) -> None:
    assert [part in caution(language) for part in (official_end, "8400")] == [True, True]


@each_language
def test_promise_stands_while_nobody_has_ended_the_emergency(session: Session, language: str) -> None:
    assert said(session, PROMISE, language, "2026-01-01").startswith(promise(language))


@each_language
@each_question
def test_no_caution_before_the_official_end_has_passed(
    session: Session, intent: str, place: str | None, language: str
) -> None:
    assert caution(language) not in said(session, intent, language, "2020-06-09", place)


@each_language
def test_no_caution_once_the_emergency_is_ended(ended: Session, language: str) -> None:
    assert caution(language) not in said(ended, PROMISE, language, "2020-06-10")


@each_language
def test_reopened_emergency_is_answered_as_if_it_had_never_ended(ended: Session, language: str) -> None:
    reopen(ended, "operator")
    text = said(ended, PROMISE, language, "2020-06-10")
    assert text.startswith(promise(language))


def test_reopening_is_signed(ended: Session) -> None:
    reopen(ended, "second operator")
    event = emergency(ended)
    assert (event.ended_on, event.changed_by) == (None, "second operator")


def test_emergency_is_ended_only_once(ended: Session) -> None:
    with pytest.raises(KnowledgeError, match="was ended already, on 2020-06-09"):
        end(ended, date(2020, 6, 20), "operator")


def test_emergency_does_not_end_before_it_began(session: Session) -> None:
    with pytest.raises(KnowledgeError, match="began on 2020-03-12; it cannot end on 2020-03-11"):
        end(session, date(2020, 3, 11), "operator")


def test_open_emergency_cannot_be_reopened(session: Session) -> None:
    with pytest.raises(KnowledgeError, match="The emergency is open"):
        reopen(session, "operator")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2020-06-09T20:59:59Z", date(2020, 6, 9)),
        ("2020-06-09T21:00:00Z", date(2020, 6, 10)),
        ("2020-03-19T21:59:59Z", date(2020, 3, 19)),
        ("2020-03-19T22:00:00Z", date(2020, 3, 20)),
        ("2020-06-09T23:59:59", date(2020, 6, 9)),
        ("2020-06-09", date(2020, 6, 9)),
    ],
    ids=["summer, before midnight", "summer, midnight", "winter, before midnight", "winter, midnight", "Riga", "day"],
)
def test_day_changes_at_midnight_in_riga(moment: str, day: date) -> None:
    with pretending(moment):
        assert today() == day


@each_language
@pytest.mark.parametrize(("moment", "holds"), [("2020-06-09T20:59:59Z", True), ("2020-06-09T21:00:00Z", False)])
def test_promise_ends_at_midnight_in_riga_in_summer(ended: Session, moment: str, holds: bool, language: str) -> None:
    assert (promise(language) in said(ended, PROMISE, language, moment)) is holds


@each_language
@pytest.mark.parametrize(("moment", "holds"), [("2020-03-19T21:59:59Z", False), ("2020-03-19T22:00:00Z", True)])
def test_promise_begins_at_midnight_in_riga_in_winter(
    session: Session, moment: str, holds: bool, language: str
) -> None:
    assert (promise(language) in said(session, PROMISE, language, moment)) is holds


@pytest.mark.parametrize(("as_of", "holds"), [("2020-06-09", True), ("2020-06-10", False)])
def test_day_set_in_the_environment_decides(
    ended: Session, monkeypatch: pytest.MonkeyPatch, as_of: str, holds: bool
) -> None:
    monkeypatch.setenv(AS_OF.name, as_of)
    assert (promise("lv") in answer(ended, PROMISE, "lv", today()).text) is holds


def test_pretended_moment_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AS_OF.name, "2020-06-10")
    with pretending("2020-03-25"):
        assert today() == date(2020, 3, 25)


def test_pretending_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AS_OF.name, "2020-06-10T10:00:00+03:00")
    with pretending("2020-03-25"):
        pass
    assert now().isoformat() == "2020-06-10T10:00:00+03:00"


@pytest.mark.parametrize("text", ["yesterday", "20.03.2020", "2020-02-30", "2020-03-20T25:00", ""])
def test_moment_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ClockError, match="is not a date; write it like 2020-03-20"):
        parse_moment(text)


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ClockError, match="needs a time zone"), pretending(datetime(2020, 6, 9, 12)):  # noqa: DTZ001
        pass
