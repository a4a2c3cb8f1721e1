"""The committed baseline of whole conversations and of danger: figures that must not fall."""

import json
from collections.abc import Mapping
from pathlib import Path

from bot.evaluation.baseline import ALLOWED
from bot.evaluation.conversation_sets import CONVERSATIONS
from bot.evaluation.danger_sets import AlarmFigures
from bot.evaluation.judged_turns import ConversationFigures

BASELINE = CONVERSATIONS / "baseline.json"


def conversation_figures_held(
    conversations: Mapping[str, ConversationFigures], alarms: Mapping[str, AlarmFigures]
) -> dict[str, float]:
    """The figures of the baseline by half; for each, greater is better."""
    held = {}
    for half, one in conversations.items():
        held[f"{half}: turns right"] = one.right
        held[f"{half}: follow-ups right"] = one.follow_ups
    for half, found in alarms.items():
        held[f"{half}: danger noticed"] = 1 - found.danger_missed / found.danger
        held[f"{half}: despair noticed"] = 1 - found.despair_missed / found.despair
        held[f"{half}: harmless let be"] = 1 - found.false_alarms / found.harmless
    return held


def conversation_falls(now: Mapping[str, float], path: Path = BASELINE) -> list[str]:
    """The figures more than a percentage point below the baseline, one line each; empty where there are none."""
    before: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return [
        f"{name}: {now.get(name, 0.0):.3f}, {value:.3f} in the baseline"
        for name, value in before.items()
        if now.get(name, 0.0) < value - ALLOWED
    ]


def write_conversation_baseline(now: Mapping[str, float], path: Path = BASELINE) -> None:
    """Make figures the baseline."""
    content = {name: round(value, 4) for name, value in now.items()}
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
