"""Cache keys for Rasa's training cache, which does not notice changes in a component's modules and data files."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from bot.settings import PROJECT

# The components that learn something; their modules, since Rasa sees only the class, and all that these import.
TRAINED = ("bot.nlu.intent_classifier", "bot.nlu.language_identifier")
ROOMS = ("bot.nlu", "bot.words", "bot.sentence_vectors", "bot.domain_names", "bot.parse_result")
# What the components' modules import only for messages, never for training; a test looks at that.
AT_RUN_TIME = (
    "bot.nlu.alarm_listener",
    "bot.nlu.fingerprint",
    "bot.nlu.input_limits",
    "bot.nlu.politeness",
    "bot.nlu.progress",  # tells how far it is
    "bot.nlu.published_questions",
    "bot.nlu.several_questions",
    "bot.nlu.titles",
)


def content_digest(paths: Iterable[Path] = ()) -> str:
    """A digest (hash) of these files and of the modules by which components are trained.

    Rasa compares only a component's class and configuration. Without this digest, a change in `linear.py` or in a word
    list would still use the old result from the cache.
    """
    seen = hashlib.sha256()
    for path in [*map(file_of, training_modules()), *sorted(paths)]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


@lru_cache(maxsize=1)
def training_modules() -> tuple[str, ...]:
    """The dotted names of the modules by which components are trained, found by their imports."""
    found, open_ones = set(TRAINED), list(TRAINED)
    while open_ones:
        for name in imported_by(open_ones.pop()):
            if name not in found and name not in AT_RUN_TIME:
                found.add(name)
                open_ones.append(name)
    return tuple(sorted(found))


def imported_by(module: str) -> Iterator[str]:
    """The modules of these rooms that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(file_of(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                name = whole if file_of(whole).is_file() else node.module
                if name.startswith(ROOMS) and file_of(name).is_file():
                    yield name


def file_of(module: str) -> Path:
    """Where a module is."""
    return PROJECT / Path(*module.split(".")).with_suffix(".py")
