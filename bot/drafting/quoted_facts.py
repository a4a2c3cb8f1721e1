"""Which facts quote a sentence of a release, word for word, and what of it none quotes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.drafting.release_sentences import ReleaseSentence, pieces
from bot.drafting.release_words import release_words
from bot.knowledge.models import Fact
from bot.knowledge.validation import plain
from bot.words.text import fold_word

QUOTES = 2_000  # whose sentences are kept
LEAST_WORDS = 3  # of a quote; two words stand in sentences that say something else


class Covered(StrEnum):
    """How much of a sentence facts quote."""

    WHOLLY = "covered"
    PARTLY = "partly covered"
    NOT = "not covered"


@dataclass(frozen=True)
class Coverage:
    """Which facts quote a sentence.

    Attributes:
        facts: their ids, by how much of it they quote.
        left: the stretches that none quotes, without words that only join.
    """

    state: Covered
    facts: tuple[str, ...]
    left: tuple[str, ...]


def coverage(sentence: ReleaseSentence, facts: Iterable[Fact]) -> Coverage:
    """Look for the quotes of facts in a sentence; of an item, its lead-in must be quoted too.

    Each sentence of a quote must stand in it whole: a part of a quote may leave out the quote's condition.
    """
    text = plain(sentence.whole)
    quoting = {fact.id: spans for fact in facts if (spans := list(_spans(fact.quote or "", text)))}
    left = tuple(_left(text, [span for spans in quoting.values() for span in spans]))
    state = Covered.NOT if not quoting else Covered.PARTLY if left else Covered.WHOLLY
    longest = sorted(quoting, key=lambda name: (-sum(end - start for start, end in quoting[name]), name))
    return Coverage(state, tuple(longest), left)


def _spans(quote: str, text: str) -> Iterator[tuple[int, int]]:
    for said in _said(quote):
        if said in text:
            yield from (found.span() for found in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", text))


@lru_cache(maxsize=QUOTES)
def _said(quote: str) -> tuple[str, ...]:
    """The sentences of a quote, without their full stops, that are long enough to be looked for."""
    found = [piece.rstrip(".") for part in quote.split("[…]") for piece in pieces(plain(part))]
    return tuple(said for said in found if len(said.split()) >= LEAST_WORDS)


def _left(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    start = 0
    for first, end in [*sorted(spans), (len(text), len(text))]:
        stretch = text[start : max(first, start)].strip(" .,;:–—-")
        if set(map(fold_word, re.findall(r"\w+", stretch))) - release_words("joining"):
            yield stretch
        start = max(start, end)
