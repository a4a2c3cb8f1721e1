"""Finds danger and despair in any message, whatever else it says: built to miss nothing. Independent of Rasa.

The intent classifier asks which of forty things a message is about; a danger inside a story or a question loses there.
This model only tells danger, despair and everything else apart. It learns the same examples and, beside them, messages
that look like danger and are none (`data/danger`): a fan, a shock at the bill, a fire last year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from bot.data_files import read_yaml
from bot.domain_names import ALARMS, Intent
from bot.nlu.linear import Softmax
from bot.nlu.text_features import Floats, Row
from bot.parse_result import Guess
from bot.settings import LANGUAGES, PROJECT

HARMLESS = PROJECT / "data" / "danger"
NEITHER = "neither"
CLEARLY = 0.75  # confidence from which another intent speaks against danger
UNLIKELY = 0.02  # probability of both alarms together, by characters, below which sentence vectors are not consulted


def alarm_label(intent: str) -> str:
    """The detector's label for an example of an intent."""
    return intent if intent in ALARMS else NEITHER


def speaks_against(likeliest: Guess) -> bool:
    """Whether the likeliest intent makes danger improbable: a clear one of ours that is no alarm itself."""
    return likeliest.confidence >= CLEARLY and likeliest.intent not in (*ALARMS, Intent.OUT_OF_SCOPE)


def without_alarms(ranking: Sequence[Guess]) -> list[Guess]:
    """The ranking as if there were neither danger nor despair: the others share their confidence."""
    others = [guess for guess in ranking if guess.intent not in ALARMS]
    total = sum(guess.confidence for guess in others)
    return [replace(guess, confidence=round(guess.confidence / total, 4)) for guess in others] if total else others


def harmless_files() -> list[Path]:
    """The files with messages that only look like danger, one a language."""
    return [HARMLESS / f"harmless.{language}.yml" for language in LANGUAGES]


@lru_cache(maxsize=1)
def harmless_examples() -> tuple[str, ...]:
    """Messages that look like danger and are none."""
    kinds = (lines for path in harmless_files() for lines in read_yaml(path)["examples"].values())
    return tuple(line.strip() for lines in kinds for line in lines.splitlines() if line.strip())


def alarm_model(rows: csr_matrix, labels: Sequence[str], strength: float) -> Softmax | None:
    """A model of the labels of `alarm_label`, one of each row; None where the examples have neither alarm."""
    return Softmax.fit(rows, labels, strength, balanced=True) if len(set(labels)) > 1 else None


@dataclass(frozen=True)
class DangerDetector:
    """Two linear models, like the cascade's: on character n-grams and, where these see a chance, on the hybrid's.

    Where the examples have neither alarm, it has no models and never sees one.
    """

    characters: Softmax | None
    hybrid: Softmax | None

    def glance(self, row: Row) -> dict[str, float]:
        """The probability of each alarm from character n-grams alone."""
        if self.characters is None:
            return dict.fromkeys(ALARMS, 0.0)
        return _alarms(self.characters, self.characters.probabilities_of(row))

    def look(self, features: csr_matrix) -> dict[str, float]:
        """The probability of each alarm from the hybrid's features; needs the hybrid."""
        if self.hybrid is None:
            raise RuntimeError("The danger detector was trained without sentence vectors.")
        return _alarms(self.hybrid, self.hybrid.probabilities(features)[0])

    def save(self, folder: Path) -> None:
        """Write both models."""
        if self.characters is not None:
            self.characters.save(folder, "danger")
        if self.hybrid is not None:
            self.hybrid.save(folder, "danger_hybrid")

    @classmethod
    def load(cls, folder: Path) -> DangerDetector:
        """Read what `save` wrote."""
        return cls(*(_loaded(folder, name) for name in ("danger", "danger_hybrid")))


def _loaded(folder: Path, name: str) -> Softmax | None:
    return Softmax.load(folder, name) if (folder / f"{name}.json").exists() else None


def _alarms(model: Softmax, values: Floats) -> dict[str, float]:
    found = dict(zip(model.classes, map(float, np.asarray(values)), strict=True))
    return {alarm: found.get(alarm, 0.0) for alarm in ALARMS}
