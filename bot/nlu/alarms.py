"""Keyword rules for danger and despair, which override the model: a threat to life, a fire, a cry for help, suicide."""

import re
from functools import lru_cache
from typing import Any

from bot.words.lexicon import PhraseFinder, document, lexicon, word_pattern

DANGER = ("life_support", "alarm")  # parts of data/lexicon/words.yml


def names_danger(text: str, language: str) -> bool:
    """Whether a text names a life-support device, reports a fire, or cries for help."""
    doc = document(text, language)
    words = [token.norm_ for token in doc if not token.is_punct and not token.is_space]
    return bool(_phrases(*DANGER).find(doc)) or _is_cry(words) or _burns(words)


def names_despair(text: str, language: str) -> bool:
    """Whether a text says that somebody wants to die."""
    return bool(_phrases("despair").find(document(text, language)))


def _is_cry(words: list[str]) -> bool:
    """Whether a text is only a cry: "palīgā", "help, fire", "112". Otherwise the model decides ("help me pay")."""
    cry, beside = (_whole(lexicon("words")["alarm_alone"][part]) for part in ("cry", "beside"))
    return any(map(cry.match, words)) and all(cry.match(word) or beside.match(word) for word in words)


def _burns(words: list[str]) -> bool:
    """Whether something burns that should not."""
    burning, harmless = (_whole(lexicon("words")["fire"][part]) for part in ("burning", "harmless"))
    return any(map(burning.match, words)) and not any(map(harmless.match, words))


@lru_cache(maxsize=2)
def _phrases(*kinds: str) -> PhraseFinder:
    entries = [entry for kind in kinds for entry in lexicon("words")[kind]]
    return PhraseFinder({"alarm": [pattern for entry in entries for pattern in _patterns(entry)]})


def _patterns(entry: str | list[str] | dict[str, str]) -> list[list[dict[str, Any]]]:
    """Token patterns of one entry: a word, successive words ("?" is optional), or pairs with or without a dash."""
    if isinstance(entry, str):
        return [[word_pattern(entry)]]
    if isinstance(entry, list):
        return [[word_pattern(word.removesuffix("?"), optional=word.endswith("?")) for word in entry]]
    dash = {"TEXT": {"REGEX": "^[-–]$"}, "OP": "?"}
    return [[word_pattern(first), dash, word_pattern(second)] for first, second in entry.items()]


@lru_cache(maxsize=8)
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^{pattern}$")
