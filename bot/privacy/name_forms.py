"""All inflected forms of one name: Latvian declines names, so Jānis is called "Jāni" and one writes to "Jānim"."""

import re
from functools import lru_cache

from bot.words.lexicon import lexicon
from bot.words.text import without_diacritics

# Case endings of names, longest first; the vocative may have none.
_ENDING = re.compile(r"(?:iem|am|im|um|ām|ēm|as|es|is|us|os|ai|ei|ij|a|e|i|u|o|s|š|ā|ē|ī|ū)$")
# A consonant that changes between cases: Rubulis, Rubuļa; Skudrītis, Skudrīša; Kalējs.
_CHANGING = {"t": "š", "s": "š", "d": "ž", "z": "ž", "l": "ļ", "n": "ņ"}
_SOFTENED = re.compile(r"(?<=[bpmv])j$")
_SHORTEST = 3  # letters of a stem that suffice to recognise a name


def stem(word: str) -> str:
    """The stem that all forms of a name share; also for words without diacritics, which customers leave out."""
    said = word.lower().removesuffix("'s").removesuffix("’s")
    bare = _SOFTENED.sub("", _ENDING.sub("", said))
    bare = bare[:-1] + _CHANGING.get(bare[-1], bare[-1]) if bare else bare
    return without_diacritics(bare)


def is_form_of(word: str, name: str) -> bool:
    """Whether a word is a name, or another form of it; of very short names both must have a case ending."""
    one, other = stem(word), stem(name)
    if len(other) < _SHORTEST:
        return one == other and len(word) > len(one)
    return one == other


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    plain = lexicon("given_names")["plain"]
    return frozenset(form for names in plain.values() for name in names for form in _forms(name))


@lru_cache(maxsize=1)
def _given_or_word() -> frozenset[str]:
    return _given() | {form for name in lexicon("given_names")["also_words"] for form in _forms(name)}


def is_given_name(word: str, *, also_words: bool = False) -> bool:
    """Whether a word is a listed given name in some form.

    Args:
        also_words: include names that are also ordinary words (Roze, Mark), where the context shows a name.
    """
    names = _given_or_word() if also_words else _given()
    return any(part in names for part in word.lower().removesuffix("'s").removesuffix("’s").split("-"))


def _forms(name: str) -> set[str]:
    """All cases of a given name, with and without diacritics, in lower case."""
    said = name.lower()
    found = {said} | {bare + ending for bare, endings in _declined(said) for ending in endings}
    return found | {without_diacritics(form) for form in found}


def _declined(name: str) -> list[tuple[str, tuple[str, ...]]]:
    if name.endswith("is"):
        bare = name[:-2]
        softened = bare[:-1] + {"n": "ņ", "l": "ļ", "t": "š", "d": "ž"}.get(bare[-1], bare[-1])
        return [(bare, ("im", "i", "ī", "a")), (softened, ("a",))]
    if name.endswith("us"):
        return [(name[:-2], ("um", "u", "ū"))]
    if name.endswith(("s", "š")) and not name.endswith("ss"):
        return [(name[:-1], ("a", "am", "u", "ā", ""))]
    if name.endswith("a"):
        return [(name[:-1], ("as", "ai", "u", "ā"))]
    if name.endswith("e"):
        return [(name[:-1], ("es", "ei", "i", "ē"))]
    return []
