"""Two questions in one message: where the first one ends, and what each of them asks. Knows nothing of Rasa.

A message is cut where two questions may meet (end of a sentence, comma, "and") and both sides are classified by
themselves. The cut counts whose sides are most clearly about two things, if clearly enough; where the first side only
states something, it must be clearer, since statements more often say why the second side asks.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.lexicon import is_follow_up, lexicon
from bot.nlu.text import fold

MOST_CUTS = 4
MOST_CLASSIFIED = 1  # of the cuts; each costs the sentence vectors of two texts
LEAST = 0.0  # that the characters must lie above a limit for a cut to be worth sentence vectors; see docs/nlu.md
LONGEST = 1000  # characters; what is longer is a letter, and answered by what it is about on the whole
SHORTEST = 2  # words


@dataclass(frozen=True)
class Question:
    """One of several questions in a message: its intent, how sure, and the characters from start to end."""

    intent: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Margins:
    """What `margin` must reach: where the first side has the form of a question, and where it only states."""

    asked: float
    stated: float


Span = tuple[int, int]  # start and end of characters
Confidences = Mapping[str, float]  # of every intent, summing to 1
Classify = Callable[[Sequence[str]], Sequence[Confidences]]


@lru_cache(maxsize=1)
def _joint() -> re.Pattern[str]:
    """Where a part may end: sentence ends, signs, or before a word such as "and"; with the joining words after it."""
    words = lexicon("questions")
    begin = "|".join(re.escape(word) for language in words["begin"].values() for word in language)
    join = "|".join(re.escape(word) for language in words["joins"].values() for word in language)
    return re.compile(
        rf"(?:[.!?…;]+\s+|,\s*|\s+[-–—]\s+|\s+(?=(?:{begin})\b))(?:(?:{join})\b[\s,:–—-]*)*", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _asking_words() -> frozenset[str]:
    return frozenset(fold(word) for words in lexicon("questions")["asks"].values() for word in words)


@lru_cache(maxsize=1)
def _subordinators() -> list[list[str]]:
    return [fold(word).split() for words in lexicon("questions")["subordinates"].values() for word in words]


def asks(text: str) -> bool:
    """Whether a text has the form of a question or a request."""
    return text.rstrip().endswith("?") or not _asking_words().isdisjoint(fold(text).split())


def cuts(text: str, language: str) -> list[tuple[Span, Span]]:
    """The first places where two questions may meet: (start, end) of what stands before and after each."""
    found = []
    for joint in _joint().finditer(text):
        # The mark of the first question is part of it, the joining words are part of neither.
        first_end = joint.start() + len(re.match(r"[.!?…]*", joint.group())[0])  # type: ignore[index]
        sides = ((0, first_end), (joint.end(), len(text)))
        parts = [text[start:end] for start, end in sides]
        if all(_stands_alone(part, language) for part in parts):
            found.append(sides)
    return found[:MOST_CUTS]


def _stands_alone(part: str, language: str) -> bool:
    words = fold(part).split()
    subordinate = "," not in part and any(words[: len(head)] == head for head in _subordinators())
    return len(words) >= SHORTEST and not subordinate and not is_follow_up(part, language)


def margin(first: Confidences, second: Confidences, whole: Confidences) -> float:
    """How much more two sides are about two things than the whole message is about one, -2 to 2.

    The confidences of the sides' intents, less that of the whole's, less how alike the sides are (Bhattacharyya
    coefficient): one question with its circumstances is surest as a whole, and its sides are about the same.
    """
    alike = sum(math.sqrt(confidence * second[intent]) for intent, confidence in first.items())
    return max(first.values()) + max(second.values()) - max(whole.values()) - alike


def two_questions(
    text: str, language: str, glance: Classify, classify: Classify, answerable: frozenset[str], margins: Margins
) -> tuple[Question, Question] | None:
    """The two different questions of a message in their order, or None where it asks one.

    Args:
        glance: gives the confidences of all intents for each of several texts, quickly; it chooses the cuts that
            `classify` is asked about.
        classify: the same, as well as can be.
        answerable: intents that can be answered one after the other in one reply.
    """
    places = cuts(text, language) if len(text) <= LONGEST else []
    clearest = sorted(pairs(text, places, glance, margins), key=lambda pair: -pair.above) if places else []
    places = [pair.spans for pair in clearest[:MOST_CLASSIFIED] if pair.above >= LEAST]
    if not places:
        return None
    clear = [
        pair
        for pair in pairs(text, places, classify, margins)
        if pair.above >= 0 and len(pair.intents) == 2 and pair.intents <= answerable
    ]
    best = max(clear, key=lambda pair: pair.above, default=None)
    return best.questions if best else None


@dataclass(frozen=True)
class Pair:
    """What stands on the two sides of a cut, and how far the cut's margin lies above the one that is needed."""

    questions: tuple[Question, Question]
    above: float

    @property
    def intents(self) -> frozenset[str]:
        return frozenset(question.intent for question in self.questions)

    @property
    def spans(self) -> tuple[Span, Span]:
        first, second = self.questions
        return (first.start, first.end), (second.start, second.end)


def pairs(text: str, places: Sequence[tuple[Span, Span]], classify: Classify, margins: Margins) -> list[Pair]:
    """What stands on the two sides of each cut."""
    whole, *sides = classify([text, *(text[start:end] for pair in places for start, end in pair)])
    found = []
    for number, spans in enumerate(places):
        first, second = sides[2 * number : 2 * number + 2]
        needed = margins.asked if asks(text[slice(*spans[0])]) else margins.stated
        questions = _question(first, *spans[0]), _question(second, *spans[1])
        found.append(Pair(questions, margin(first, second, whole) - needed))
    return found


def _question(confidences: Confidences, start: int, end: int) -> Question:
    intent = max(confidences, key=lambda name: confidences[name])
    return Question(intent, round(confidences[intent], 4), start, end)
