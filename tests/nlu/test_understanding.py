"""The trained model on held-out sentences, compared with the committed baseline (`bot evaluate --accept`)."""

from typing import TYPE_CHECKING, Any

import pytest

from bot.domain_names import Intent
from bot.evaluation import baseline
from bot.evaluation.understanding_figures import Found
from bot.evaluation.understood_sentences import every_set
from bot.training.sentences import SETS

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

DANGER_SETS = ("clean.lv", "clean.en", "rough.lv", "rough.en")
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def found(loaded: "LocalAssistant") -> Found:
    """What the model makes of every test set."""
    return every_set(loaded.parse, lambda _: None)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return baseline.read()


def test_no_figure_lies_more_than_a_point_below_the_baseline(found: Found, before: dict[str, Any]) -> None:
    falls = baseline.falls(found, before)
    assert falls == [], "\n".join([*falls, *baseline.changes(found, before)])


def test_danger_is_never_missed(found: Found) -> None:
    """A fallback would be a miss too: life comes first. The baseline covers the sets with typing errors."""
    missed = [
        one.sentence.text
        for name in SETS
        if name.endswith(DANGER_SETS)
        for one in found[name]
        if one.sentence.label == Intent.REPORT_DANGER and one.intent != Intent.REPORT_DANGER
    ]
    assert missed == []
