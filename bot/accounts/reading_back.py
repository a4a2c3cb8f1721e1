"""Confirmation of a contract number from speech: the caller's answer when it is read back."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.accounts.given_numbers import contract_numbers, corrected_number
from bot.words.lexicon import lexicon, yes_or_no
from bot.words.spoken_digits import in_figures

FEW = 3  # words


@dataclass(frozen=True)
class Verdict:
    """A caller's answer to a number that was read back.

    Attributes:
        is_right: True for yes, False for no, None where the answer is neither.
        instead: the correct number, where the caller gave it.
    """

    is_right: bool | None
    instead: str | None = None


def verdict(number: str, text: str, language: str, agrees: bool | None) -> Verdict:
    """Judge an answer.

    Args:
        number: the one that was read back.
        agrees: whether the whole answer is a yes (True) or a no (False) by its intent; None for neither.
    """
    said = agreement(text, language)
    is_right = agrees if said is None else said
    instead = corrected_number(number, text, language) if is_right is not None or _is_number(text, language) else None
    if instead == number and number in contract_numbers(text, language):
        return Verdict(is_right is not False, None if is_right is not False else number)
    return Verdict(False, instead) if instead and instead != number else Verdict(is_right)


def _is_number(text: str, language: str) -> bool:
    """Whether a text is a number with few other words ("it ends in 034"), and so not part of another question."""
    words = re.findall(r"[^\W\d]+", in_figures(text, language))
    return len(words) <= FEW or bool(contract_numbers(text, language))


def agreement(text: str, language: str) -> bool | None:
    """Whether a text says that something is right (True) or wrong (False); None where it says neither."""
    if _words("wrong").search(text):
        return False
    begins = yes_or_no(text, language)
    return True if begins is None and _words("right").search(text) else begins


@lru_cache(maxsize=2)
def _words(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon('numbers')[kind]})\b", re.IGNORECASE)
