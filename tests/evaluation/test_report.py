"""The report: complete, with goals, charts and no markup from sentences (HTML escaping)."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import evaluation_report
from bot.evaluation.understanding_figures import Found, of_groups


def content(found: Found) -> dict[str, Any]:
    """A report without the slow measurements."""
    return {
        "made": "2026-11-24T12:00+02:00",
        "model": "assistant-0.tar.gz",
        "training_seconds": 70.0,
        "stock_training_seconds": None,
        "models": {"ours": of_groups(found)},
        "latency": {"sentences": 5, "median_ms": 5.0, "p95_ms": 60.0},
        "learning_curve": [{"share": 1.0, "examples": 10, "lv": 0.9, "en": 0.9}],
        "changes": ["newly wrong, clean.lv: '<script>' is taken for a"],
    }


@pytest.fixture
def written(found: Found, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    page, data = evaluation_report.write(content(found), found, tmp_path)
    return page.read_text(encoding="utf-8"), json.loads(data.read_text(encoding="utf-8"))


def test_the_page_has_its_four_pictures(written: tuple[str, dict[str, Any]]) -> None:
    assert written[0].count("<svg") == 4


def test_sentences_are_text_on_the_page(written: tuple[str, dict[str, Any]]) -> None:
    assert "<script>" not in written[0]
    assert "&lt;script&gt;" in written[0]


@pytest.mark.parametrize(
    ("figure", "met"),
    [("clean lv", True), ("training", False), ("parse median", True), ("parse p95", False)],
)
def test_a_goal_is_met_or_missed(written: tuple[str, dict[str, Any]], figure: str, met: bool) -> None:
    assert next(row for row in written[1]["goals"] if row["figure"] == figure)["met"] is met


def test_a_missed_goal_says_by_how_much_and_why(written: tuple[str, dict[str, Any]]) -> None:
    row = next(row for row in written[1]["goals"] if row["figure"] == "training")
    assert (row["short_by"], bool(row["why"])) == (10.0, True)


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed(written: tuple[str, dict[str, Any]]) -> None:
    assert next(row for row in written[1]["goals"] if row["figure"] == "worst lead over stock")["met"] is None
