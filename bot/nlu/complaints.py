"""Whether a message asks about complaints and is not itself one."""

import re
from functools import lru_cache

from bot.words.lexicon import document, lexicon
from bot.words.text import fold_word

FIRST = 4  # words that are searched for a question word; a later one mostly belongs to a story
LONGEST = 14  # words; a longer message tells a story


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    return re.compile(f"^(?:{lexicon('words')['complaint']})$")


@lru_cache(maxsize=1)
def _question_words() -> frozenset[str]:
    return frozenset(fold_word(word) for words in lexicon("words")["interrogative"].values() for word in words)


def asks_about_complaints(text: str, language: str) -> bool:
    """Whether a text has the form of a question and names a complaint: "where can I complain?"."""
    words = [token.norm_ for token in document(text, language) if token.is_alpha]
    asks = text.rstrip().endswith("?") or not _question_words().isdisjoint(words[:FIRST])
    return asks and len(words) <= LONGEST and any(_names().match(word) for word in words)
