"""The second level of understanding: which question of an intent a message asks (topic × aspect). Independent of Rasa.

An intent such as `ask_late_fees` has questions such as `ask_late_fees/whether` (Rasa's notation for retrieval intents).
Each intent has small models of its own, on the features that occur in its examples only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.nlu.linear import Softmax
from bot.nlu.text_features import Floats

FILE = "aspects.npz"


@dataclass(frozen=True)
class AspectModel:
    """A model on some of the columns of a feature matrix."""

    columns: npt.NDArray[np.int32]
    model: Softmax

    @classmethod
    def fit(cls, features: csr_matrix, questions: Sequence[str], strength: float, groups: Sequence[int]) -> AspectModel:
        """Train on rows of features; columns that are empty in all of them are left out."""
        columns = np.unique(features.indices).astype(np.int32)
        return cls(columns, Softmax.fit(features[:, columns], questions, strength, groups=groups))

    def confidences(self, features: csr_matrix) -> dict[str, float]:
        """The calibrated confidence of each question, for one row of features."""
        found: Floats = self.model.probabilities(features[:, self.columns])[0]
        return dict(zip(self.model.classes, map(float, found), strict=True))


@dataclass(frozen=True)
class Aspects:
    """The models of one feature matrix, by intent; an intent whose examples name no question has none."""

    by_intent: dict[str, AspectModel]

    @classmethod
    def fit(
        cls,
        features: csr_matrix,
        intents: Sequence[str],
        questions: Sequence[str | None],
        strength: float,
        groups: Sequence[int],
    ) -> Aspects:
        """Train one model for each intent with two questions or more."""
        rows: dict[str, list[int]] = {}
        for place, (intent, question) in enumerate(zip(intents, questions, strict=True)):
            if question is not None:
                rows.setdefault(intent, []).append(place)
        models = {
            intent: AspectModel.fit(
                features[places], [str(questions[p]) for p in places], strength, [groups[p] for p in places]
            )
            for intent, places in sorted(rows.items())
            if len({questions[place] for place in places}) > 1
        }
        return cls(models)

    def confidences(self, intent: str, features: csr_matrix) -> dict[str, float]:
        """The confidences of an intent's questions; empty where it has none."""
        model = self.by_intent.get(intent)
        return model.confidences(features) if model else {}

    def save(self, folder: Path, name: str) -> None:
        """Write all models to one file."""
        content: dict[str, npt.NDArray[np.generic]] = {}
        for intent, one in self.by_intent.items():
            content[f"{intent}.columns"] = one.columns
            content[f"{intent}.classes"] = np.asarray(one.model.classes)
            content[f"{intent}.weights"] = one.model.weights
            content[f"{intent}.bias"] = np.append(one.model.bias, one.model.temperature)
        np.savez_compressed(folder / f"{name}.{FILE}", **content)

    @classmethod
    def load(cls, folder: Path, name: str) -> Aspects:
        """Read what `save` wrote."""
        content = np.load(folder / f"{name}.{FILE}", allow_pickle=False)
        models = {}
        for intent in sorted({key.partition(".")[0] for key in content.files}):
            *bias, temperature = content[f"{intent}.bias"]
            model = Softmax(
                [str(one) for one in content[f"{intent}.classes"]],
                content[f"{intent}.weights"],
                np.asarray(bias, np.float32),
                float(temperature),
            )
            models[intent] = AspectModel(content[f"{intent}.columns"], model)
        return cls(models)
