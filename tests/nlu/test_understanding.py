"""The trained model on sentences that it was never shown, against the committed baseline (`bot evaluate --accept`)."""

from typing import TYPE_CHECKING, Any

import pytest

from bot.evaluation import baseline
from bot.evaluation.figures import Found
from bot.evaluation.sets import SETS
from bot.evaluation.understanding import every_set
from bot.nlu.signals import DANGER

if TYPE_CHECKING:
    from bot.channels.local import LocalAssistant

DANGER_SETS = ("clean.lv", "clean.en", "rough.lv", "rough.en")
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def found(loaded: "LocalAssistant") -> Found:
    """What the model makes of every test set."""
    return every_set(loaded.understand, lambda _: None)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return baseline.read()


def test_no_figure_lies_more_than_a_point_below_the_baseline(found: Found, before: dict[str, Any]) -> None:
    falls = baseline.falls(found, before)
    assert falls == [], "\n".join([*falls, *baseline.changes(found, before)])


def test_danger_is_never_missed(found: Found) -> None:
    """Asking back would be a miss too: life comes first. Words with many slips are left out: figures hold those."""
    missed = [
        one.sentence.text
        for name in SETS
        if name.endswith(DANGER_SETS)
        for one in found[name]
        if one.sentence.label == DANGER and one.intent != DANGER
    ]
    assert missed == []
