"""The intent classifier's model, a cascade: character n-grams first, sentence vectors for the unsure rest. No Rasa."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.linear import SEED, Floats, Softmax, TextFeatures, beside
from bot.nlu.progress import TrainingStep, reached
from bot.nlu.slips import with_slips
from bot.nlu.spelling import Spelling
from bot.words.text import fold, without_diacritics

SPELLING = "spelling.json.gz"
VECTOR_WEIGHT = 0.7  # of a sentence vector next to n-grams of norm 1; docs/nlu.md says how it was chosen


@dataclass(frozen=True)
class Hybrid:
    """The second model, on n-grams concatenated with a sentence vector, and the mean of the training vectors."""

    model: Softmax
    centre: Vectors

    def features(self, rows: object, vectors: Vectors) -> object:
        """n-grams concatenated with vectors, which are mean-centred and normalised, since e5's own space is narrow."""
        moved = vectors - self.centre
        lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        return beside(rows, moved / lengths * VECTOR_WEIGHT)


@dataclass(frozen=True)
class Cascade:
    """A linear model on character n-grams and, where it is unsure and there is an encoder, the hybrid."""

    spelling: Spelling
    ngrams: TextFeatures
    characters: Softmax
    hybrid: Hybrid | None
    encoder: Encoder | None
    sure: float

    @classmethod
    def fit(
        cls,
        texts: list[str],
        labels: list[str],
        spelling: Spelling,
        ngrams: TextFeatures,
        strength: float,
        encoder: Encoder | None,
        sure: float,
    ) -> Cascade:
        """Train both models on each sentence spell-corrected, as written, and with typos (data augmentation).

        The three share the vector of the corrected sentence, since encoding takes most of the time.
        """
        reached(TrainingStep.CHARACTERS)
        mended = [spelling.mended(text) for text in texts]
        # The typos are seeded by each text, so that a new example does not change those of the others.
        mistyped = [without_diacritics(with_slips(text, random.Random(f"{SEED} {text}"))) for text in texts]  # noqa: S311
        shown = [fold(text) for variant in (mended, texts, mistyped) for text in variant]
        variants = len(shown) // len(texts)
        ngrams.fit(shown[: len(texts)])
        rows, answers, groups = ngrams.transform(shown), labels * variants, list(range(len(texts))) * variants
        characters = Softmax.fit(rows, answers, strength, groups=groups)
        hybrid = None
        if encoder is not None:
            reached(TrainingStep.VECTORS)
            vectors = encoder.encode(mended)
            reached(TrainingStep.MEANING)
            centre = vectors.mean(axis=0)
            both = Hybrid(characters, centre).features(rows, np.tile(vectors, (variants, 1)))
            hybrid = Hybrid(Softmax.fit(both, answers, strength, groups=groups), centre)
        return cls(spelling, ngrams, characters, hybrid, encoder, sure)

    def confidences(self, text: str) -> tuple[list[str], Floats]:
        """The intents and their calibrated confidences for one text."""
        mended = self.spelling.mended(text)
        row = self.ngrams.row(fold(mended))
        found = self.characters.probabilities_of(row)
        if found.max() >= self.sure or self.hybrid is None or self.encoder is None:
            return self.characters.classes, found
        features = self.hybrid.features(row.as_matrix(), self.encoder.encode([mended]))
        return self.hybrid.model.classes, self.hybrid.model.probabilities(features)[0]

    def distributions(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The calibrated confidence of every intent, for each text."""
        return [_by_intent(*self.confidences(text)) for text in texts]

    def glance(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The distributions from character n-grams alone, in a fifth of the time."""
        rows = (self.ngrams.row(fold(self.spelling.mended(text))) for text in texts)
        return [_by_intent(self.characters.classes, self.characters.probabilities_of(row)) for row in rows]

    def save(self, folder: Path) -> None:
        """Write the words as gzipped JSON, the models as JSON and npz."""
        self.spelling.save(folder / SPELLING)
        self.ngrams.save(folder, "ngrams")
        self.characters.save(folder, "characters")
        if self.hybrid is not None:
            self.hybrid.model.save(folder, "hybrid")
            np.savez_compressed(folder / "centre.npz", centre=self.hybrid.centre)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None, sure: float) -> Cascade:
        """Read what `save` wrote."""
        hybrid = None
        if (folder / "centre.npz").exists():
            centre = np.load(folder / "centre.npz", allow_pickle=False)["centre"]
            hybrid = Hybrid(Softmax.load(folder, "hybrid"), centre)
        return cls(
            Spelling.load(folder / SPELLING),
            TextFeatures.load(folder, "ngrams"),
            Softmax.load(folder, "characters"),
            hybrid,
            encoder,
            sure,
        )


def _by_intent(intents: list[str], values: Floats) -> dict[str, float]:
    return dict(zip(intents, map(float, values), strict=True))
