"""Normalisation of text for the NLU components: cleaning, and folding that makes variant spellings equal.

Customers leave out diacritics, write long vowels double (`aa`), write digraphs (`sh`, `lj`), and mix all of these;
folding maps each variant to the same letters.
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
WORDS_SHARE = 0.3  # of a text's characters, without spaces
LONGEST_WORD = 64  # characters; a longer token is no word
_NOT_WORD = re.compile(r"[\W_]+")
_RUN = re.compile(r"([^\W\d_])\1+")


def clean(text: str) -> str:
    """NFC, without control characters, invisible format characters and lone surrogates; white space collapsed."""
    if text.isprintable():  # then there are none of these and no white space but spaces; most texts
        kept = text
    else:
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
    """A whole text folded for features: words without punctuation, repeated letters collapsed."""
    words = _NOT_WORD.sub(" ", fold_word(clean(text))).strip()
    return _RUN.sub(r"\1", words)


def plain_words(text: str) -> str:
    """A text as its words alone, in lower case, without diacritics and punctuation."""
    return " ".join(re.findall(r"\w+", without_diacritics(text.lower())))


def is_words(text: str) -> bool:
    """Whether enough of a text is letters and digits for it to be words, not punctuation or emoji."""
    shown = len(text) - text.count(" ")
    return sum(map(str.isalnum, text)) >= WORDS_SHARE * shown


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(character.isalpha() for character in text)
