"""How much each example counts, and which parts of a message are no questions of their own."""

import pytest

from bot.nlu.danger_detector import without_alarms
from bot.nlu.example_weights import weights_of
from bot.nlu.several_questions import without_echoes
from bot.parse_result import Guess, Question


def test_plain_sentences_count_more_and_intents_without_them_in_between() -> None:
    found = weights_of(["thank", "thank", "follow_up"], [True, False, False], 4.0)
    assert found == [4.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ([("I booked a visit.", "ask_place_closed"), ("Will it take place?", "follow_up")], ["ask_place_closed"]),
        ([("Is it shut?", "ask_place_closed"), ("Why?", "follow_up")], ["ask_place_closed", "follow_up"]),
        ([("How much do I owe?", "check_account_status"), ("Since when?", "follow_up")], ["check_account_status"]),
        ([("Why?", "follow_up"), ("Is it shut?", "ask_place_closed")], ["follow_up", "ask_place_closed"]),
        ([("tell me", "follow_up"), ("Is it shut?", "ask_place_closed")], ["ask_place_closed"]),
    ],
)
def test_a_follow_up_after_a_statement_is_no_question_of_its_own(parts: list[tuple[str, str]], kept: list[str]) -> None:
    text, found = "", []
    for said, intent in parts:
        found.append(Question(intent, 1.0, len(text), len(text) + len(said)))
        text += said + " "
    assert [one.intent for one in without_echoes(text, found)] == kept


def test_without_alarms_the_others_share_their_confidence() -> None:
    ranking = [
        Guess("report_danger", 0.6),
        Guess("ask_late_fees", 0.3),
        Guess("report_despair", 0.02),
        Guess("ask_contact", 0.1),
    ]
    assert [(one.intent, one.confidence) for one in without_alarms(ranking)] == [
        ("ask_late_fees", 0.75),
        ("ask_contact", 0.25),
    ]
