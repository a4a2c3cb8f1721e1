"""Adds an accepted sentence to the training data as one new line, and leaves every other byte unchanged.

ruamel.yaml round-trips our files, but turns CRLF into LF. So PyYAML only locates the examples of an intent, the line is
inserted there as text, and the result is parsed again before it replaces the file.
"""

import fcntl
import os
import re
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.calls.review_queue import normalised
from bot.data_files import FastSafeLoader
from bot.settings import LANGUAGES, PROJECT
from bot.training.sentences import FOLDER, TRAINING, held_out, training_files
from bot.words.text import clean, fold, without_diacritics

MARK = re.compile(r"\[[^\[\]]*\]|[\[\]]")  # redaction marks such as [name]; to Rasa, brackets mean an entity
_BREAKS = "\r\n\x85\u2028\u2029"  # line breaks of YAML
_LINE = re.compile(rf"([^{_BREAKS}]*)(\r\n|[{_BREAKS}]|\Z)")
_EXAMPLE = re.compile(r"( *)- ?(.*)")
_LATVIAN = " abcčdefgģhiyjkķlļmnņopqrŗsštuvwxzž"
_LONG = str.maketrans("āēīōū", "aeiou")
Order = Callable[[str], Any]


class TrainingFileError(ValueError):
    """A sentence cannot be added; the message says why, in one sentence."""


class ExampleLine(NamedTuple):
    """An example in its file: `number` is its line, from 1; `end` is the offset after its line break."""

    text: str
    number: int
    end: int


@dataclass(frozen=True)
class _Examples:
    """The examples of an intent in a file's content; `body` is the offset at which the first line begins."""

    intent: str
    body: int
    indent: str
    lines: tuple[ExampleLine, ...]

    def at(self, path: Path) -> "Block":
        return Block(self.intent, self.body, self.indent, self.lines, path)


@dataclass(frozen=True)
class Block(_Examples):
    """The examples of an intent in a file."""

    path: Path


def _latvian(text: str) -> tuple[list[int], str]:
    """Sort key of the Latvian alphabet (collation): č comes after all of c, long vowels sort like short ones."""
    folded = text.casefold()
    return [_LATVIAN.find(character) for character in folded.translate(_LONG)], folded


# The most likely order first: a short block is often sorted by several.
_ORDERS: tuple[Order, ...] = (lambda text: without_diacritics(text.casefold()), str.casefold, str)
_ORDERS_OF: dict[str, tuple[Order, ...]] = {"lv": (_latvian, *_ORDERS)}


def add_example(text: str, language: str, intent: str, folder: Path = TRAINING) -> Path:
    """Add a sentence to an intent's block: in sort order if the block is sorted, else at its end.

    Args:
        text: a sentence without brackets; white space is collapsed, invisible characters are removed.
        folder: contains a folder of `.yml` files for each language.

    Returns:
        The file that now contains the sentence; it was replaced atomically.

    Raises:
        TrainingFileError: the intent or language is unknown, the sentence has brackets or no words, it is in the
            training data or a test set already, or the file cannot be read or written.
    """
    check_intent(language, intent, folder)
    sentence = _checked(text)
    with _only_writer(folder):
        blocks = {code: _blocks(folder / code) for code in LANGUAGES}
        _refuse_known(sentence, language, intent, blocks)
        block = next(block for block in blocks[language] if block.intent == intent)
        before = _read(block.path)
        place = _place(sentence, [line.text for line in block.lines], _ORDERS_OF.get(language, _ORDERS))
        after = _with_line(before, block, place, sentence)
        _refuse_other_changes(before, after, block, place, sentence)
        _replace(block.path, after)
    return block.path


def check_intent(language: str, intent: str, folder: Path = TRAINING) -> None:
    """Check that there are examples of an intent, or of a question within one, in a language.

    Raises:
        TrainingFileError: the language or the intent is unknown, or the intent has only questions; the message lists
            what is known.
    """
    if language not in LANGUAGES:
        raise TrainingFileError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    known = sorted({block.intent for block in _blocks(folder / language)})
    if questions := [one for one in known if one.startswith(f"{intent}/")]:
        if intent not in known:
            raise TrainingFileError(f"{intent!r} has questions; name the one that is meant: {', '.join(questions)}.")
    elif intent not in known:
        raise TrainingFileError(f"There is no intent {intent!r}; there are {', '.join(known) or 'none'}.")


def _checked(text: str) -> str:
    sentence = clean(text)
    if mark := MARK.search(sentence):
        raise TrainingFileError(
            f"{sentence!r} has {mark.group()!r}, and no brackets may get into the training data; "
            "write something made up in its place."
        )
    if not fold(sentence):
        raise TrainingFileError(f"{sentence!r} has no words to learn from.")
    return sentence


def _refuse_known(sentence: str, language: str, intent: str, blocks: dict[str, list[Block]]) -> None:
    """Refuse what tests/nlu/test_training_data.py would report: duplicates, or a sentence of a test set."""
    key, folded = _forms(sentence)
    for code, block in [(code, block) for code, several in blocks.items() for block in several]:
        for line in block.lines:
            line_key, line_folded = _forms(line.text)
            same = code == language and line_key == key
            if same or (block.intent != intent and line_folded == folded):
                place = f"{_shown(block.path)}:{line.number}"
                raise TrainingFileError(f"{sentence!r} is in {place} already, as {block.intent}.")
    if test := _held_out().get(key) or _held_out().get(folded):
        raise TrainingFileError(f"{sentence!r} is in the test set {test}, which must not be trained on.")


@lru_cache(maxsize=262_144)  # more than there are examples; reviewing asks for all of them with each sentence
def _forms(text: str) -> tuple[str, str]:
    return normalised(text), fold(text)


@lru_cache(maxsize=1)
def _held_out() -> dict[str, str]:
    """The place of each test sentence, by its normalised and folded text."""
    names = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.yml"))
    sentences = [one for name in names for one in held_out(name)]
    return {form: one.place for one in sentences for form in _forms(one.text) if form}


def _place(sentence: str, texts: list[str], orders: tuple[Order, ...]) -> int:
    """How many of the texts come before the sentence: by the order they are sorted in, else all."""
    for order in orders:
        if texts == sorted(texts, key=order):
            return bisect_right(texts, order(sentence), key=order)
    return len(texts)


def _with_line(content: str, block: Block, place: int, sentence: str) -> str:
    """The content with the sentence after `place` examples of the block."""
    at = block.lines[place - 1].end if place else block.body
    line = f"{block.indent}- {sentence}"
    ending = next((found.group(2) for found in _LINE.finditer(content) if found.group(2)), "\n")
    # Where the file ends without a line break, it still does afterwards.
    added = line + ending if content[at - 1] in _BREAKS else ending + line
    return content[:at] + added + content[at:]


def _refuse_other_changes(before: str, after: str, block: Block, place: int, sentence: str) -> None:
    """Check that YAML parses to the same content as before, plus the sentence."""
    expected = [(one.intent, [line.text for line in one.lines]) for one in _parsed(before, block.path)]
    next(texts for intent, texts in expected if intent == block.intent).insert(place, sentence)
    if expected != [(one.intent, [line.text for line in one.lines]) for one in _parsed(after, block.path)]:
        raise TrainingFileError(f"{_shown(block.path)}: {sentence!r} cannot be added without other changes.")


def _blocks(folder: Path) -> list[Block]:
    return [block for path in training_files(folder) for block in _parsed(_read(path), path)]


def _parsed(content: str, path: Path) -> tuple[Block, ...]:
    try:
        return tuple(block.at(path) for block in _layout(content))
    except TrainingFileError as error:
        raise TrainingFileError(f"{_shown(path)}{error}") from error.__cause__


# Of all files, one changes with each added sentence. By content alone, so that a copy of a file is not parsed again.
@lru_cache(maxsize=128)
def _layout(content: str) -> tuple[_Examples, ...]:
    """The blocks of a file's content. Its errors go on from the file's name."""
    try:
        root = yaml.compose(content, Loader=FastSafeLoader)
    except yaml.YAMLError as error:
        raise TrainingFileError(f" is not readable as YAML: {' '.join(str(error).split())}.") from error
    try:
        entries = {key.value: node.value for key, node in root.value}.get("nlu", []) if root else []
        parts = [{name.value: (name, node) for name, node in entry.value} for entry in entries]
    except (AttributeError, TypeError, ValueError) as error:  # a list, mapping or text where another type is expected
        raise TrainingFileError(" is no training data: 'nlu:' has a list of intents.") from error
    return tuple(_examples(content, of_entry) for of_entry in parts if "intent" in of_entry)


def _examples(content: str, parts: dict[str, Any]) -> _Examples:
    intent = str(parts["intent"][1].value)
    name, node = parts.get("examples", (None, None))
    header = _LINE.match(content, node.start_mark.index) if getattr(node, "style", None) == "|" else None
    if header is None:
        raise TrainingFileError(f": the examples of {intent} are no block of lines ('examples: |').")
    indent, lines = " " * (name.start_mark.column + 2), []
    found = _LINE.finditer(content, header.end(), node.end_mark.index)
    for number, match in enumerate(found, node.start_mark.line + 2):
        if example := _EXAMPLE.fullmatch(match.group(1)):
            indent = example.group(1)
            lines.append(ExampleLine(example.group(2).strip(), number, match.end()))
    return _Examples(intent, header.end(), indent, tuple(lines))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingFileError(f"{_shown(path)} cannot be read ({getattr(error, 'strerror', 'no UTF-8')}).") from error


def _replace(path: Path, content: str) -> None:
    """Write a temporary file beside the old one and rename it (atomic), so that nobody reads half a file."""
    target, beside = path.resolve(), None
    try:
        # Because of the suffix, Rasa does not read it.
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".tmp", delete=False) as file:
            beside = Path(file.name)
            file.write(content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise TrainingFileError(f"{_shown(path)} cannot be written ({error.strerror}).") from error


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Lock the folder for the block: of two concurrent additions, one would be lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)
