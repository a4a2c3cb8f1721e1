"""`bot evaluate --new-topics`: topics that are published after training, through the whole pipeline."""

import json
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from bot.commands.console import key_column, out, show_table
from bot.evaluation.new_topic_sets import DEVELOPMENT_TOPICS
from bot.evaluation.throwaway_database import throwaway_database
from bot.settings import LANGUAGES
from bot.training.trained_model import train

FILE = "new_topics.json"


def evaluate_new_topics(reports: Path, tell: Callable[[str], None]) -> None:
    """Publish and measure the topics of each half; writes reports/new_topics.json with the errors of one half."""
    from bot.evaluation.new_topic_figures import HALVES, NewTopicFigures, new_topic_figures
    from bot.rasa.local_assistant import LocalAssistant

    model = train(tell)
    with throwaway_database(tell) as database:
        understand = LocalAssistant(model).parse
        found: dict[str, list[NewTopicFigures]] = {
            half: new_topic_figures(understand, half, database, tell) for half in HALVES
        }
    content = {
        "model": model.name,
        "figures": {half: [one.as_json for one in figures] for half, figures in found.items()},
        # The other half is only counted: nobody is to learn from its sentences.
        "wrong": [vars(asked) for one in found[DEVELOPMENT_TOPICS] for asked in one.asked if not asked.right],
        "taken": [
            {"text": sentence.text, "label": sentence.label, "answered_by": topic, "examples": one.examples}
            for one in found[DEVELOPMENT_TOPICS]
            for sentence, topic in one.taken
        ],
    }
    reports.mkdir(parents=True, exist_ok=True)
    path = reports / FILE
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _show(content["figures"])  # type: ignore[arg-type]
    out.print(f"Report: {path}", markup=False, soft_wrap=True)


def _show(figures: dict[str, list[dict[str, float]]]) -> None:
    rights = [f"right {language}" for language in LANGUAGES]
    table = Table(key_column("half"), "examples", "right", *rights, "as another topic", "taken", "of which were right")
    for half, several in figures.items():
        for one in several:
            table.add_row(
                half,
                str(one["examples"]),
                f"{one['right']} of {one['sentences']}",
                *(f"{one[name]:.3f}" for name in rights),
                str(one["as another topic"]),
                f"{one['taken']} of {one['others']} ({one['taken share']:.4f})",
                str(one["taken that were right"]),
            )
    show_table(table)
