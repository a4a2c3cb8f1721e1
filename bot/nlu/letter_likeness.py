"""How alike texts are by their letters: TF-IDF of character n-grams, also of words that training never saw.

The classifier's n-grams leave out what is not in the training examples; the words of a new topic are just that. Such
n-grams count as the rarest ones here. Independent of Rasa.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.encoder import Vectors
from bot.nlu.text_features import TextFeatures

Profile = dict[str, float]  # n-gram → weight; the squares of the weights sum to 1
BEGINNING = 5  # characters of an n-gram that begins a word: the space before it, and four letters


def profile(ngrams: TextFeatures, folded: str) -> Profile:
    """The character n-grams of a folded text, weighted by rarity."""
    analyse, vocabulary, rarity = ngrams.of_characters
    rarest = float(rarity.max())
    counts = Counter(analyse(folded))
    found = {
        gram: (math.log(times) + 1) * (float(rarity[vocabulary[gram]]) if gram in vocabulary else rarest)
        for gram, times in counts.items()
    }
    length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
    return {gram: weight / length for gram, weight in found.items()}


def beginnings(ngrams: TextFeatures, letters: Profile) -> dict[str, float]:
    """How the words of a profile's text begin, which leaves out their endings; each with its rarity (IDF)."""
    _, vocabulary, rarity = ngrams.of_characters
    rarest = float(rarity.max())
    found = [gram for gram in letters if len(gram) == BEGINNING and gram.startswith(" ")]
    return {gram: float(rarity[vocabulary[gram]]) if gram in vocabulary else rarest for gram in found}


class LetterLikeness:
    """Compares a text with several others at once."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._columns = {gram: place for place, gram in enumerate(dict.fromkeys(g for one in profiles for g in one))}
        rows = [place for place, one in enumerate(profiles) for _ in one]
        columns = [self._columns[gram] for one in profiles for gram in one]
        values = np.asarray([weight for one in profiles for weight in one.values()], dtype=np.float32)
        self._profiles = csr_matrix((values, (rows, columns)), shape=(len(profiles), len(self._columns)))

    def to(self, text: Profile) -> Vectors:
        """The cosine of a text with each of the others."""
        weights = np.zeros(len(self._columns), dtype=np.float32)
        for gram, weight in text.items():
            column = self._columns.get(gram)
            if column is not None:
                weights[column] = weight
        return np.asarray(self._profiles @ weights)
