"""The outcome of a benchmark: figures, and goals that are met or missed."""

import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import now


@dataclass(frozen=True)
class Goal:
    """A goal in words, and whether it was met."""

    goal: str
    reached: str
    met: bool


@dataclass(frozen=True)
class Outcome:
    """The result of one benchmark.

    Attributes:
        columns, rows: a table for people.
        figures: everything that was measured, for programs.
        chart: an SVG chart of it, or none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: dict[str, Any]
    goals: tuple[Goal, ...]
    chart: str = ""


def write(name: str, outcome: Outcome, folder: Path) -> Path:
    """Write `bench-NAME.json` into a folder: {"made", "machine", "figures", "goals"}, and its chart beside it.

    Returns:
        The path of the JSON file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "made": now().isoformat(timespec="minutes"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "figures": outcome.figures,
        "goals": [vars(goal) for goal in outcome.goals],
    }
    path = folder / f"bench-{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if outcome.chart:
        path.with_suffix(".svg").write_text(outcome.chart, encoding="utf-8")
    return path
