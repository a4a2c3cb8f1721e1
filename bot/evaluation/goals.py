"""Compares the goals of NLU (`goals.yml`) with the measured figures."""

from pathlib import Path
from typing import Any

import yaml

from bot.training.sentences import UNTOUCHED

GOALS = Path(__file__).parent / "goals.yml"


def measured(report: dict[str, Any]) -> dict[str, float | None]:
    """The figures that have goals, by name; None for those that this run did not measure."""
    ours = report["models"]["ours"][UNTOUCHED.name]
    values: dict[str, float | None] = {}
    for language in ("lv", "en"):
        right = {name.removeprefix(f"{UNTOUCHED.name}/"): one["accuracy"] for name, one in ours["sets"].items()}
        clean = right[f"clean.{language}"]
        values[f"clean {language}"] = clean
        for kind in ("bare", "slips", "spoken"):
            values[f"{kind} below clean {language}"] = clean - right[f"{kind}.{language}"]
        values[f"language {language}"] = ours["language"][language]
        values[f"both questions {language}"] = ours["questions"][f"{UNTOUCHED.name}/doubles.{language}"]["none_missed"]
    values["places"] = ours["places"]["right"]
    values["out of scope caught"] = ours["scope"]["caught"]
    values["in scope turned away"] = ours["scope"]["turned_away"]
    values["parse median"] = (report.get("latency") or {}).get("median_ms")
    values["parse p95"] = (report.get("latency") or {}).get("p95_ms")
    values["training"] = report.get("training_seconds")
    stock = report["models"].get("stock")
    values["worst lead over stock"] = stock and min(
        one["accuracy"] - stock[UNTOUCHED.name]["sets"][name]["accuracy"] for name, one in ours["sets"].items()
    )
    return values


def compared(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Each goal with the figure reached: {"goal", "figure", "wanted", "reached", "met", "short_by", "why"}."""
    values, rows = measured(report), []
    for goal in yaml.safe_load(GOALS.read_text(encoding="utf-8"))["goals"]:
        for figure in goal["figures"]:
            value = values[figure]
            least, most = goal.get("at_least"), goal.get("at_most")
            short = None
            if value is not None:
                short = max(0.0, least - value if least is not None else value - most)
            rows.append(
                {
                    "goal": goal["goal"],
                    "figure": figure,
                    "wanted": f"≥ {least}" if least is not None else f"≤ {most}",
                    "reached": value,
                    "met": None if short is None else short == 0.0,
                    "short_by": short,
                    "why": goal.get("why", "") if short else "",
                }
            )
    return rows
