"""Typos in place names."""

from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

from spellchecker import SpellChecker

from bot.words.lexicon import lexicon

LONG = 6  # letters; a shorter word has many other words at edit distance one


@lru_cache(maxsize=1)
def place_slips() -> Mapping[str, str]:
    """Each misspelling at one typo from a folded word of `places.yml`, if it is no word itself, with that word."""
    spellings = lexicon("places")["spellings"]
    forms, words = sorted(spellings["forms"].split()), set(spellings["words"].split())
    checker = SpellChecker(language=None, distance=1)
    checker.word_frequency.load_words([*forms, *ascii_lowercase])
    meant: dict[str, str] = {}
    for form in forms:
        meant |= dict.fromkeys(checker.edit_distance_1(form) if len(form) >= LONG else _short_slips(form), form)
    return {slip: form for slip, form in meant.items() if slip not in words} | {form: form for form in forms}


def frequent_slips(word: str) -> list[str]:
    """The commonest slips in a long word: two letters exchanged, one doubled, one left out. None in a short word."""
    if len(word) < LONG:
        return []
    return [*_short_slips(word), *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def _short_slips(word: str) -> list[str]:
    """The word with two adjacent letters transposed, or a letter doubled."""
    cuts = [(word[:place], word[place:]) for place in range(len(word))]
    exchanged = [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1]
    return exchanged + [head + tail[0] + tail for head, tail in cuts]
