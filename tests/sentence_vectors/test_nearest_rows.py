"""The nearest rows of a matrix are exactly those that all products would give."""

import numpy as np
import pytest

from bot.sentence_vectors.e5_file import Floats
from bot.sentence_vectors.nearest_rows import NearestRows, greatest


def rows(count: int, width: int = 128, *, seed: int = 2020, alike: float = 0.0) -> Floats:
    """Rows of norm 1; `alike` draws them together, so that many are nearly as near."""
    made = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    made += np.float32(alike) * made[:1]
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


SETS = {"few": rows(3), "many": rows(5000), "nearly alike": rows(5000, alike=20.0), "narrow": rows(1000, 4)}


@pytest.mark.parametrize("count", [1, 5, 70])
@pytest.mark.parametrize("name", SETS)
def test_they_are_those_of_all_products(name: str, count: int) -> None:
    known = SETS[name]
    nearest = NearestRows(known)
    for query in rows(20, known.shape[1], seed=7, alike=3.0):
        expected = np.sort(known @ query)[::-1][:count]
        assert nearest.products(query, count) == pytest.approx(expected, abs=1e-6)


def test_no_rows_have_none() -> None:
    assert NearestRows(np.zeros((0, 128), dtype=np.float32)).products(rows(1)[0], 5).size == 0


def test_a_vector_of_zeros_is_as_far_from_all() -> None:
    assert NearestRows(rows(100)).products(np.zeros(128, dtype=np.float32), 5) == pytest.approx(np.zeros(5), abs=1e-6)


@pytest.mark.parametrize("count", [1, 5, 200])
def test_the_greatest_of_many_values_are_found(count: int) -> None:
    values = np.random.default_rng(2020).normal(size=1000).astype(np.float32)
    assert np.array_equal(greatest(values, count), np.sort(values)[::-1][:count])
