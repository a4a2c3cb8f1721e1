"""TF-IDF of character and word n-grams, stored as JSON and npz files.

The same numbers as scikit-learn gives (`TfidfVectorizer`; tests/nlu/test_text_features.py), in a fraction of the time:
n-grams do not reach over a word's end, and the same words come again and again, so each is taken apart once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int32]
CHARACTERS = "char_wb"
REMEMBERED = 4096  # words whose n-grams are kept for the next text


@dataclass(frozen=True)
class Row:
    """The non-zero features of one text (a sparse row): their columns and values, and the number of columns."""

    columns: Columns
    values: Floats
    width: int

    def as_matrix(self) -> csr_matrix:
        """One row of a sparse matrix."""
        return csr_matrix((self.values, self.columns, [0, len(self.columns)]), shape=(1, self.width))


class TextFeatures:
    """TF-IDF of character n-grams within words (scikit-learn's `char_wb`) and, optionally, of word n-grams."""

    def __init__(self, shortest: int, longest: int, min_df: int, words: int = 0) -> None:
        """
        Args:
            shortest, longest: characters of an n-gram.
            min_df: texts that must contain an n-gram for it to count (document frequency).
            words: length of the longest word n-gram; 0 for none.
        """
        self._kinds = [_Kind(_Settings(CHARACTERS, shortest, longest, min_df))]
        if words:
            self._kinds.append(_Kind(_Settings("word", 1, words, min_df)))

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        """Learn n-grams and their weights from folded texts."""
        for kind in self._kinds:
            kind.fit(texts)
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row of features for each text, with 32-bit floats."""
        return hstack([kind.transform(texts) for kind in self._kinds], format="csr")

    def row(self, text: str) -> Row:
        """The features of one text, as by `transform`, without the cost of a matrix."""
        places, values, before = [], [], 0
        for kind in self._kinds:
            counts = Counter(map(kind.vocabulary.get, kind.analyze(text)))
            counts.pop(None, None)
            columns = np.fromiter(counts, np.int32, len(counts))
            weights = (np.log(np.fromiter(counts.values(), np.float32, len(counts))) + 1) * kind.rarity[columns]
            length = np.linalg.norm(weights)
            places.append(columns + before)
            values.append(weights / length if length else weights)
            before += len(kind.vocabulary)
        return Row(np.concatenate(places), np.concatenate(values), before)

    @property
    def of_characters(self) -> tuple[Callable[[str], Iterable[str]], dict[str, int], Floats]:
        """The character n-grams of a text, the column of each known one, and the rarity (IDF) of each column."""
        kind = self._kinds[0]
        return kind.analyze, kind.vocabulary, kind.rarity

    def save(self, folder: Path, name: str) -> None:
        """Write the n-grams with their weights."""
        content = [{"settings": asdict(kind.settings), "ngrams": list(kind.vocabulary)} for kind in self._kinds]
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / f"{name}.npz", **{f"idf{at}": kind.rarity for at, kind in enumerate(self._kinds)})

    @classmethod
    def load(cls, folder: Path, name: str) -> TextFeatures:
        """Read what `save` wrote."""
        content: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        weights = np.load(folder / f"{name}.npz", allow_pickle=False)
        features = cls.__new__(cls)
        features._kinds = [_Kind(_Settings(**read["settings"])) for read in content]
        for number, (kind, read) in enumerate(zip(features._kinds, content, strict=True)):
            kind.vocabulary = {ngram: column for column, ngram in enumerate(read["ngrams"])}
            kind.rarity = weights[f"idf{number}"]
        return features


@dataclass(frozen=True)
class _Settings:
    """Names of scikit-learn: `char_wb` for n-grams of characters within words, `word` for n-grams of words."""

    analyzer: str
    shortest: int
    longest: int
    min_df: int


class _Kind:
    """The n-grams of one kind: their columns in the order of the alphabet, and the rarity (IDF) of each."""

    def __init__(self, settings: _Settings) -> None:
        self.settings = settings
        self.vocabulary: dict[str, int] = {}
        self.rarity: Floats = np.zeros(0, np.float32)
        of_characters = settings.analyzer == CHARACTERS
        self._parts: Callable[[str], list[str]] = str.split if of_characters else lambda text: [text]
        of_part = self._of_characters if of_characters else self._of_words
        self._ngrams = lru_cache(maxsize=REMEMBERED if of_characters else 0)(of_part)

    def analyze(self, text: str) -> list[str]:
        """The n-grams of a text, each as often as it occurs."""
        return [ngram for part in self._parts(text) for ngram in self._ngrams(part)]

    def fit(self, texts: Sequence[str]) -> None:
        """Learn them from texts.

        Raises:
            ValueError: no n-gram occurs in enough of them.
        """
        seen: dict[str, int] = {}
        counts = self._counts(texts, lambda ngrams: [seen.setdefault(ngram, len(seen)) for ngram in ngrams])
        times = np.bincount(counts.indices, minlength=len(seen))
        names = list(seen)
        kept = sorted(names[place] for place in np.flatnonzero(times >= self.settings.min_df))
        if not kept:
            raise ValueError("The texts have no n-gram in common; there is nothing to learn.")
        self.vocabulary = {ngram: column for column, ngram in enumerate(kept)}
        of_kept = times[[seen[ngram] for ngram in kept]].astype(np.float32)
        # As if one more text had every n-gram (smoothing).
        self.rarity = np.asarray(np.log((len(texts) + 1) / (of_kept + 1)) + 1, np.float32)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row of norm 1 for each text, or of zeros where it has no known n-gram."""
        known = self.vocabulary
        rows = self._counts(texts, lambda ngrams: [known[ngram] for ngram in ngrams if ngram in known])
        rows = csr_matrix((rows.data, rows.indices, rows.indptr), shape=(len(texts), len(known)))
        rows.data = (np.log(rows.data) + 1) * self.rarity[rows.indices]
        return normalize(rows, copy=False)

    def _counts(self, texts: Sequence[str], columns_of: Callable[[Iterable[str]], list[int]]) -> csr_matrix:
        """How often each text has each n-gram. Each word is taken apart once."""
        found: dict[str, Columns] = {}

        def of_part(part: str) -> Columns:
            if part not in found:
                found[part] = np.asarray(columns_of(self._ngrams(part)), np.int32)
            return found[part]

        rows = [[of_part(part) for part in self._parts(text)] for text in texts]
        columns = np.concatenate([np.zeros(0, np.int32), *chain.from_iterable(rows)])
        ends = np.cumsum([0, *(sum(map(len, row)) for row in rows)])
        shape = (len(texts), int(columns.max(initial=0)) + 1)
        matrix = csr_matrix((np.ones(len(columns), np.float32), columns, ends.astype(np.int32)), shape=shape)
        matrix.sum_duplicates()
        return matrix

    def _of_characters(self, word: str) -> list[str]:
        padded = f" {word} "
        found: list[str] = []
        for size in range(self.settings.shortest, self.settings.longest + 1):
            found += [padded[at : at + size] for at in range(max(1, len(padded) - size + 1))]
            if len(padded) <= size:  # shorter than its n-grams: it counts once, whole
                break
        return found

    def _of_words(self, text: str) -> list[str]:
        words = text.split()
        return [
            " ".join(words[at : at + size])
            for size in range(self.settings.shortest, self.settings.longest + 1)
            for at in range(len(words) - size + 1)
        ]
