"""Pieces of personal data that were recognised by their context, and are redacted wherever they are repeated."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.words.text import fold

_DIGITS = re.compile(r"\D")
_LONG_ENOUGH = 3  # characters or digits of a piece that is searched for in repetitions of a message


@dataclass(frozen=True)
class Piece:
    """The text as written, and the kind that replaces it."""

    text: str
    kind: str


def without_pieces(text: str, pieces: Iterable[Piece], *, repeated: bool) -> str:
    """A text with each piece replaced by its kind.

    Args:
        repeated: whether the text only repeats a message or parts of its parse result: there a piece may be spelled
            differently, and a very short one may be something else.
    """
    for piece in sorted(pieces, key=lambda one: -len(one.text)):
        if repeated and len(piece.text) < _LONG_ENOUGH:
            continue
        shape = re.compile(rf"(?<!\w){re.escape(piece.text)}(?!\w)", re.IGNORECASE)
        text, count = shape.subn(f"[{piece.kind}]", text)
        if repeated and not count and _is_same(text, piece.text):
            text = f"[{piece.kind}]"
    return text


def holds(text: str, pieces: Sequence[Piece]) -> Piece | None:
    """The piece that a text contains, or is a part of."""
    said = text.strip()
    return next((piece for piece in pieces if said and (said in piece.text or piece.text in said)), None)


def _is_same(text: str, piece: str) -> bool:
    """Whether a short text is a piece in another spelling, such as its digits without spaces."""
    digits = _DIGITS.sub("", piece)
    if len(digits) >= _LONG_ENOUGH:
        return _DIGITS.sub("", text) == digits and len(text) < 2 * len(piece)
    said = fold(piece)
    return len(said) >= _LONG_ENOUGH and f" {said} " in f" {fold(text)} "
