"""The space in which topics that were published after training are compared with all that was trained.

Sentence vectors of one subject lie close together, so plain cosine says little. Here the directions in which examples
of one intent differ from each other count less (whitening by the within-class covariance), and what is left is
projected on its main axes. Independent of Rasa.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.nlu.encoder import Vectors

if TYPE_CHECKING:
    from bot.sentence_vectors.nearest_rows import NearestRows

AXES = 128  # 384 axes find no more, and take five times as long (docs/nlu.md)
SHRINKAGE = 1.0  # added to each variance, in units of the mean variance
FILE, EXAMPLES_FILE = "meaning_space.npz", "known_examples.json.gz"


def normed(vectors: Vectors) -> Vectors:
    """Each row with norm 1."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)


@dataclass(frozen=True)
class MeaningSpace:
    """A projection of sentence vectors, and the trained examples in it.

    Attributes:
        centre: the mean of the training vectors; projection: one column for each axis.
        known: the plain training examples, a row of norm 1 each.
    """

    centre: Vectors
    projection: Vectors
    known: Vectors

    @classmethod
    def learn(
        cls, vectors: Vectors, labels: Sequence[str], weights: Sequence[float], kept: Sequence[bool]
    ) -> MeaningSpace:
        """Learn the space of training examples.

        Args:
            vectors: one row of norm 1 for each example.
            labels: the intent of each; weights: how much each counts; kept: whether it is among `known`.
        """
        centre = vectors.mean(axis=0)
        moved = normed(vectors - centre)
        counts = np.asarray(weights, dtype=np.float64)
        whitening = _whitening(moved, np.asarray(labels), counts / counts.sum())
        spread = normed(moved @ whitening)
        axes = np.linalg.eigh(spread.T @ spread)[1][:, -AXES:]
        projection = (whitening @ axes).astype(np.float32)
        return cls(centre, projection, normed(moved[np.asarray(kept, dtype=bool)] @ projection))

    def places(self, vectors: Vectors) -> Vectors:
        """Where sentence vectors lie in the space: one row of norm 1 each."""
        return normed(normed(vectors - self.centre) @ self.projection)

    def nearest_known(self, place: Vectors, count: int) -> Vectors:
        """The cosines of the nearest trained examples of one place, nearest first."""
        return self._nearest.products(place, count)

    @cached_property
    def _nearest(self) -> NearestRows:
        from bot.sentence_vectors.nearest_rows import NearestRows  # there only where sentences are encoded

        return NearestRows(self.known)

    def save(self, folder: Path) -> None:
        """Write the space; the examples with half precision."""
        known = self.known.astype(np.float16)
        np.savez_compressed(folder / FILE, centre=self.centre, projection=self.projection, known=known)

    @classmethod
    def load(cls, folder: Path) -> MeaningSpace | None:
        """Read what `save` wrote; None where a model has none (it was trained without sentence vectors)."""
        if not (folder / FILE).exists():
            return None
        read = np.load(folder / FILE, allow_pickle=False)
        return cls(read["centre"], read["projection"], read["known"].astype(np.float32))


def save_known_examples(folder: Path, texts: Sequence[str], intents: Sequence[str]) -> None:
    """Write the examples that are `MeaningSpace.known`, for showing which of them a new topic is like."""
    content = json.dumps([*zip(texts, intents, strict=True)], ensure_ascii=False).encode()
    (folder / EXAMPLES_FILE).write_bytes(gzip.compress(content, mtime=0))


def load_known_examples(folder: Path) -> list[tuple[str, str]]:
    """Text and intent of each row of `MeaningSpace.known`."""
    read: list[list[str]] = json.loads(gzip.decompress((folder / EXAMPLES_FILE).read_bytes()))
    return [(text, intent) for text, intent in read]


def _whitening(moved: Vectors, labels: np.ndarray[tuple[int], np.dtype[np.str_]], counts: Vectors) -> Vectors:
    """The inverse square root of the (shrunken) covariance within intents."""
    within = np.zeros((moved.shape[1], moved.shape[1]))
    for label in np.unique(labels):
        rows, shares = moved[labels == label], counts[labels == label][:, np.newaxis]
        apart = rows - (rows * shares).sum(axis=0) / shares.sum()
        within += (apart * shares).T @ apart
    mean = np.trace(within) / len(within) or 1.0
    values, axes = np.linalg.eigh(within / mean + SHRINKAGE * np.eye(len(within)))
    return np.asarray((axes / np.sqrt(values)) @ axes.T, dtype=np.float32)
