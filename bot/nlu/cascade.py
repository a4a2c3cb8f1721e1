"""The intent classifier's model, a cascade: character n-grams first, sentence vectors for the unsure rest. No Rasa."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, vstack

from bot.nlu.aspects import Aspects
from bot.nlu.danger_detector import NEITHER, UNLIKELY, DangerDetector, alarm_label, alarm_model
from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.linear import SEED, Softmax, beside, fitted_temperature
from bot.nlu.progress import TrainingStep, reached
from bot.nlu.slips import with_slips
from bot.nlu.spelling import Spelling
from bot.nlu.text_features import Floats, TextFeatures
from bot.words.text import fold, without_diacritics

SPELLING, SHORT = "spelling.json.gz", "short.json"
SHORT_WORDS = 2
VARIANTS = 3  # of a sentence: corrected, as written, with typos
VECTOR_WEIGHT = 0.7  # of a sentence vector next to n-grams of norm 1; docs/nlu.md says how it was chosen


@dataclass(frozen=True)
class Hybrid:
    """The second model, on n-grams concatenated with a sentence vector, and the mean of the training vectors."""

    model: Softmax
    centre: Vectors

    def features(self, rows: csr_matrix, vectors: Vectors) -> csr_matrix:
        """One row for each text."""
        return with_vectors(rows, vectors, self.centre)


def with_vectors(rows: csr_matrix, vectors: Vectors, centre: Vectors) -> csr_matrix:
    """n-grams concatenated with vectors, which are mean-centred and normalised, since e5's own space is narrow."""
    moved = vectors - centre
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
    aspects: Aspects
    hybrid_aspects: Aspects | None
    danger: DangerDetector
    short: dict[str, tuple[str, str | None]]

    @classmethod
    def fit(
        cls,
        texts: list[str],
        labels: list[str],
        questions: list[str | None],
        spelling: Spelling,
        ngrams: TextFeatures,
        strength: float,
        encoder: Encoder | None,
        sure: float,
        harmless: Sequence[str] = (),
        weights: Sequence[float] | None = None,
        within: float | None = None,
    ) -> Cascade:
        """Train all models on each sentence spell-corrected, as written, and with typos (data augmentation).

        The three share the vector of the corrected sentence, since encoding takes most of the time.

        Args:
            questions: of each text, the question within its intent, or None.
            harmless: further texts, for the danger detector alone, that are neither danger nor despair.
            weights: how much each text counts for the intents; None for all alike.
            within: strength of the models of questions and of danger, whose examples all count alike; None for
                `strength`.
        """
        reached(TrainingStep.LETTERS)
        mended = [spelling.mended(text) for text in texts]
        # The typos are seeded by each text, so that a new example does not change those of the others.
        mistyped = [without_diacritics(with_slips(text, random.Random(f"{SEED} {text}"))) for text in texts]  # noqa: S311
        base = len(texts)
        variants = [(fold(text), place) for texts_ in (mended, texts, mistyped) for place, text in enumerate(texts_)]
        # The corrected sentences come first; another variant counts only where it differs.
        shown = [*variants[:base], *(one for one in dict.fromkeys(variants[base:]) if one[0] != variants[one[1]][0])]
        ngrams.fit([text for text, _ in shown[:base]])
        rows, groups = ngrams.transform([text for text, _ in shown]), [place for _, place in shown]
        answers, asked = [labels[place] for place in groups], [questions[place] for place in groups]
        # The machines sum their losses over all rows, so fewer rows of a sentence would mean a stronger regularisation.
        per_row = VARIANTS * base / len(shown)
        inner = strength if within is None else within
        counts = [1.0] * base if weights is None else list(weights)
        beside_danger = [fold(spelling.mended(text)) for text in harmless]
        # One variant of each is enough to tell three classes apart, and takes a third of the time.
        alarm_rows = vstack([rows[:base], ngrams.transform(beside_danger)], format="csr") if harmless else rows[:base]
        alarms = [*map(alarm_label, labels), *(NEITHER for _ in harmless)]
        row_counts = [counts[place] for place in groups]
        fits = [
            *_fits(rows, answers, strength * per_row, groups, row_counts),
            delayed(Aspects.fit)(rows, answers, asked, inner * per_row, groups),
            delayed(alarm_model)(alarm_rows, alarms, inner * VARIANTS),
        ]
        centre: Vectors | None = None
        if encoder is not None:
            reached(TrainingStep.VECTORS)
            # In one call: between trainings, the vectors of the latest call are kept.
            vectors = encoder.encode([*mended, *(spelling.mended(text) for text in harmless)])
            centre = vectors[:base].mean(axis=0)
            both = with_vectors(alarm_rows, vectors, centre)
            # One variant of each: with the vectors, three would take ten minutes instead of three.
            fits += [
                *_fits(both[:base], labels, strength * VARIANTS, range(base), counts),
                delayed(Aspects.fit)(both[:base], labels, questions, inner * VARIANTS, range(base)),
                delayed(alarm_model)(both, alarms, inner * VARIANTS),
            ]
        reached(TrainingStep.MODELS)
        # In processes: in threads, liblinear's one random state would make the weights depend on who comes first.
        characters, temperature, aspects, danger, *by_meaning = Parallel(n_jobs=-1, mmap_mode="c")(fits)
        intents, hybrid_temperature, hybrid_aspects, hybrid_danger = by_meaning or [None] * 4
        return cls(
            spelling,
            ngrams,
            characters.calibrated(temperature),
            Hybrid(intents.calibrated(hybrid_temperature), centre) if centre is not None else None,
            encoder,
            sure,
            aspects,
            hybrid_aspects,
            DangerDetector(danger, hybrid_danger),
            short_examples(shown[:base], labels, questions),
        )

    def confidences(self, text: str) -> tuple[list[str], Floats]:
        """The intents and their calibrated confidences for one text."""
        mended = self.spelling.mended(text)
        if known := self.short.get(fold(mended)):
            classes = self.characters.classes
            return classes, np.asarray([float(intent == known[0]) for intent in classes])
        row = self.ngrams.row(fold(mended))
        found = self.characters.probabilities_of(row)
        if found.max() >= self.sure or self.hybrid is None or self.encoder is None:
            return self.characters.classes, found
        features = self.hybrid.features(row.as_matrix(), self.encoder.encode([mended]))
        return self.hybrid.model.classes, self.hybrid.model.probabilities(features)[0]

    def questions(self, text: str, intent: str) -> dict[str, float]:
        """The calibrated confidences of the questions of an intent for one text; empty where it has none."""
        mended = self.spelling.mended(text)
        known = self.short.get(fold(mended))
        if known and known[1] and known[0] == intent:
            return {known[1]: 1.0}
        row = self.ngrams.row(fold(mended)).as_matrix()
        found = self.aspects.confidences(intent, row)
        if not found or max(found.values()) >= self.sure:
            return found
        if self.hybrid is None or self.hybrid_aspects is None or self.encoder is None:
            return found
        features = self.hybrid.features(row, self.encoder.encode([mended]))
        return self.hybrid_aspects.confidences(intent, features)

    def alarms(self, text: str) -> dict[str, float]:
        """The probability that a text tells of danger, and of despair."""
        mended = self.spelling.mended(text)
        row = self.ngrams.row(fold(mended))
        found = self.danger.glance(row)
        if sum(found.values()) < UNLIKELY or self.hybrid is None or self.encoder is None or not self.danger.hybrid:
            return found
        return self.danger.look(self.hybrid.features(row.as_matrix(), self.encoder.encode([mended])))

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
        self.danger.save(folder)
        (folder / SHORT).write_text(json.dumps(self.short, ensure_ascii=False), encoding="utf-8")
        self.aspects.save(folder, "characters")
        if self.hybrid_aspects is not None:
            self.hybrid_aspects.save(folder, "hybrid")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None, sure: float) -> Cascade:
        """Read what `save` wrote."""
        hybrid = hybrid_aspects = None
        if (folder / "centre.npz").exists():
            centre = np.load(folder / "centre.npz", allow_pickle=False)["centre"]
            hybrid = Hybrid(Softmax.load(folder, "hybrid"), centre)
            hybrid_aspects = Aspects.load(folder, "hybrid")
        return cls(
            Spelling.load(folder / SPELLING),
            TextFeatures.load(folder, "ngrams"),
            Softmax.load(folder, "characters"),
            hybrid,
            encoder,
            sure,
            Aspects.load(folder, "characters"),
            hybrid_aspects,
            DangerDetector.load(folder),
            {text: (intent, question) for text, (intent, question) in _read(folder / SHORT).items()},
        )


def _fits(
    rows: csr_matrix, labels: Sequence[str], strength: float, groups: Sequence[int], weights: Sequence[float]
) -> list[Any]:
    """The two halves of fitting the largest models, each as a job of its own: the machines, and their temperature."""
    return [
        delayed(Softmax.fit)(rows, labels, strength, calibrate=False, weights=weights),
        delayed(fitted_temperature)(rows, labels, strength, groups=groups, weights=weights),
    ]


def short_examples(
    shown: Sequence[tuple[str, int]], labels: Sequence[str], questions: Sequence[str | None]
) -> dict[str, tuple[str, str | None]]:
    """The shortest examples by their folded text, with intent and question: so few letters say little to a model."""
    return {text: (labels[place], questions[place]) for text, place in shown if len(text.split()) <= SHORT_WORDS}


def _read(path: Path) -> dict[str, list[str]]:
    content: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _by_intent(intents: list[str], values: Floats) -> dict[str, float]:
    return dict(zip(intents, map(float, values), strict=True))
