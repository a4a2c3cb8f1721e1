"""Sentence embeddings cached on disk: computed once, and only those that are needed."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.vector_cache import CachedEncoder


class Lengths:
    """A fake encoder whose vectors are lengths, and that records its calls."""

    def __init__(self, name: str = "lengths") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.asarray([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "models" / "vectors.sqlite3"


def kept(path: Path) -> int:
    with sqlite3.connect(path) as file:
        return int(file.execute("SELECT count(*) FROM vectors").fetchone()[0])


def test_a_text_is_encoded_once(path: Path) -> None:
    inner = Lengths()
    for texts in (["a", "bb", "a"], ["bb", "ccc"]):
        CachedEncoder(inner, path, keep_only=False).encode(texts)
    assert inner.asked == ["a", "bb", "ccc"]


def test_vectors_come_in_the_order_of_the_texts(path: Path) -> None:
    encoder = CachedEncoder(Lengths(), path, keep_only=False)
    encoder.encode(["bb"])
    assert encoder.encode(["ccc", "bb", "ccc"])[:, 0].tolist() == [3.0, 2.0, 3.0]


@pytest.mark.parametrize(("keep_only", "count"), [(True, 1), (False, 2)])
def test_texts_of_earlier_calls_are_kept_only_if_wanted(path: Path, keep_only: bool, count: int) -> None:
    encoder = CachedEncoder(Lengths(), path, keep_only=keep_only)
    encoder.encode(["a"])
    encoder.encode(["bb"])
    assert kept(path) == count


def test_vectors_of_another_encoder_are_not_used(path: Path) -> None:
    CachedEncoder(Lengths("one"), path, keep_only=False).encode(["a"])
    other = Lengths("other")
    CachedEncoder(other, path, keep_only=False).encode(["a"])
    assert other.asked == ["a"]


def test_lone_surrogates_do_not_break_it(path: Path) -> None:
    assert len(CachedEncoder(Lengths(), path, keep_only=False).encode(["\ud800"])) == 1
