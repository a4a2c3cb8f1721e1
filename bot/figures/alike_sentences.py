"""Finds sentences that were not understood and are alike: several people ask the same new thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.figures.surges import Surge, SurgeKind, usual_and_most
from bot.words.text import fold

LATELY = timedelta(hours=1)
FEWEST, FEWEST_CONVERSATIONS = 6, 4
ALIKE = 0.4  # cosine
SHOWN = 5
LONGEST = 200  # characters that are kept of a sentence
WORDS = 2  # a sentence has at least; "jā" and "???" are no topic
MOST = 4_000  # sentences that are compared


@dataclass(frozen=True)
class NotUnderstood:
    """A redacted sentence that was not understood."""

    text: str
    conversation: str
    at: datetime


def alike(sentences: Sequence[NotUnderstood], now: datetime) -> list[Surge]:
    """Clusters of the last hour that are far above the usual, the largest first.

    Sentences are compared by their parts of three and four letters, the rarer the heavier (TF-IDF): this joins the
    forms of a Latvian word, and needs no model.

    Args:
        sentences: of the days before too, which say what is usual.
    """
    usable = [one for one in sentences if len(fold(one.text).split()) >= WORDS]
    usable = sorted(usable, key=lambda one: one.at, reverse=True)[:MOST]
    late = [place for place, one in enumerate(usable) if one.at > now - LATELY]
    if len(late) < FEWEST:
        return []
    likeness = _likeness([fold(one.text) for one in usable], len(late))
    hours = max(1.0, (now - usable[-1].at) / LATELY - 1)
    left, found = set(late), list[Surge]()
    while left:
        near = {place: [other for other in left if likeness[place, other] >= ALIKE] for place in left}
        middle = max(sorted(near), key=lambda place: len(near[place]))
        members = sorted(near[middle])
        if len(members) < FEWEST:
            break
        left -= set(members)
        before = sum(likeness[middle, place] >= ALIKE for place in range(len(late), len(usable)))
        usual, most = usual_and_most([before / hours])
        people = {usable[place].conversation for place in members}
        if len(members) >= max(FEWEST, most - 2) and len(people) >= FEWEST_CONVERSATIONS:
            texts = tuple(dict.fromkeys(usable[place].text[:LONGEST] for place in (middle, *members)))[:SHOWN]
            found.append(Surge(SurgeKind.OF_SENTENCES, texts[0], len(members), usual, texts))
    return found


def _likeness(texts: list[str], late: int) -> Any:
    """The cosines of the first `late` texts with all, as an array."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # imported here since it takes a second

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True).fit_transform(texts)
    return (vectors[:late] @ vectors.T).toarray()
