"""What a message means that makes sense only after an answer."""

import pytest

from bot.knowledge.answers import answer_files
from bot.knowledge.follow_ups import LAST, NOTHING, REST, follow_ups, meant


@pytest.mark.parametrize(
    ("topic", "aspect", "question"),
    [
        ("ask_late_fees", "why", "ask_disconnection_guarantee/why"),
        ("ask_place_closed", "until_when", "ask_place_closed/how_long"),
        ("ask_contact", "free", "ask_contact/price"),
        ("ask_contact", "who_says", "ask_disconnection_guarantee/source"),  # as for all topics
        (None, "who_says", "ask_disconnection_guarantee/source"),
        (None, "why", "ask_disconnection_guarantee/why"),  # "why did you decide that?" begins a conversation
        (None, "free", None),
        ("ask_contact", "both", None),
    ],
)
def test_what_is_meant(topic: str | None, aspect: str, question: str | None) -> None:
    assert meant(topic, aspect) == question


def test_an_aspect_may_mean_the_question_that_was_answered_last() -> None:
    assert meant("ask_other_services", "why", "ask_other_services/tariff") == "ask_other_services/tariff"


@pytest.mark.parametrize("topic", follow_ups())
def test_every_question_has_an_answer(topic: str) -> None:
    known = {f"{name}/{aspect}" for name, file in answer_files().items() for aspect in file.answers}
    assert set(follow_ups()[topic].values()) <= known | {LAST}
    assert topic in {REST, NOTHING, *answer_files(), "request_human", "ask_about_others", "instruct_assistant"}
