"""Reference numbers: generated ones are recognised, and what events say about a handover is not redacted."""

import re

import pytest

from bot.privacy import redact
from bot.rasa.redacted_events import redacted
from bot.replies.carried import HANDOVER
from bot.words.reference import WRITTEN, Reference


def test_what_is_made_is_known_again() -> None:
    made = [str(Reference.new()) for _ in range(500)]
    assert [number for number in made if not re.fullmatch(WRITTEN, number)] == []


def test_the_reference_of_a_handover_stays() -> None:
    """Also one whose letters could be somebody's name, or a number plate."""
    for number in ("EL-EUAN-RRNX", "EL-7796-NMAW", str(Reference.new())):
        event = {"event": "bot", "text": "Labi.", "data": {}, "metadata": {HANDOVER: number}}
        assert redacted([event]) == [event]


@pytest.mark.parametrize("number", ["EL-EUAN-RRNX", "EL-EUAN-PAXQ", "EL-7796-NMAW", "EL-7943-A9H3"])
@pytest.mark.parametrize("sentence", ["{}", "Jūsu pieprasījuma numurs ir {}.", "my number {} please"])
def test_a_reference_stays_in_a_sentence(sentence: str, number: str) -> None:
    """Whether its letters could be somebody's name, or a number plate."""
    assert redact(sentence.format(number)) == sentence.format(number)


def test_an_address_that_looks_like_a_reference_goes() -> None:
    assert redact("EL-7KQ4-XH3M@inbox.lv") == "[e-mail]"
