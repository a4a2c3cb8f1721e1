"""The baseline: what counts as a regression, and that changed sentences are listed."""

from pathlib import Path
from typing import Any

import pytest
from made_up import result

from bot.evaluation import baseline
from bot.evaluation.understanding_figures import Found
from bot.training.sentences import UNTOUCHED


@pytest.fixture
def before(found: Found, tmp_path: Path) -> dict[str, Any]:
    baseline.write(found, tmp_path / "baseline.json")
    return baseline.read(tmp_path / "baseline.json")


def test_the_same_results_do_not_fall(found: Found, before: dict[str, Any]) -> None:
    assert (baseline.falls(found, before), baseline.changes(found, before)) == ([], [])


def test_a_fall_names_its_figure(found: Found, before: dict[str, Any]) -> None:
    found["clean.lv"][0] = result("clean.lv", 0, "b")
    assert "development: accuracy clean.lv: 0.900, 1.000 in the baseline" in baseline.falls(found, before)


def test_a_newly_wrong_sentence_is_named(found: Found, before: dict[str, Any]) -> None:
    found["spoken.en"][3] = result("spoken.en", 3, "b")
    assert baseline.changes(found, before) == ["newly wrong, spoken.en: 'spoken.en sentence number 3' is taken for b"]


def test_a_newly_right_sentence_is_named(found: Found, before: dict[str, Any]) -> None:
    before["wrong"]["border"]["border sentence number 2"] = "b"
    assert baseline.changes(found, before) == ["newly right, border: 'border sentence number 2'"]


@pytest.mark.parametrize(("fallen", "held"), [(0.009, True), (0.02, False)])
def test_a_figure_may_fall_by_one_point(found: Found, before: dict[str, Any], fallen: float, held: bool) -> None:
    before["figures"]["untouched: language en"] = 1.0 + fallen
    assert (baseline.falls(found, before) == []) is held


def test_more_in_scope_turned_away_is_a_fall(found: Found, before: dict[str, Any]) -> None:
    for name in UNTOUCHED.intents:
        found[name][0] = result(name, 0, "out_of_scope")
    assert any("in scope not turned away" in line for line in baseline.falls(found, before))
