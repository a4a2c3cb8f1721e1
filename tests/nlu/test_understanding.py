"""The trained model on sentences that it was never shown. The floors lie about two points under docs/nlu.md."""

from typing import TYPE_CHECKING

import pytest
from figures import accuracy, understood  # tests/nlu/figures.py

if TYPE_CHECKING:
    from bot.channels.local import LocalAssistant

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("clean.lv", 0.865),
        ("clean.en", 0.93),
        ("rough.lv", 0.895),
        ("rough.en", 0.885),
        ("slips.en", 0.85),
        ("spoken.lv", 0.885),
        ("spoken.en", 0.905),
        ("scope.en", 0.77),
        ("border", 0.90),
        ("mixed", 0.85),
    ],
)
def test_held_out_sentences_are_understood(loaded: "LocalAssistant", name: str, floor: float) -> None:
    found = understood(loaded, name)
    wrong = [f"{one.sentence.text!r}: {one.intent} for {one.sentence.label}" for one in found if not one.right]
    assert accuracy(found) >= floor, "\n".join(wrong)


@pytest.mark.parametrize("name", ["clean.lv", "clean.en", "rough.lv", "rough.en"])
def test_danger_is_never_missed(loaded: "LocalAssistant", name: str) -> None:
    """Asking back would be a miss too: life comes first."""
    missed = [
        one.sentence.text
        for one in understood(loaded, name)
        if one.sentence.label == "report_danger" and one.intent != "report_danger"
    ]
    assert missed == []
