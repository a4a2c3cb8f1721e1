"""A disk cache of sentence vectors between trainings, so that a changed example costs one encoding and not all."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from bot.nlu.encoder import Encoder, Vectors


class CachedEncoder:
    """A caching encoder: it calls the inner one only for texts that are not in its file.

    Vectors that another encoder made are not used.
    """

    def __init__(self, inner: Encoder, path: Path, *, keep_only: bool) -> None:
        """
        Args:
            keep_only: after each call the file contains only the texts of that call, so that it does not grow
                with every training.
        """
        self.name = inner.name
        self._inner, self._path, self._keep_only = inner, path, keep_only

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._inner.name}\0{text}".encode("utf-8", errors="replace")).hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text: a vector of norm 1."""
        keys = [self._key(text) for text in texts]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path)) as file, file:
            file.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
            known: dict[str, bytes] = dict(file.execute("SELECT key, vector FROM vectors"))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                made = self._inner.encode(list(missing.values()))
                known |= {key: row.astype(np.float32).tobytes() for key, row in zip(missing, made, strict=True)}
            if self._keep_only:
                file.execute("DELETE FROM vectors")
                missing = dict.fromkeys(keys, "")
            file.executemany("INSERT INTO vectors VALUES (?, ?)", [(key, known[key]) for key in missing])
        return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in keys])
