"""During a second event of the same kind: answers speak of the one in force first, and `check` lists those that know
nothing of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from announcing import said
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session
from story_of_2020 import announcements, live_through  # tests/story_of_2020.py
from typer.testing import CliRunner

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.checking import check
from bot.announcements.former_event import FormerEventGroup, by_topic
from bot.announcements.questions import all_questions
from bot.cli import app
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

SECOND = announcements()[-1]
UNKNOWN = {
    "lv": "Sakarā ar ārkārtējo situāciju, kas sākās 2020. gada 9. novembrī, man par to nekas nav zināms.",
    "en": "I know of nothing announced about this for the emergency situation that began on 9 November 2020.",
}
COMING = {
    "lv": "Sakarā ar ārkārtējo situāciju, kas sāksies 2020. gada 9. novembrī, man par to nekas nav zināms.",
    "en": "I know of nothing announced about this for the emergency situation that begins on 9 November 2020.",
}
ENDED = {"lv": "beidzās 2020. gada 9. jūnijā", "en": "ended on 9 June 2020"}


@pytest.fixture(scope="module")
def autumn(own_database: OwnDatabase) -> Iterator[tuple[str, str]]:
    """Two databases: before the announcement of November, and after it."""
    with own_database("sqlite") as before, pytest.MonkeyPatch.context() as clock:
        with session_scope(before) as session:
            live_through(session, date(2020, 6, 30), clock)
        with own_database("sqlite") as after:
            with session_scope(after) as session:
                live_through(session, date(2020, 12, 31), clock)
            yield before, after


@pytest.fixture
def summer(autumn: tuple[str, str]) -> Iterator[Session]:
    with session_scope(autumn[0]) as session:
        yield session


@pytest.fixture
def november(autumn: tuple[str, str]) -> Iterator[Session]:
    with session_scope(autumn[1]) as session:
        yield session


BEGINS = {
    "before it is known": ("2020-11-05", None),
    "announced": ("2020-11-06", COMING),
    "its last day of waiting": ("2020-11-08", COMING),
    "in force": ("2020-11-09", UNKNOWN),
}
QUESTIONS = ("ask_safety_measures/hygiene", "ask_guarantee_scope/tenant", "ask_place_closed/why@energy_museum")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("day", "first"), BEGINS.values(), ids=BEGINS)
def test_an_answer_about_the_former_event_begins_with_the_one_in_force(
    november: Session, day: str, first: dict[str, str] | None, question: str, language: str
) -> None:
    text = said(november, question, day, language)
    begins = first[language] if first else ""
    assert (text.startswith(begins), ENDED[language] in text) == (True, True), text
    assert first or not text.startswith((UNKNOWN[language][:20], COMING[language][:20]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_is_only_about_the_former_event(november: Session, language: str) -> None:
    """On its first day each answer that names the end of the former one speaks of the one in force, too."""
    now = {"lv": ("novembr", "Sakarā ar"), "en": ("November",)}[language]
    silent = {
        question.name
        for question in all_questions()
        if ENDED[language] in (text := said(november, question.name, "2020-11-09", language))
        and not any(word in text for word in now)
    }
    assert silent == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_that_no_yes_or_no_follows(november: Session, language: str) -> None:
    text = said(november, "ask_place_closed/plants", "2020-11-09", language)
    assert text.startswith(UNKNOWN[language])
    assert not {" Nē,", " No,"} & {text[len(UNKNOWN[language]) :][:4]}


def groups(session: Session, document: AnnouncementDocument) -> dict[str, FormerEventGroup]:
    return {group.topic: group for group in by_topic(check(session, document).former_event)}


def test_a_check_lists_them_by_topic(summer: Session) -> None:
    found = groups(summer, SECOND)
    safety = found["ask_safety_measures"]
    assert (safety.former, safety.event, safety.keys) == ("emergency", "november-emergency", ("safety_basis",))
    assert "ask_safety_measures/hygiene" in safety.questions
    assert safety.text.startswith(UNKNOWN["en"])
    assert sum(len(group.questions) for group in found.values()) > 90


def test_what_the_announcement_answers_is_not_among_them(summer: Session) -> None:
    names = {name for group in groups(summer, SECOND).values() for name in group.questions}
    assert not {"ask_disconnection_guarantee/cut_off", "ask_place_closed/closed@daugavpils_centre"} & names


def test_a_later_announcement_of_the_event_is_looked_at_too(november: Session) -> None:
    records = [
        record.copy(update={"id": "masks", "key": "masks", "replaces": None, "answers": []})
        for record in SECOND.records[:1]
    ]
    later = SECOND.copy(update={"id": "masks", "events": [], "records": records, "source": records[0].source})
    assert "ask_safety_measures" in groups(november, later)


def test_an_announcement_about_no_such_event_has_none(summer: Session) -> None:
    assert groups(summer, announcements()[-2]) == {}


def test_the_command_prints_them_beside_the_result(autumn: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", autumn[0])
    done = CliRunner().invoke(app, ["announcement", "check", "docs/examples/2020/2020-11-06.yml"])
    assert done.stdout == "All is well: november-emergency can be published.\n"
    assert "answers know nothing about 'november-emergency' and speak of the end of 'emergency'" in done.stderr
    assert "keys that lead whole topics (" in done.stderr
