"""Slips of the keyboard in words that name places."""

from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

from spellchecker import SpellChecker

from bot.nlu.lexicon import lexicon

LONG = 6  # letters; in shorter words only exchanged letters are a slip, since one letter less or more is another word


@lru_cache(maxsize=1)
def place_slips() -> Mapping[str, str]:
    """Each misspelling that is one slip from a folded word of `places.yml`, and no word itself, with that word."""
    spellings = lexicon("places")["spellings"]
    forms, words = sorted(spellings["forms"].split()), set(spellings["words"].split())
    checker = SpellChecker(language=None, distance=1)
    checker.word_frequency.load_words([*forms, *ascii_lowercase])
    meant: dict[str, str] = {}
    for form in forms:
        meant |= dict.fromkeys(checker.edit_distance_1(form) if len(form) >= LONG else _exchanged(form), form)
    return {slip: form for slip, form in meant.items() if slip not in words} | {form: form for form in forms}


def _exchanged(word: str) -> list[str]:
    """The word with each two neighbouring letters exchanged."""
    return [word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)]
