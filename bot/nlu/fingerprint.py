"""What Rasa's training cache cannot see by itself: the modules and files that a component is made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

MODULES = (
    "cascade.py",
    "linear.py",
    "text.py",
    "encoder.py",
    "lexicon.py",
    "signals.py",
    "questions.py",
    "slips.py",
    "spelling.py",
)


def content_digest(paths: Iterable[Path] = ()) -> str:
    """A digest of these files and of the modules that the components share.

    Rasa compares a component's class and configuration only, so without this a change in `linear.py` or in a word list
    would take the old result from the cache.
    """
    shared = [Path(__file__).parent / name for name in MODULES]
    seen = hashlib.sha256()
    for path in [*shared, *sorted(paths)]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()
