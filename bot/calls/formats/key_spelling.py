"""Normalises keys: a format's libraries may spell them in another case than its documentation."""

import re
from collections.abc import Callable
from typing import Any

_UNDERSCORE = re.compile(r"_+([a-z0-9])")


def in_camel_case(content: Any) -> Any:
    """A document with `startTime` for each `start_time`."""
    return _renamed(content, lambda key: _UNDERSCORE.sub(lambda found: found[1].upper(), key))


def with_small_initials(content: Any) -> Any:
    """A document with `recognizedPhrases` for each `RecognizedPhrases`."""
    return _renamed(content, lambda key: key[:1].lower() + key[1:])


def _renamed(content: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(content, list):
        return [_renamed(each, rename) for each in content]
    if not isinstance(content, dict):
        return content
    # Keys in the target spelling come last, so that they win where both spellings occur.
    pairs = sorted(((rename(key), key, value) for key, value in content.items()), key=lambda pair: pair[0] == pair[1])
    return {name: _renamed(value, rename) for name, _, value in pairs}
