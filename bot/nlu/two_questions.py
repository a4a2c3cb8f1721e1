"""Splitting a message into two questions (multi-intent). Independent of Rasa.

A message is cut at candidate positions (end of a sentence, comma, "and") and both sides are classified separately. The
cut with the greatest margin wins, if the margin reaches a threshold. Where the first side is a statement the threshold
is higher, since a statement is more often the reason for the second side's question.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.parse_result import Question
from bot.words.lexicon import is_follow_up, lexicon
from bot.words.text import fold

MOST_CUTS = 4
MOST_CLASSIFIED = 1  # cuts that are fully classified; each costs the sentence vectors of two texts
LEAST = 0.0  # excess of the n-gram margin over its threshold from which a cut gets sentence vectors; see docs/nlu.md
LONGEST = 500  # characters; a longer message is a letter, and is answered as a whole
SHORTEST = 2  # words


@dataclass(frozen=True)
class Margins:
    """Thresholds of `margin`: where the first side is a question, and where it is a statement."""

    asked: float
    stated: float


Span = tuple[int, int]  # start and end, as character offsets
Confidences = Mapping[str, float]  # of every intent, summing to 1
Classify = Callable[[Sequence[str]], Sequence[Confidences]]


@lru_cache(maxsize=1)
def _joint() -> re.Pattern[str]:
    """Where a part may end: sentence ends, punctuation, or before a word such as "and"; includes the joining words."""
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
    """The first candidate cuts: the spans before and after each."""
    found = []
    for joint in _joint().finditer(text):
        # The punctuation of the first question is part of it; the joining words are part of neither.
        first_end = joint.start() + len(re.match(r"[.!?…]*", joint.group())[0])  # type: ignore[index]
        sides = ((0, first_end), (joint.end(), len(text)))
        parts = [text[start:end] for start, end in sides]
        if all(_stands_alone(part, language) for part in parts):
            found.append(sides)
        if len(found) == MOST_CUTS:
            break
    return found


def _stands_alone(part: str, language: str) -> bool:
    return len(fold(part).split()) >= SHORTEST and not is_subordinate(part) and not is_follow_up(part, language)


def is_subordinate(part: str) -> bool:
    """Whether a part of a message depends on another: it starts like a subordinate clause and has no main clause."""
    words = fold(part).split()
    return "," not in part and any(words[: len(head)] == head for head in _subordinators())


def margin(first: Confidences, second: Confidences, whole: Confidences) -> float:
    """How much more the two sides are about two things than the whole message is about one, -2 to 2.

    The sum of the confidences of the sides' intents, minus the whole's, minus the similarity of the sides
    (Bhattacharyya coefficient): one question with its background has its highest confidence as a whole, and its sides
    are similar.
    """
    alike = sum(math.sqrt(confidence * second[intent]) for intent, confidence in first.items())
    return max(first.values()) + max(second.values()) - max(whole.values()) - alike


def two_questions(
    text: str, language: str, glance: Classify, classify: Classify, answerable: frozenset[str], margins: Margins
) -> tuple[Question, Question] | None:
    """The two different questions of a message, in order, or None where it asks one.

    Args:
        glance: returns the confidences of all intents for each of several texts, quickly; it chooses the cuts for
            `classify`.
        classify: the same with the full model.
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
    """The two sides of a cut, and by how much its margin exceeds the threshold."""

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
    """The two sides of each cut."""
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
