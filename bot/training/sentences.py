"""Reads the held-out test sets of `data/held_out`, never trained on, and the training examples of `data/nlu`."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.data_files import IN_CONVERSATION, FastSafeLoader
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import without_diacritics

FOLDER = PROJECT / "data" / "held_out"
TRAINING = PROJECT / "data" / "nlu"


def _in_both(*kinds: str, folder: str = "") -> tuple[str, ...]:
    return tuple(f"{folder}{kind}.{language}" for kind in kinds for language in LANGUAGES)


@dataclass(frozen=True)
class Group:
    """Test sets that are reported together.

    Attributes:
        intents: sets of sentences with one intent each; questions: sets of messages with one or two questions.
        places: a set of messages with the places they name; others: a set of sentences in other languages.
    """

    name: str
    intents: tuple[str, ...]
    questions: tuple[str, ...]
    places: str | None = None
    others: str | None = None

    @property
    def sets(self) -> tuple[str, ...]:
        """The names of all sets."""
        return (*self.intents, *self.questions, *(name for name in (self.places, self.others) if name))


# Goals are set for the untouched group (test set). The development group was looked at while data and settings changed.
UNTOUCHED = Group(
    "untouched",
    _in_both("clean", "bare", "slips", "spoken", "scope", "talk", folder="untouched/"),
    _in_both("doubles", "single", folder="untouched/"),
    places="untouched/places",
)
DEVELOPMENT = Group(
    "development",
    (*_in_both("clean", "bare", "slips", "spoken", "rough", "scope", "talk"), "border", "mixed"),
    _in_both("doubles", "single"),
    places="places",
    others="others",
)
GROUPS = (UNTOUCHED, DEVELOPMENT)
SETS = tuple(name for group in GROUPS for name in group.sets)


@dataclass(frozen=True)
class Sentence:
    """A sentence with its file and line.

    `label` is its intent; in others.yml its language; in doubles.*.yml its two intents, and in places.yml the named
    places in the order of their names, joined by "+".
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
    """The sentences of one test set.

    `bare` is `clean` without diacritics; every other set is a file: a mapping (intent → sentences) or a list (one
    mapping a sentence).
    """
    if "bare." in name:
        return [replace(one, text=without_diacritics(one.text)) for one in held_out(name.replace("bare", "clean"))]
    path = FOLDER / f"{name}.yml"
    root = _composed(path)
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
        several = values.get("intents") or sorted(values.get("places", []), key=lambda node: str(node.value))
        label = values.get("intent") or "+".join(node.value for node in several)
        found.append(Sentence(values["text"], label, values.get("language", language), path, line))
    return found


def held_out_texts() -> list[str]:
    """The sentences of all test sets."""
    return [one.text for name in SETS for one in held_out(name)]


def _composed(path: Path) -> Any:
    """The file's nodes, which know their lines.

    Raises:
        ValueError: the file is empty.
    """
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=FastSafeLoader)
    if root is None:
        raise ValueError(f"{path} is empty.")
    return root


def training_files(folder: Path) -> list[Path]:
    """The files of a language's examples: those of plain sentences, then those of messages from conversations."""
    return [*sorted(folder.glob("*.yml")), *sorted((folder / IN_CONVERSATION).glob("*.yml"))]


def training(language: str) -> list[Sentence]:
    """All training examples of one language."""
    found = []
    for path in training_files(TRAINING / language):
        root = _composed(path)
        for key, entries in root.value:
            if key.value == "nlu":
                for entry in entries.value:
                    found += _examples(entry, language, path)
    return found


def _examples(entry: Any, language: str, path: Path) -> list[Sentence]:
    parts = {key.value: value for key, value in entry.value}
    intent = parts["intent"].value.partition("/")[0]  # without the question within it
    first = parts["examples"].start_mark.line + 2  # the block's text begins on the line after "examples: |"
    return [
        Sentence(line.removeprefix("- ").strip(), intent, language, path, number)
        for number, line in enumerate(parts["examples"].value.splitlines(), first)
        if line.strip()
    ]
