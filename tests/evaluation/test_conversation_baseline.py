"""Whole conversations and danger, compared with the committed baseline (`bot evaluate --conversations --accept`)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.evaluation.conversation_baseline import (
    conversation_falls,
    conversation_figures_held,
    write_conversation_baseline,
)
from bot.evaluation.conversation_sets import DEVELOPMENT, UNTOUCHED, held_out_conversations
from bot.evaluation.danger_sets import HALVES, AlarmFigures, alarm_figures, read_alarms
from bot.evaluation.held_conversations import held
from bot.evaluation.judged_turns import figures_of

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

ALARMS = AlarmFigures(100, 3, 20, 2, 200, 1)


def test_a_figure_may_fall_by_a_point(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_conversation_baseline({"untouched: turns right": 0.6}, path)
    assert conversation_falls({"untouched: turns right": 0.591}, path) == []
    assert conversation_falls({"untouched: turns right": 0.589}, path) == [
        "untouched: turns right: 0.589, 0.600 in the baseline"
    ]
    assert conversation_falls({}, path) == ["untouched: turns right: 0.000, 0.600 in the baseline"]


def test_shares_of_danger() -> None:
    assert conversation_figures_held({}, {"untouched": ALARMS}) == {
        "untouched: danger noticed": 0.97,
        "untouched: despair noticed": 0.9,
        "untouched: harmless let be": 0.995,
    }


def test_a_line_without_a_label_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.lv.tsv").write_text("Mums deg māja\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no label and message"):
        read_alarms("x", tmp_path)


@pytest.mark.model
def test_no_figure_lies_more_than_a_point_below_the_baseline(loaded: "LocalAssistant", database: str) -> None:
    figures = {
        group: figures_of(held(loaded, held_out_conversations(group), lambda _: None, database))
        for group in (DEVELOPMENT, UNTOUCHED)
    }
    alarms = {half: alarm_figures(loaded.parse, half) for half in HALVES}
    now = conversation_figures_held(figures, alarms)
    assert conversation_falls(now) == [], json.dumps(now, indent=1)
