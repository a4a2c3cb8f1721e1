"""Slips of the keyboard in words that name places."""

from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

from spellchecker import SpellChecker

from bot.nlu.lexicon import lexicon

SHORTEST = 6  # letters; shorter ones are one slip from many names


@lru_cache(maxsize=1)
def place_slips() -> Mapping[str, str]:
    """Each misspelling that is one slip from a folded word of `places.yml`, and no word itself, with that word."""
    spellings = lexicon("places")["spellings"]
    forms, words = sorted(spellings["forms"].split()), set(spellings["words"].split())
    checker = SpellChecker(language=None, distance=1)
    checker.word_frequency.load_words([*forms, *ascii_lowercase])
    meant = {slip: form for form in forms if len(form) >= SHORTEST for slip in checker.edit_distance_1(form)}
    return {slip: form for slip, form in meant.items() if slip not in words} | {form: form for form in forms}
