"""Text as the components see it: cleaned of what cannot be read, and folded so that spellings meet.

Customers leave out diacritics, double vowels for long ones (`aa`), write digraphs (`sh`, `lj`) and mix all of these;
folding brings each of them to the same letters.
"""

import re
import unicodedata

# Long vowels written twice, and letters with diacritics written as two.
_SPELLINGS = (
    ("aa", "a"),
    ("ee", "e"),
    ("ii", "i"),
    ("uu", "u"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "z"),
    ("lj", "l"),
    ("nj", "n"),
    ("kj", "k"),
    ("gj", "g"),
)
_NOT_WORD = re.compile(r"[^\w]+")
_RUN = re.compile(r"([^\W\d_])\1+")


def clean(text: str) -> str:
    """NFC, without control characters, invisible format characters and lone surrogates; white space made single."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return re.sub(r" +", " ", unicodedata.normalize("NFC", kept)).strip()


def without_diacritics(text: str) -> str:
    """The text as typed on a keyboard without diacritics: `rēķins` → `rekins`."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def fold_word(word: str) -> str:
    """A word in lower case, without diacritics, with doubled vowels and digraphs undone."""
    folded = without_diacritics(word.lower())
    for written, meant in _SPELLINGS:
        folded = folded.replace(written, meant)
    return folded


def fold(text: str) -> str:
    """A whole text folded for features: words without punctuation, repeated letters made single."""
    words = _NOT_WORD.sub(" ", fold_word(clean(text))).strip()
    return _RUN.sub(r"\1", words)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(character.isalpha() for character in text)
