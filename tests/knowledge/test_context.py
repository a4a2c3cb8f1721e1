"""What a message means after what was answered before."""

import pytest

from bot.domain_names import Intent
from bot.knowledge.answers import answer_files
from bot.knowledge.context import check_context, context, likeliest_question, weighed
from bot.knowledge.topics import topics
from bot.parse_result import Guess

TOPICS = frozenset(topics())
QUESTIONS = [f"{topic}/{aspect}" for topic, file in answer_files().items() for aspect in file.answers]


def test_the_file_names_only_topics() -> None:
    assert check_context([*QUESTIONS, *topics()]) == []


def test_by_itself_a_message_means_what_its_words_say() -> None:
    found = weighed([Guess("help", 0.6), Guess("ask_late_fees/whether", 0.4)], None)
    assert [guess.intent for guess in found] == ["help", "ask_late_fees/whether"]


def test_what_continues_the_topic_is_likelier() -> None:
    found = weighed([Guess("help", 0.6), Guess("ask_late_fees/whether", 0.4)], "ask_late_fees")
    assert found[0].intent == "ask_late_fees/whether"


def test_meanings_that_are_not_listed_stay_as_likely_as_they_were() -> None:
    found = weighed([Guess("help", 0.3), Guess("ask_late_fees/whether", 0.2)], None)
    assert [guess.confidence for guess in found] == pytest.approx([0.3, 0.2])


def test_a_follow_up_means_a_question_of_the_topic() -> None:
    found = weighed([Guess("follow_up/until_when", 0.9)], "ask_place_closed")
    assert found[0].intent.startswith(("ask_place_closed/", "ask_reopening/"))


def test_the_questions_of_a_topic_count_together() -> None:
    guesses = [Guess("complain", 0.4), Guess("ask_late_fees/whether", 0.3), Guess("ask_late_fees/waived", 0.3)]
    assert likeliest_question(guesses, TOPICS, None, None, 0.25) == "ask_late_fees/whether"


def test_what_is_mostly_something_else_asks_no_question() -> None:
    guesses = [Guess("complain", 0.8), Guess("ask_late_fees/whether", 0.2)]
    assert likeliest_question(guesses, TOPICS, None, None, 0.1) is None


@pytest.mark.parametrize(
    ("alarm", "confidences", "ends"),
    [
        # "ok fire brigade came. so the bill, will u cut me"
        (Intent.REPORT_DANGER, {"ask_payment_delay": 0.3, "ask_disconnection_guarantee": 0.25}, True),
        (Intent.REPORT_DANGER, {"ask_contact": 0.9}, True),
        (Intent.REPORT_DESPAIR, {"ask_contact": 0.99}, False),  # "is that line free to ring"
        (Intent.REPORT_DANGER, {"ask_place_closed": 0.6}, False),  # "may I look inside myself?"
        (Intent.REPORT_DANGER, {"ask_payment_delay": 0.2}, False),
    ],
)
def test_what_ends_an_alarm(alarm: str, confidences: dict[str, float], ends: bool) -> None:
    assert context().ends_alarm(alarm, confidences) is ends
