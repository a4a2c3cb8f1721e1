"""Whether a message asks about a published topic: a logistic regression on what `TopicIndex.features` finds.

Its weights and the margin are in `topic_decision.json`; `python -m bot.evaluation.topic_margin` chooses them on the
development topics. Independent of Rasa.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.topic_index import FEATURES, Features

FILE = Path(__file__).parent / "topic_decision.json"


@dataclass(frozen=True)
class TopicDecision:
    """The regression, and the scores from which a topic is answered.

    Attributes:
        features: the names of what it was fitted on; means, scales: of each; weights: of the standardised features.
        counts, margins: the score from which a topic with so many examples a language is answered. More examples are
            like more sentences, so the margin rises with them.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    counts: tuple[float, ...] = (1.0,)
    margins: tuple[float, ...] = (0.0,)

    def above(self, features: Features, counts: Sequence[float]) -> Features:
        """By how much each topic's score is above its margin; from 0 on it is answered.

        Args:
            counts: of each topic, its examples a language.
        """
        margins = np.interp(np.log(np.maximum(counts, 1.0)), np.log(self.counts), self.margins)
        return np.asarray(self.scores(features) - margins)

    def scores(self, features: Features) -> Features:
        """A score for each topic."""
        standard = (features - np.asarray(self.means)) / np.asarray(self.scales)
        return np.asarray(standard @ np.asarray(self.weights) + self.bias)

    def save(self, path: Path = FILE) -> None:
        """Write the decision."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


@lru_cache(maxsize=1)
def topic_decision(path: Path = FILE) -> TopicDecision:
    """The decision as it was chosen.

    Raises:
        ValueError: the file was made for other features.
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    read: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in content.items()}
    found = TopicDecision(**read)
    if found.features != FEATURES:
        raise ValueError(f"{path} is for other features; run 'python -m bot.evaluation.topic_margin'.")
    return found
