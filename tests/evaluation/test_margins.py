"""How the thresholds for two questions in one message are chosen."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.evaluation.margins import joined, tried
from bot.training.sentences import Sentence

WORDS = {"slēgts": "ask_place_closed", "maksāt": "ask_how_to_pay"}


class ByWords:
    """A fake classifier: an intent's confidence is its share of the words."""

    def distributions(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [self._one(text) for text in texts]

    glance = distributions

    @staticmethod
    def _one(text: str) -> dict[str, float]:
        hits = {intent: 0.01 + (word in text) for word, intent in WORDS.items()}
        return {intent: hit / sum(hits.values()) for intent, hit in hits.items()}


def sentence(text: str) -> Sentence:
    return Sentence(text, "ask_contact", "lv", Path("any.yml"), 1)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("Vai ir slēgts?", "Kā maksāt?", "Vai ir slēgts? Kā maksāt?"),
        ("vai ir slēgts", "kā maksāt", "vai ir slēgts un kā maksāt"),
    ],
)
def test_two_sentences_become_one_message(first: str, second: str, message: str) -> None:
    assert joined(sentence(first), sentence(second)) == message


@pytest.mark.parametrize(
    ("text", "labels", "right"),
    [
        ("Vai viss ir slēgts? Kur var maksāt?", {"ask_place_closed", "ask_how_to_pay"}, True),
        ("Vai viss ir slēgts? Kur var maksāt?", {"ask_place_closed", "ask_contact"}, False),
        ("Vai viss ir slēgts? Vai tiešām slēgts?", {"ask_place_closed"}, False),
    ],
)
def test_both_sides_must_be_right(text: str, labels: set[str], right: bool) -> None:
    found = tried(ByWords(), text, "lv", labels)  # type: ignore[arg-type]
    assert found is not None
    assert found.right == right


def test_a_message_without_a_cut_tells_nothing() -> None:
    assert tried(ByWords(), "Vai viss ir slēgts", "lv", {"ask_place_closed"}) is None  # type: ignore[arg-type]
