"""Everyday vocabulary of customers' questions, to distinguish a word from a name in a position where either may be."""

import re
from collections import Counter
from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH
from spacy.lang.lv.stop_words import STOP_WORDS as LATVIAN

from bot.privacy.name_forms import is_given_name
from bot.settings import PROJECT
from bot.words.lexicon import LEXICON, lexicon
from bot.words.text import fold_word

_WORD = re.compile(r"[^\W\d_]{2,}")
_AGAIN = 2  # times that a word occurs in the examples; once, it may be somebody's name
_LEXICONS = ("calls", "words", "moods", "politeness", "questions", "numbers", "places")


def prepare() -> None:
    """Load the words at start (warm-up), so that no customer waits for it."""
    is_everyday("labdien")


def is_everyday(word: str) -> bool:
    """Whether a word is everyday vocabulary; given names are not, even if they occur in examples."""
    return fold_word(word) in _words() and not is_given_name(word)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    counts: Counter[str] = Counter()
    # Plain sentences alone: the stories of conversations also have names that their writers made up.
    for path in sorted((PROJECT / "data" / "nlu").glob("*/*.yml")):
        counts.update(_WORD.findall(path.read_text(encoding="utf-8").lower()))
    folded: Counter[str] = Counter()
    for word, count in counts.items():
        folded[fold_word(word)] += count
    often = {word for word, count in folded.items() if count >= _AGAIN}
    listed = [word for words in lexicon("privacy")["ordinary"].values() for word in words]
    lists = [
        word for name in _LEXICONS for word in _WORD.findall((LEXICON / f"{name}.yml").read_text(encoding="utf-8"))
    ]
    return frozenset(often | {fold_word(word) for word in [*ENGLISH, *LATVIAN, *listed, *lists]})
