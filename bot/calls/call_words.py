"""Tokenizes a call's turns into words with their offsets, and tells which of them may be names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.privacy.everyday import is_everyday
from bot.privacy.name_forms import is_given_name
from bot.words.lexicon import lexicon
from bot.words.text import fold, fold_word

_TOKEN = re.compile(r"\[[a-z -]+\]|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")

_SHORTENED = re.compile(r"['’](?:ll|re|ve|d|m|t|s)$", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A token of a turn, a word or a number in digits; `folded` is "" for a redaction mark."""

    text: str
    start: int
    end: int
    folded: str

    @property
    def is_word(self) -> bool:
        """Whether it consists of letters."""
        return bool(self.folded) and not self.text.isdigit()


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [
        Word(found.group(), *found.span(), "" if found.group().startswith("[") else _folded(found.group()))
        for found in _TOKEN.finditer(text)
    ]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return fold(word)


def count_digits(words: Iterable[Word]) -> int:
    """The minimal number of digits in these numbers: a number in digits counts all of them, one in words counts one."""
    return sum(len(word.text) if word.text.isdigit() else 1 for word in words)


def is_unusual(word: Word) -> bool:
    """Whether a word is outside the common vocabulary of calls, so that beside a cue for a name it is one."""
    if not word.is_word or len(word.text) < 2:
        return False
    bare = _SHORTENED.sub("", word.text)  # "you'll"
    return not (is_everyday(bare) or _never().fullmatch(fold(bare)))


def may_be_name(word: Word) -> bool:
    """Whether a word beside a cue for a name is one; also given names that are ordinary words as well."""
    return is_unusual(word) or (word.is_word and is_given_name(word.text, also_words=True))


@lru_cache(maxsize=32)
def _phrases(label: str) -> dict[str, list[tuple[str, ...]]]:
    """Phrases of data/lexicon/call_names.yml as folded words, by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted({tuple(fold(each).split()) for each in lexicon("call_names")[label]}, key=len, reverse=True):
        found[phrase[0]].append(phrase)
    return dict(found)


def starts_with(words: list[Word], place: int, label: str) -> int:
    """The length in words of the phrase that begins at a place; 0 for none."""
    for phrase in _phrases(label).get(words[place].folded.partition(" ")[0], ()):
        said: list[str] = []
        for count, word in enumerate(words[place : place + len(phrase)], start=1):
            said += word.folded.split() or [""]  # "it's" is two words
            if tuple(said) == phrase:
                return count
    return 0


def is_one_of(word: Word, label: str) -> bool:
    """Whether a word is in a list of single words."""
    return (word.folded,) in _phrases(label).get(word.folded, ())


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    listed = [
        *lexicon("call_names")["no_names"],
        *(word for phrase in lexicon("call_names")["company"] for word in phrase.split()),
    ]
    return re.compile("|".join(fold_word(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in listed))
