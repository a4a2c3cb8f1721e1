"""Familiarity: the share of a message's words that an intent's examples use. Independent of Rasa.

A linear model is as confident about out-of-vocabulary words as about known ones, since some class always scores
highest. Before an irreversible action, this measure tells whether the guess has any evidence (out-of-domain detection).
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

OFTEN = 2  # examples of an intent that must contain a word; a word in only one may be by chance
ENDING, STEM = 2, 4  # letters of the ending that is cut, so that most Latvian forms match (stemming); letters kept
FILE = "familiarity.json"


class Familiarity:
    """The words of each intent's examples, and how rare each word is.

    Texts are folded (`bot.words.text`); words are compared without their endings.
    """

    def __init__(
        self,
        examples: int,
        times: Mapping[str, int],
        words: Mapping[str, Iterable[str]],
        short: Mapping[str, Iterable[str]],
    ) -> None:
        """
        Args:
            examples: the number of examples.
            times: by word, the number of examples with it (document frequency).
            words: by intent, the words in at least OFTEN of its examples.
            short: by intent, its one-word examples, which always count as known.
        """
        self._examples, self._times = examples, times
        self._words = {intent: frozenset(known) for intent, known in words.items()}
        self._short = {intent: frozenset(known) for intent, known in short.items()}

    @classmethod
    def learn(cls, texts: Iterable[str], labels: Iterable[str]) -> Familiarity:
        """Learn from folded texts and their intents."""
        times: Counter[str] = Counter()
        of_intent: dict[str, Counter[str]] = defaultdict(Counter)
        short: dict[str, set[str]] = defaultdict(set)
        examples = 0
        for text, label in zip(texts, labels, strict=True):
            words = _stems(text)
            times.update(words)
            of_intent[label].update(words)
            examples += 1
            if " " not in text:
                short[label].add(text)
        often = {
            intent: [word for word, count in words.items() if count >= OFTEN] for intent, words in of_intent.items()
        }
        return cls(examples, times, often, short)

    def share(self, text: str, intent: str) -> float:
        """The share of a folded text's words that an intent knows, 0 to 1; rare words weigh more than common ones."""
        if text in self._short.get(intent, ()):
            return 1.0
        weights = {word: self._rarity(word) for word in _stems(text)}
        known = sum(weight for word, weight in weights.items() if word in self._words.get(intent, ()))
        return known / (sum(weights.values()) or 1.0)

    def _rarity(self, word: str) -> float:
        return math.log((self._examples + 1) / (self._times.get(word, 0) + 1))

    def save(self, folder: Path) -> None:
        """Write the words as JSON."""
        words, short = (_sorted(sets) for sets in (self._words, self._short))
        content = {"examples": self._examples, "times": dict(self._times), "words": words, "short": short}
        (folder / FILE).write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Familiarity:
        """Read what `save` wrote."""
        return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))


def _stems(text: str) -> set[str]:
    return {word[: max(STEM, len(word) - ENDING)] for word in text.split()}


def _sorted(sets: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {name: sorted(members) for name, members in sets.items()}
