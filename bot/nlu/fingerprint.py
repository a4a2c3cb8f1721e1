"""Cache keys for Rasa's training cache, which does not notice changes in a component's modules and data files."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bot.settings import PROJECT

# By their dotted names, so that whoever renames a module finds it here too.
MODULES = (
    "bot.domain_names",
    "bot.nlu.annotations",
    "bot.nlu.aspects",
    "bot.nlu.cascade",
    "bot.nlu.danger_detector",
    "bot.nlu.encoder",
    "bot.nlu.example_weights",
    "bot.nlu.familiarity",
    "bot.nlu.linear",
    "bot.nlu.segments",
    "bot.nlu.slips",
    "bot.nlu.spelling",
    "bot.nlu.two_questions",
    "bot.parse_result",
    "bot.sentence_vectors.e5_file",
    "bot.sentence_vectors.onnx_engine",
    "bot.sentence_vectors.encoder_graph",
    "bot.sentence_vectors.tokens",
    "bot.words.lexicon",
    "bot.words.text",
)


def content_digest(paths: Iterable[Path] = ()) -> str:
    """A digest (hash) of these files and of the modules that the components share.

    Rasa compares only a component's class and configuration. Without this digest, a change in `linear.py` or in a word
    list would still use the old result from the cache.
    """
    shared = [PROJECT / Path(*name.split(".")).with_suffix(".py") for name in MODULES]
    seen = hashlib.sha256()
    for path in [*shared, *sorted(paths)]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()
