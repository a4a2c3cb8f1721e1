"""The trained model on sentences that it was never shown, against the committed baseline (`bot evaluate --accept`)."""

from typing import TYPE_CHECKING, Any

import pytest

from bot.evaluation import baseline
from bot.evaluation.figures import Found, of_model
from bot.evaluation.sets import INTENT_SETS
from bot.evaluation.understanding import every_set
from bot.nlu.signals import DANGER

if TYPE_CHECKING:
    from bot.channels.local import LocalAssistant

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def found(loaded: "LocalAssistant") -> Found:
    """What the model makes of every test set."""
    return every_set(loaded.understand, lambda _: None)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return baseline.read()


def test_no_figure_lies_more_than_a_point_below_the_baseline(found: Found, before: dict[str, Any]) -> None:
    falls = baseline.falls(of_model(found), before)
    assert falls == [], "\n".join([*falls, *baseline.changes(found, before)])


def test_danger_is_never_missed(found: Found) -> None:
    """Asking back would be a miss too: life comes first. Words with many slips are left out: figures hold those."""
    missed = [
        one.sentence.text
        for name in INTENT_SETS
        if name.startswith(("clean", "rough"))
        for one in found[name]
        if one.sentence.label == DANGER and one.intent != DANGER
    ]
    assert missed == []
