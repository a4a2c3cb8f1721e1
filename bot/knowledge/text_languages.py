"""Whether a text for customers is in the language under which it stands, by its most frequent words and its letters.

Only a clear case counts: a few frequent words of the other language and hardly one of its own. The identifier of
messages (`bot.nlu.language_identifier`) is trained and belongs to a model; texts are checked without one.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.knowledge.frequent_words import frequent_words
from bot.words.text import without_diacritics

FEWEST_WORDS, FEWEST_TELLING = 3, 2  # of a text; of those, words that only the other language has
SHARE = 3  # so many words of the other language to one of its own
NAMES = {"lv": "Latvian", "en": "English"}
_LATVIAN_LETTER = re.compile(r"[āčēģīķļņšūž]")
_QUOTED = re.compile('[“„«"][^“”»"]*[“”»"]')  # what a source says in its own language
# Short words of customer service that neither list has, and that only one language has.
_MORE = {
    "lv": {"ja", "jau", "jūsu", "jums", "lūdzu", "kas", "kur", "vai", "uz", "tas"},
    "en": {"please", "closed", "open"},
}


def other_language(text: str, language: str) -> str | None:
    """The language in which a text clearly is instead of its own (lv or en); None where it is not."""
    words = re.findall(r"[^\W\d_]+", _QUOTED.sub(" ", text.lower()))
    other = next(one for one in NAMES if one != language)
    own, others = (sum(_tells(word, one) for word in words) for one in (language, other))
    clear = len(words) >= FEWEST_WORDS and others >= max(FEWEST_TELLING, SHARE * own)
    return other if clear else None


def refuse_other_language(texts: Mapping[str, str]) -> None:
    """Refuse texts that stand under the wrong language.

    Raises:
        ValueError: says which.
    """
    for language, text in texts.items():
        if other := other_language(text, language):
            raise ValueError(
                f"the text in '{language}' is {NAMES[other]}: {text[:60]!r}; write it in {NAMES[language]}, or "
                "exchange the two if they were mixed up"
            )


def _tells(word: str, language: str) -> bool:
    if language == "lv" and _LATVIAN_LETTER.search(word):
        return True
    return word in _telling(language)


@lru_cache(maxsize=2)
def _telling(language: str) -> frozenset[str]:
    """The frequent words that only a language has, also without their diacritics."""
    lists = {name: frequent_words(name) | more for name, more in _MORE.items()}
    plain = {name: {*words, *map(without_diacritics, words)} for name, words in lists.items()}
    (own,) = (words for name, words in plain.items() if name == language)
    (other,) = (words for name, words in plain.items() if name != language)
    return frozenset(word for word in own - other if len(word) > 1)
