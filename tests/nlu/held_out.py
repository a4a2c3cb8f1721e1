"""Reads the held-out test sentences of this folder and the training sentences of `data/nlu`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import LANGUAGES, PROJECT

FOLDER = Path(__file__).parent
TRAINING = PROJECT / "data" / "nlu"


@dataclass(frozen=True)
class Sentence:
    """A sentence with the place where it stands.

    `label` is its intent; in others.yml its language; in doubles.*.yml the two intents asked for, joined by "+".
    """

    text: str
    label: str
    language: str | None
    path: Path
    line: int

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.path.relative_to(PROJECT)}:{self.line}"


def held_out(name: str) -> list[Sentence]:
    """The sentences of one test file, mapping (intent → sentences) or list (one mapping a sentence)."""
    path = FOLDER / f"{name}.yml"
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    language = next((code for code in LANGUAGES if path.stem.endswith(f".{code}")), None)
    if isinstance(root, yaml.MappingNode):
        return [
            Sentence(item.value, key.value, language, path, item.start_mark.line + 1)
            for key, items in root.value
            for item in items.value
        ]
    found = []
    for entry in root.value:
        values: dict[str, Any] = {key.value: value.value for key, value in entry.value}
        line = entry.start_mark.line + 1
        label = values.get("intent") or "+".join(node.value for node in values["intents"])
        found.append(Sentence(values["text"], label, values.get("language", language), path, line))
    return found


def training(language: str) -> list[Sentence]:
    """Every training sentence of one language."""
    found = []
    for path in sorted((TRAINING / language).glob("*.yml")):
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        for key, entries in root.value:
            if key.value == "nlu":
                for entry in entries.value:
                    found += _examples(entry, language, path)
    return found


def _examples(entry: Any, language: str, path: Path) -> list[Sentence]:
    parts = {key.value: value for key, value in entry.value}
    first = parts["examples"].start_mark.line + 2  # the block's text begins on the line after "examples: |"
    return [
        Sentence(line.removeprefix("- ").strip(), parts["intent"].value, language, path, number)
        for number, line in enumerate(parts["examples"].value.splitlines(), first)
        if line.strip()
    ]
