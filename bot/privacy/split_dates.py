"""A date of birth split over messages: "22.10", "1985", "is when I was born"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.privacy.dates import day, year
from bot.privacy.normalised_text import bare
from bot.privacy.split_labels import announced, echoed
from bot.words.dates_in_figures import YEAR
from bot.words.lexicon import lexicon

KIND = "birth date"
_DONE = f"[{KIND}]"
_PIECE = rf"\d{{1,2}}\.?|\d{{1,2}} ?[./-] ?\d{{1,2}}\.?|{YEAR}(?:\.? ?g(?:ad\w*|\.)?)?"
_BIRTHS = re.compile(r"(?:19\d\d|20[01]\d)\b")


def is_date_piece(text: str) -> bool:
    """Whether a message is only a day, a month, a year, or several of these."""
    return _piece().fullmatch(bare(text).strip(" ,;")) is not None


def goes_on_with_birth(text: str, before: Sequence[str]) -> bool:
    """Whether a message continues a date of birth that the messages before it, nearest first, started.

    Those before may be redacted already.
    """
    if not is_date_piece(text):
        return False
    for said in before:
        if said.strip(" .,;") == _DONE:
            continue
        return KIND in (announced(said), echoed(said)) or (said.rstrip(" .,;").endswith(_DONE) and _is_year(text))
    return False


def _is_year(text: str) -> bool:
    return _BIRTHS.match(text.strip()) is not None


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    return re.compile(rf"{_PIECE}|{lexicon('labelled')['month_names']}|{day()}|{year()}")
