"""The words of a text as spaCy documents, with their offsets, and the labels before a number."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from copy import copy
from functools import cached_property, lru_cache
from typing import Any

from spacy.tokens import Doc

from bot.privacy.normalised_text import MASK
from bot.words.lexicon import PhraseFinder, document, lexicon, word_pattern
from bot.words.text import LONGEST_WORD, fold_word

_WORD = re.compile(rf"{MASK}+|(?:[^\W_]|[\u0300-\u036f])+")
_WORDS = 10_000  # in one document
_BETWEEN = 4  # words between a word such as "contract" and its number
_BREAK = "|"  # replaces masked parts, so that no phrase matches across them


def patterns(label: str) -> list[list[dict[str, Any]]]:
    """Token patterns of the phrases under a label of `data/lexicon/privacy.yml`."""
    return [[word_pattern(word) for word in phrase] for phrase in lexicon("privacy")[label]]


@lru_cache(maxsize=1)
def _contexts() -> PhraseFinder:
    return PhraseFinder({label: patterns(label) for label in ("contract", "numbered", "code")})


@lru_cache(maxsize=1)
def _between() -> re.Pattern[str]:
    return re.compile(fold_word(lexicon("privacy")["between"]))


class WordDocument:
    """A document of words only, without punctuation.

    Attributes:
        text: the plain text that the words come from.
        doc: the words, each with its folded form as `norm_`.
    """

    def __init__(self, text: str, found: list[re.Match[str]]) -> None:
        self.text = text
        shown = [
            _BREAK if word.group()[0] == MASK or len(word.group()) > LONGEST_WORD else word.group() for word in found
        ]
        # The language hardly matters here: numbers and phrases of both languages are matched by their folded words.
        self.doc: Doc = document(" ".join(shown), "lv")
        self._found = found
        self._starts = []
        place = 0
        for word in shown:
            self._starts.append(place)
            place += len(word) + 1

    @cached_property
    def norms(self) -> list[str]:
        """The folded words; a list is faster to index than a document."""
        return [token.norm_ for token in self.doc]

    @cached_property
    def capitals(self) -> list[int]:
        """The tokens that start with a capital."""
        return [place for place, token in enumerate(self.doc) if token.text[0].isupper()]

    def start(self, token: int) -> int:
        """The offset of a token's start in the text."""
        return self._place(self.doc[token].idx)

    def end(self, token: int) -> int:
        """The offset of a token's end in the text."""
        one = self.doc[token]
        last = one.idx + len(one) - 1
        return self._found[self._word(last)].end() if one.text == _BREAK else self._place(last) + 1

    def between(self, token: int) -> str:
        """The text between the previous token and this one."""
        return self.text[self.end(token - 1) : self.start(token)]

    def is_masked(self, first: int, after: int) -> bool:
        """Whether these tokens contain a masked part."""
        return MASK in self.text[self.start(first) : self.end(after - 1)]

    def of(self, text: str) -> "WordDocument":
        """The same words for the same text with more parts masked."""
        same = copy(self)
        same.text = text
        return same

    def phrases(self, finder: PhraseFinder) -> Iterator[tuple[str, int, int]]:
        """(label, first token, token after the last) of each phrase."""
        for label, start, end in finder.find(self.doc):
            span = self.doc.char_span(start, end)
            yield label, span.start, span.end

    @cached_property
    def labels(self) -> dict[int, set[str]]:
        """By token, the labels ("contract", "numbered", "code") of the words before it, should a number start there."""
        found: dict[int, set[str]] = {}
        for label, _, place in self.phrases(_contexts()):
            last = min(place + _BETWEEN, len(self.doc))
            after = next((token for token in range(place, last) if not self._may_stand_between(token)), last)
            if after < len(self.doc):
                found.setdefault(after, set()).add(label)
        return found

    def _may_stand_between(self, token: int) -> bool:
        return _between().fullmatch(self.doc[token].norm_) is not None

    def _word(self, shown: int) -> int:
        return bisect_right(self._starts, shown) - 1

    def _place(self, shown: int) -> int:
        word = self._word(shown)
        return self._found[word].start() + shown - self._starts[word]


def words_of(text: str) -> list[WordDocument]:
    """The words of a plain text: one document for any message, several for a text that is too long for one."""
    found = list(_WORD.finditer(text))
    return [WordDocument(text, found[first : first + _WORDS]) for first in range(0, len(found), _WORDS)]
