"""Our TF-IDF gives what scikit-learn's gives."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.text_features import TextFeatures
from bot.settings import LANGUAGES
from bot.training.sentences import training
from bot.words.text import fold

LEARNT = 1500
ODD = ["", " ", "a", "ab", "a a a", "\u00a0kur\tir\n", "xyzzy", "nav nav", "ļ", "12 eur. 5"]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Training examples of both languages, every twentieth, and odd texts; the first LEARNT are learnt."""
    return [*(fold(one.text) for language in LANGUAGES for one in training(language)[::20]), *ODD]


def theirs(learnt: Sequence[str], texts: Sequence[str], min_df: int, words: int) -> csr_matrix:
    """Features by scikit-learn."""
    kinds = [
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=min_df, sublinear_tf=True, dtype=np.float32)
    ]
    if words:
        kinds.append(
            TfidfVectorizer(
                ngram_range=(1, words), min_df=min_df, token_pattern=r"\S+", sublinear_tf=True, dtype=np.float32
            )
        )
    return hstack([kind.fit(learnt).transform(texts) for kind in kinds], format="csr")


@pytest.mark.parametrize(("min_df", "words"), [(1, 0), (2, 1), (2, 2)])
def test_the_features_are_those_of_scikit_learn(texts: list[str], min_df: int, words: int) -> None:
    ours = TextFeatures(3, 5, min_df, words).fit(texts[:LEARNT]).transform(texts)
    expected = theirs(texts[:LEARNT], texts, min_df, words)
    assert ours.shape == expected.shape
    assert abs(ours - expected).max() < 1e-6


def test_texts_without_a_common_n_gram_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        TextFeatures(3, 5, 2).fit(["abc", "xyz"])
