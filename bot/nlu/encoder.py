"""Sentence vectors (embeddings): meaning where the wording is new. Optional: without, understanding is a little worse.

Text is cleaned and truncated first. ONNX Runtime releases the GIL: other threads of the process run while it computes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from joblib import cpu_count

from bot.nlu.progress import TrainingStep, reached
from bot.sentence_vectors.e5_file import UnknownE5FileError, e5_path
from bot.words.text import clean

if TYPE_CHECKING:
    from bot.sentence_vectors.onnx_engine import SentenceVectors

logger = logging.getLogger(__name__)
TEXT_LIMIT = 512  # characters
# Time grows faster than the number of tokens: each repeated emoji or punctuation mark is one or two tokens; the longest
# of our training sentences has 75.
TOKEN_LIMIT = 96
AT_ONCE = 256  # texts between two reports of progress

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that encodes sentences as vectors."""

    @property
    def name(self) -> str:
        """What tells its vectors from those of another encoder: weights, and how they are computed."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text: a vector of norm 1."""
        ...


class E5Encoder:
    """multilingual-e5-small, with a cache of the latest texts."""

    def __init__(self, engine: SentenceVectors) -> None:
        self._engine = engine
        self.name = f"{engine.name}, {TEXT_LIMIT} characters, {TOKEN_LIMIT} tokens"
        self._one = lru_cache(maxsize=2048)(self._encode_one)

    def _encode_one(self, text: str) -> Vectors:
        return self._engine.vector(self.pieces(text))

    def pieces(self, text: str) -> list[int]:
        """The numbers of the word pieces that are encoded: at most `TOKEN_LIMIT`, with those of begin and end."""
        found = self._engine.tokens(clean(text).lower()[:TEXT_LIMIT])
        return found if len(found) <= TOKEN_LIMIT else [*found[: TOKEN_LIMIT - 1], found[-1]]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, whatever texts are beside it. Many texts use all cores."""
        if len(texts) <= AT_ONCE:
            return np.stack([self._one(text) for text in texts])
        made: list[Vectors] = []
        with ThreadPoolExecutor(cpu_count()) as pool:
            for start in range(0, len(texts), AT_ONCE):
                made += pool.map(self._encode_one, texts[start : start + AT_ONCE])
                reached(TrainingStep.VECTORS, len(made) / len(texts))
        return np.stack(made)


@lru_cache(maxsize=1)
def e5() -> Encoder | None:
    """The encoder, one for each process; None where the package of its weights is missing, or is another version."""
    try:
        from bot.sentence_vectors.onnx_engine import SentenceVectors

        return E5Encoder(SentenceVectors(e5_path()))
    except (ImportError, OSError, UnknownE5FileError) as error:
        logger.warning("No sentence vectors (%s): understanding works without them, a little worse.", error)
        return None
