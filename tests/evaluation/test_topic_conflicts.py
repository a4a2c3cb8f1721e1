"""What an operator is shown before a topic is published."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.calls.review_queue import correct
from bot.cli import app
from bot.domain_names import Intent
from bot.evaluation.topic_conflicts import (
    AnsweredToday,
    KnownExample,
    answered_today,
    conflicts,
    not_understood,
    summary,
)
from bot.knowledge.published_topics import PublishedTopic
from bot.parse_result import ParseResult

ASKED = {"lv": ["Kur spuldzes?", "Kad spuldzes?"], "en": ["Where are lamps?"]}
TOPIC = PublishedTopic("lamps", {"lv": "Spuldzes", "en": "Lamps"}, {"lv": "Te.", "en": "Here."}, ASKED)
FEES, NOTHING = f"={Intent.ASK_CONTACT}", f"={Intent.NLU_FALLBACK}"


async def contact(text: str) -> ParseResult:
    """An assistant that answers "Where …" with how to reach us, and understands nothing else."""
    intent = Intent.ASK_CONTACT if text.startswith("Where") else Intent.NLU_FALLBACK
    return ParseResult(text=text, intent=intent, confidence=0.7)


def test_each_example_is_shown_with_what_answers_it_today() -> None:
    found = answered_today(contact, TOPIC)
    assert [(one.text, one.answered_by) for one in found] == [
        ("Kur spuldzes?", NOTHING),
        ("Kad spuldzes?", NOTHING),
        ("Where are lamps?", FEES),
    ]


def test_what_is_not_understood_today_is_no_conflict() -> None:
    assert conflicts(answered_today(contact, TOPIC)) == [(FEES, 1)]


def test_the_summary_says_what_answers_the_examples_and_what_they_would_take() -> None:
    today = [AnsweredToday("en", "Where?", FEES, 0.7)] * 2
    assert summary(today, [KnownExample("where are you", Intent.ASK_CONTACT)]) == [
        "2 of 2 examples are answered by ask_contact today.",
        "It would take trained examples of ask_contact: 1.",
    ]


def test_a_topic_without_conflicts_says_so() -> None:
    assert summary([], []) == ["None of its examples is answered today, and it takes none of what was trained."]


@pytest.mark.both_databases
def test_sentences_that_wait_for_review_are_looked_at(session: Session) -> None:
    correct(session, "kur var mainīt spuldzes", Intent.OUT_OF_SCOPE, "lv")
    assert not_understood(session) == ["kur var mainīt spuldzes"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["learn"], "No topic is published"),
        (["check", "docs/examples/reopening.yml"], "no record has 'questions'"),
        (["check", "data/knowledge/sources.yml"], "no record has 'questions'"),
    ],
    ids=" ".join,
)
def test_a_command_says_why_there_is_nothing_to_do(arguments: list[str], said: str, database: str) -> None:
    result = CliRunner().invoke(app, ["new-topics", *arguments])
    assert said in result.output + (result.stderr if result.stderr_bytes else "")


def test_published_topics_are_listed(database: str, tmp_path: Path) -> None:
    from bot.evaluation.new_topic_figures import publish_topics

    five = {language: [*asked, "a b", "c d", "e f", "g h"] for language, asked in ASKED.items()}
    publish_topics([PublishedTopic(TOPIC.key, TOPIC.titles, TOPIC.texts, five)], database)
    assert "lamps" in CliRunner().invoke(app, ["new-topics", "list"]).output
