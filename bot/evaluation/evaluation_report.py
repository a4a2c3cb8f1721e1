"""Writes the evaluation report: HTML for people, JSON for programs."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation import charts
from bot.evaluation.goals import compared
from bot.evaluation.understanding_figures import Found, different
from bot.training.sentences import UNTOUCHED

TEMPLATE = "report.html.j2"


def write(report: dict[str, Any], found: Found, folder: Path) -> tuple[Path, Path]:
    """Write `nlu.html` and `nlu.json` into a folder; returns both paths.

    Args:
        report: {"made", "model", "models": {name: {group: figures}}, "latency", "training_seconds", "learning_curve",
            "changes"}; None for anything that was not measured.
        found: our own model's parses of each set.
    """
    report = report | {"goals": compared(report)}
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "nlu.json"
    data.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    untouched = {name: groups[UNTOUCHED.name] for name, groups in report["models"].items()}
    pictures = {
        "confusion": charts.confusion(different(found, UNTOUCHED)),
        "scope": charts.scope(untouched),
        "reliability": charts.reliability(untouched),
        "curve": charts.curve(report["learning_curve"]) if report["learning_curve"] else "",
    }
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = folder / "nlu.html"
    page.write_text(environment.get_template(TEMPLATE).render(report=report, pictures=pictures), encoding="utf-8")
    return page, data
