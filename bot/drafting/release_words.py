"""The words by which a release is read (`data/drafting/release_words.yml`)."""

import re
from functools import lru_cache

from bot.settings import PROJECT
from bot.words.lexicon import lexicon
from bot.words.text import fold_word

FOLDER = PROJECT / "data" / "drafting"


def release_words(name: str) -> frozenset[str]:
    """One list of the file, folded.

    Raises:
        DataFileError: the file cannot be read.
    """
    return frozenset(map(fold_word, lexicon("release_words", FOLDER)[name]))


def is_month(word: str) -> bool:
    """Whether a word is a month's name, in any case."""
    return _months().fullmatch(fold_word(word)) is not None


@lru_cache(maxsize=1)
def _months() -> re.Pattern[str]:
    return re.compile("|".join(map(fold_word, lexicon("words")["months"].values())))
