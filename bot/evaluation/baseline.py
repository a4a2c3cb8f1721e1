"""The committed baseline (NLU regression test): figures that must not fall, and the sentences wrong at that time."""

import json
from pathlib import Path
from typing import Any

from bot.evaluation.understanding_figures import Found, of_groups
from bot.training.sentences import FOLDER, GROUPS, UNTOUCHED

BASELINE = FOLDER / "baseline.json"
ALLOWED = 0.01  # a figure may fall by one percentage point


def figures_held(found: Found) -> dict[str, float]:
    """The figures of the baseline; for each, greater is better."""
    return {
        f"{group}: {name}": value
        for group, figures in of_groups(found).items()
        for name, value in _of_group(figures).items()
    }


def _of_group(figures: dict[str, Any]) -> dict[str, float]:
    held = {f"accuracy {name}": one["accuracy"] for name, one in figures["sets"].items()}
    held |= {f"macro-F1 {name}": one["macro_f1"] for name, one in figures["sets"].items()}
    held |= {f"all questions found {name}": one["all_found"] for name, one in figures["questions"].items()}
    held |= {f"language {name}": share for name, share in figures["language"].items()}
    if figures["places"]:
        held["places"] = figures["places"]["right"]
    scope = figures["scope"]
    return held | {"out of scope caught": scope["caught"], "in scope not turned away": 1 - scope["turned_away"]}


def wrong_sentences(found: Found) -> dict[str, dict[str, str]]:
    """By set, the misclassified sentences with their predicted intents."""
    wrong = {
        name: {one.sentence.text: one.intent for one in found[name] if not one.right}
        for group in GROUPS
        for name in group.intents
    }
    questions = {
        name: {
            one.sentence.text: "+".join(sorted(one.intents))
            for one in found[name]
            if one.intents != set(one.sentence.label.split("+"))
        }
        for group in GROUPS
        for name in group.questions
    }
    places = {
        group.places: {
            one.sentence.text: "+".join(one.places)
            for one in found[group.places]
            if "+".join(one.places) != one.sentence.label
        }
        for group in GROUPS
        if group.places
    }
    return wrong | questions | places


def write(found: Found, path: Path = BASELINE) -> None:
    """Write the results as the new baseline."""
    content = {
        "figures": {name: round(value, 4) for name, value in figures_held(found).items()},
        "wrong": wrong_sentences(found),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path = BASELINE) -> dict[str, Any]:
    """Read the baseline that `write` wrote."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def falls(found: Found, before: dict[str, Any]) -> list[str]:
    """The figures more than a percentage point below the baseline, one line each; empty where there are none."""
    now = figures_held(found)
    return [
        f"{name}: {now.get(name, 0.0):.3f}, {value:.3f} in the baseline"
        for name, value in before["figures"].items()
        if now.get(name, 0.0) < value - ALLOWED
    ]


def changes(found: Found, before: dict[str, Any]) -> list[str]:
    """The sentences classified differently than in the baseline, newly wrong ones first, one line each.

    Of the untouched sets only how many: nobody is to learn from their sentences.
    """
    now, then = wrong_sentences(found), before["wrong"]
    worse = {
        name: [f"{text!r} is taken for {intent}" for text, intent in wrong.items() if text not in then.get(name, {})]
        for name, wrong in now.items()
    }
    better = {name: [repr(text) for text in wrong if text not in now.get(name, {})] for name, wrong in then.items()}
    return [*_listed("newly wrong", worse), *_listed("newly right", better)]


def _listed(what: str, found: dict[str, list[str]]) -> list[str]:
    lines = []
    for name, texts in found.items():
        is_untouched = name.startswith(f"{UNTOUCHED.name}/")
        shown = [f"{len(texts)} sentences"] if is_untouched and texts else texts
        lines += [f"{what}, {name}: {text}" for text in shown]
    return lines
