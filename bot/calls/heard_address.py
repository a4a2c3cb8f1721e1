"""Finds names in forms of address and introductions: "paldies ingūniņ", "it's hardijs here"."""

import re
from collections.abc import Iterator

from bot.calls.call_words import Word, is_one_of, is_unusual, may_be_name, starts_with
from bot.privacy.name_forms import is_given_name

_FOND = re.compile(r"(?P<bare>\w{3,})(?:iņ|īt)(?:a|as|ai|u|š|is|im|i|e|es|ei)?")  # "ingūniņ", "laurīte"
_LONGEST_THANKS = 5  # words of thanks before a name
_BEGINNING = 3  # words at the beginning of a turn in which somebody introduces themselves
_HERE = "here"


def fond_of(word: str) -> set[str]:
    """The names that a diminutive may come from: "ingūna" for "ingūniņ"; none for other words."""
    found = _FOND.fullmatch(word.lower())
    return {found["bare"] + ending for ending in ("a", "e", "is", "s")} if found else set()


def addressed(words: list[Word]) -> Iterator[int]:
    """Indices of names at the end of thanks or a greeting: "paldies ingūniņ", "thank you vineta"."""
    for place in range(len(words)):
        length = starts_with(words, place, "addressed")
        last = len(words) - 1
        if length and place + length == last and last <= _LONGEST_THANKS and may_be_name(words[last]):
            yield last


def introduces_here(words: list[Word], place: int, *, by_agent: bool) -> bool:
    """Whether "here" at an index follows somebody's name: "elektrum olafs here".

    Args:
        by_agent: agents say "it's hardijs here", while customers say "it's freezing here".
    """
    if words[place].folded != _HERE or not place or not may_be_name(words[place - 1]):
        return False
    if place == 1:
        return True
    return any(
        place - 1 - length >= 0 and starts_with(words, place - 1 - length, label) == length
        for label in ("company", "before_here", *(["introduces"] if by_agent else []))
        for length in (1, 2)
    )


def beside_surname(words: list[Word], place: int) -> Iterator[int]:
    """The index of an uncommon word right after a known surname at the beginning of a turn."""
    after = place + 1
    if after >= len(words) or not is_unusual(words[after]) or is_given_name(words[place].text, also_words=True):
        return
    begins = place == 0 or any(
        starts_with(words, place - length, label) == length
        for label in ("self", "greetings")
        for length in range(1, min(place, _BEGINNING) + 1)
        if place - length == 0
    )
    if begins and not is_one_of(words[after], "titles_after"):
        yield after
