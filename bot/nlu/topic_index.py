"""The published topics as the matcher sees them: their examples and texts, placed beside what was trained.

Independent of Rasa and of the database.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.domain_names import Intent
from bot.knowledge.published_topics import PublishedTopic
from bot.nlu.cascade import VECTOR_WEIGHT, Cascade, Hybrid
from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.letter_likeness import LetterLikeness, Profile, beginnings, profile
from bot.nlu.meaning_space import MeaningSpace, normed
from bot.nlu.segments import sentences
from bot.nlu.text_features import Row
from bot.words.text import fold

NEAREST = 3  # examples of a topic, and NEAREST_KNOWN of what was trained, whose likeness is averaged
NEAREST_KNOWN = 5
LIKELIEST = 10  # intents of an example that are kept
RARE = 0.02  # added to confidences before their logarithm
FEATURES = (
    "near",
    "near_mean",
    "centre",
    "known",
    "known_mean",
    "letters",
    "letters_mean",
    "rare_word",
    "confidence",
    "off_topic",
    "shared_intents",
    "likelier_intent",
)

Features = npt.NDArray[np.float64]  # one row for each topic, one column for each of FEATURES


@dataclass(frozen=True)
class Placed:
    """A text as the matcher compares it.

    Attributes:
        folded: corrected and folded.
        place: in the `MeaningSpace`; letters: its n-grams; words: how its words begin, with their rarity.
        intents: its likeliest trained intents, with confidences.
        confidence: of the likeliest, if the models with and without sentence vectors agree on it; else 0.
        off_topic: the confidence that it is out of scope.
    """

    folded: str
    place: Vectors
    letters: Profile
    words: Mapping[str, float]
    intents: Mapping[str, float]
    confidence: float
    off_topic: float


class Placing:
    """Places texts: messages, examples and the texts of answers."""

    def __init__(self, cascade: Cascade, hybrid: Hybrid, encoder: Encoder, space: MeaningSpace) -> None:
        self._cascade, self._hybrid, self._encoder, self.space = cascade, hybrid, encoder, space
        self.example = lru_cache(maxsize=8192)(self.text)

    @classmethod
    def of(cls, cascade: Cascade, space: MeaningSpace | None) -> Placing | None:
        """What a cascade places texts with; None where it was trained, or runs, without sentence vectors."""
        if cascade.hybrid is None or cascade.encoder is None or space is None:
            return None
        return cls(cascade, cascade.hybrid, cascade.encoder, space)

    def text(self, text: str) -> Placed:
        """A text; the encoder remembers its vector, which was mostly computed for its intent."""
        mended = self._cascade.spelling.mended(text)
        folded = fold(mended)
        vectors = self._encoder.encode([mended])
        row = self._cascade.ngrams.row(folded)
        by_letters = self._cascade.characters.probabilities_of(row)
        by_meaning = self._hybrid.model.probabilities_of(self._beside(row, vectors[0]))
        every = dict(zip(self._hybrid.model.classes, map(float, by_meaning), strict=True))
        intents = {name: every[name] for name in sorted(every, key=lambda name: -every[name])[:LIKELIEST]}
        agree = self._cascade.characters.classes[int(by_letters.argmax())] == next(iter(intents))
        confidence = float(min(by_letters.max(), by_meaning.max())) if agree else 0.0
        letters = profile(self._cascade.ngrams, folded)
        words = beginnings(self._cascade.ngrams, letters)
        place, off_topic = self.space.places(vectors)[0], every.get(Intent.OUT_OF_SCOPE, 0.0)
        return Placed(folded, place, letters, words, intents, confidence, off_topic)

    def _beside(self, row: Row, vector: Vectors) -> Row:
        """What `Hybrid.features` gives for one text, without SciPy, which would take half a millisecond."""
        moved = vector - self._hybrid.centre
        meaning = moved / max(float(np.linalg.norm(moved)), 1e-9) * VECTOR_WEIGHT
        columns = np.concatenate([row.columns, np.arange(row.width, row.width + len(meaning), dtype=np.int32)])
        return Row(columns, np.concatenate([row.values, meaning]), row.width + len(meaning))

    def words(self, text: str) -> dict[str, float]:
        """How the words of a text begin, without encoding it."""
        folded = fold(self._cascade.spelling.mended(text))
        return beginnings(self._cascade.ngrams, profile(self._cascade.ngrams, folded))


class TopicIndex:
    """Topics, ready to be compared with messages.

    Attributes:
        counts: of each topic, its examples a language (on average).
    """

    def __init__(self, topics: Iterable[PublishedTopic], placing: Placing) -> None:
        self._placing = placing
        self.topics = tuple(topics)
        examples = [[placing.example(text) for text in _examples(topic)] for topic in self.topics]
        self._verbatim = {one.folded: place for place, group in enumerate(examples) for one in group}
        self.counts = [sum(map(len, one.questions.values())) / len(one.questions) for one in self.topics]
        self._intents = [_mean([one.intents for one in group]) for group in examples]
        self._words = [
            frozenset[str]().union(*(one.words for one in group), *map(placing.words, _texts(topic)))
            for topic, group in zip(self.topics, examples, strict=True)
        ]
        self._texts = _Texts(examples)

    def verbatim(self, placed: Placed) -> PublishedTopic | None:
        """The topic one of whose examples, or whose title, a message is word for word."""
        place = self._verbatim.get(placed.folded)
        return None if place is None else self.topics[place]

    def features(self, message: Placed, known: Vectors | None = None) -> Features:
        """What speaks for each topic, and what for the trained intents.

        Args:
            known: the cosines of the nearest trained examples, nearest first; None to look for them.
        """
        space = self._placing.space
        known = space.nearest_known(message.place, NEAREST_KNOWN) if known is None else known
        near, letters = self._texts.likeness(message)
        rare = [
            max((rarity for word, rarity in message.words.items() if word in words), default=0.0)
            for words in self._words
        ]
        alike = [_intents_alike(message.intents, intents) for intents in self._intents]
        columns = [
            *(near[:, 0], _mean_of_best(near), self._texts.centres @ message.place),
            *(known[0], known.mean(), letters[:, 0], _mean_of_best(letters)),
            *(rare, message.confidence, message.off_topic, *zip(*alike, strict=True)),
        ]
        rows = [np.broadcast_to(np.asarray(column, dtype=np.float64), len(rare)) for column in columns]
        return np.stack(rows, axis=1)


class _Texts:
    """Groups of placed texts: the examples of each topic.

    Attributes:
        centres: the mean of each group in the `MeaningSpace`, one row of norm 1 each.
    """

    def __init__(self, groups: Sequence[Sequence[Placed]]) -> None:
        every = [one for group in groups for one in group]
        self._places = np.asarray([one.place for one in every], dtype=np.float32)
        self._letters = LetterLikeness([one.letters for one in every])
        self._members = _members([len(group) for group in groups])
        centres = [self._places[part[part < len(every)]].mean(axis=0) for part in self._members]
        self.centres = normed(np.asarray(centres)) if centres else self._places

    def likeness(self, message: Placed) -> tuple[Vectors, Vectors]:
        """The greatest cosines with each group, in meaning and by letters: one row a group, greatest first."""
        return self._greatest(self._places @ message.place), self._greatest(self._letters.to(message.letters))

    def _greatest(self, cosines: Vectors) -> Vectors:
        filled = np.append(cosines, np.float32(-np.inf))
        return -np.sort(-filled[self._members], axis=1)[:, :NEAREST]


def _members(sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """The places of the members of groups that follow each other: one row a group, filled up with the place after all.

    Raises:
        ValueError: a group has no member.
    """
    if not all(sizes):
        raise ValueError("A published topic has no examples.")
    total, longest = sum(sizes), max(sizes, default=0)
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    rows = [
        [*range(start, start + size), *[total] * (longest - size)] for start, size in zip(starts, sizes, strict=True)
    ]
    return np.asarray(rows, dtype=np.int64)


def _examples(topic: PublishedTopic) -> list[str]:
    return [*(text for asked in topic.questions.values() for text in asked), *topic.titles.values()]


def _texts(topic: PublishedTopic) -> list[str]:
    said = [sentence for text in topic.texts.values() for sentence in (sentences(text) or [text])]
    return list(dict.fromkeys([*said, *topic.titles.values()]))


def _mean_of_best(greatest: Vectors) -> Vectors:
    """The mean of each row, without what a group of few has none of."""
    there = np.isfinite(greatest)
    return np.asarray(np.where(there, greatest, 0.0).sum(axis=1) / there.sum(axis=1))


def _mean(several: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = {name for one in several for name in one}
    return {name: sum(one.get(name, 0.0) for one in several) / len(several) for name in names}


def _intents_alike(message: Mapping[str, float], topic: Mapping[str, float]) -> tuple[float, float]:
    """How far a message has the same likeliest intents as a topic's examples (Bhattacharyya coefficient), and whether
    the topic's examples have the message's likeliest one more or less often (logarithm)."""
    shared = sum(math.sqrt(confidence * topic.get(name, 0.0)) for name, confidence in message.items())
    top = max(message, key=lambda name: message[name])
    return shared, math.log(topic.get(top, 0.0) + RARE) - math.log(message[top] + RARE)
