"""Facts that are published with questions of their own: what a file may contain, and which topics are answered when."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fact_files import LEFT_OUT, fact, write
from sqlalchemy.orm import Session

from bot.domain_names import Intent
from bot.knowledge.emergency_events import end
from bot.knowledge.fact_store import publish, withdraw
from bot.knowledge.published_topics import question_of_key, topic_asked, topics_now
from bot.knowledge.records import KnowledgeError, read_file

DAY = date(2020, 4, 15)
TITLE = {"lv": "Līnijas darba laiks", "en": "Line hours"}
QUESTIONS = {
    "lv": ["Cikos strādā līnija?", "Kad var zvanīt?", "Vai naktī atbild?", "Līdz cikiem zvanīt?", "Darba laiks?"],
    "en": ["When is the line open?", "When can I call?", "Do you answer at night?", "How late may I call?", "Hours?"],
}
ASKED = {"title": TITLE, "questions": QUESTIONS}


def published(session: Session, folder: Path, **changes: Any) -> None:
    """Publish one fact with questions, with these keys changed."""
    publish(session, write(folder / "topic.yml", facts=[fact(**ASKED, **changes)]))


def keys(session: Session, day: date = DAY) -> list[str]:
    """The keys of the topics that are answered on a day."""
    return [topic.key for topic in topics_now(session, day).topics]


WRONG = {
    "a language is missing": ({"questions": {"lv": QUESTIONS["lv"]}}, "questions in 'en': at least 5"),
    "too few": ({"questions": {**QUESTIONS, "lv": QUESTIONS["lv"][:4]}}, "questions in 'lv': at least 5"),
    "the same in other spelling": (
        {"questions": {**QUESTIONS, "lv": [*QUESTIONS["lv"][:4], "kad var zvanit"]}},
        "questions in 'lv': at least 5",
    ),
    "too long": ({"questions": {**QUESTIONS, "en": [*QUESTIONS["en"], "why " * 100]}}, "longer than 300"),
    "no title": ({"title": LEFT_OUT}, "questions need a title"),
    "a title alone": ({"questions": LEFT_OUT}, "a title needs questions"),
    "a title in one language": ({"title": {"lv": "Laiks"}}, "the text in 'en' is missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_questions_are_refused(name: str, tmp_path: Path) -> None:
    changes, reason = WRONG[name]
    with pytest.raises(KnowledgeError, match=reason):
        read_file(write(tmp_path / "topic.yml", facts=[fact(**{**ASKED, **changes})]))


@pytest.mark.both_databases
def test_a_published_topic_is_known_at_once(session: Session, tmp_path: Path) -> None:
    before = keys(session)
    published(session, tmp_path)
    assert (before, keys(session)) == ([], ["line_hours"])


@pytest.mark.both_databases
def test_a_topic_has_its_questions_title_and_text(session: Session, tmp_path: Path) -> None:
    published(session, tmp_path)
    (topic,) = topics_now(session, DAY).topics
    assert (topic.questions, topic.titles, topic.texts) == (QUESTIONS, TITLE, fact()["text"])


def test_a_topic_without_questions_is_none(session: Session, tmp_path: Path) -> None:
    publish(session, write(tmp_path / "fact.yml", facts=[fact()]))
    assert keys(session) == []


def test_a_topic_is_not_answered_before_its_first_day(session: Session, tmp_path: Path) -> None:
    published(session, tmp_path)
    assert keys(session, date(2020, 3, 31)) == []


@pytest.mark.both_databases
def test_a_withdrawn_topic_is_not_understood_any_more(session: Session, tmp_path: Path) -> None:
    published(session, tmp_path)
    assert keys(session)
    withdraw(session, "line-hours", DAY)
    session.flush()
    assert keys(session) == []


def test_a_topic_that_has_ended_is_still_understood(session: Session, tmp_path: Path) -> None:
    ended = {"lv": "Beidzās {ended_on:locative}.", "en": "It ended on {ended_on}."}
    published(session, tmp_path, valid_until={"event": "emergency"}, ended=ended)
    end(session, DAY, "a test")
    session.flush()
    assert keys(session, date(2020, 4, 20)) == ["line_hours"]


def test_a_later_record_of_the_key_brings_its_own_questions(session: Session, tmp_path: Path) -> None:
    published(session, tmp_path)
    later = {**QUESTIONS, "en": [f"{text} Now" for text in QUESTIONS["en"]]}
    changed = fact(id="line-hours-2", replaces="line-hours", valid_from=DAY, title=TITLE, questions=later)
    publish(session, write(tmp_path / "later.yml", facts=[changed]))
    assert [topic.questions for topic in topics_now(session, DAY).topics] == [later]


def test_a_topic_is_answered_by_its_own_fact() -> None:
    topic = topic_asked(Intent.ASK_PUBLISHED_TOPIC, question_of_key("line_hours"))
    assert topic.keys == ("line_hours",)


def test_without_a_topic_the_general_answer_is_given() -> None:
    assert topic_asked(Intent.ASK_PUBLISHED_TOPIC, None).lead == "changes_announced"
