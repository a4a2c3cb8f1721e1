"""The text of a message around a contract number or a code, which otherwise dominates the classifier's guess."""

import re
from functools import lru_cache

from bot.words.kinds_of_number import LEAST_DIGITS
from bot.words.lexicon import lexicon
from bot.words.text import without_diacritics

_NUMBER = rf"\d(?:[\s.\-–—/]{{0,2}}\d){{{LEAST_DIGITS - 1},}}"


def has_number(text: str) -> bool:
    """Whether a text contains a number with at least as many digits as a code."""
    return re.search(_NUMBER, text) is not None


def beside_numbers(text: str) -> str | None:
    """The text without long numbers and the words that introduce them; None where it has none, or nothing else."""
    plain = without_diacritics(text.lower())
    if len(plain) != len(text) or not _numbers().search(plain):
        return None
    left, place = [], 0
    for match in _numbers().finditer(plain):
        left.append(text[place : match.start()])
        place = match.end()
    rest = " ".join("".join([*left, " ", text[place:]]).split()).strip(" ,;:.-–")
    return rest if any(map(str.isalpha, rest)) else None


@lru_cache(maxsize=1)
def _numbers() -> re.Pattern[str]:
    return re.compile(rf"(?:\b(?:{lexicon('words')['leads_to_number']})\b[\s:.#,]*)*{_NUMBER}")
