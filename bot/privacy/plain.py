"""Text in which numbers are easy to see, and where things were found in it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

KINDS = ("address", "card", "code", "contract", "e-mail", "eic", "iban", "name", "number", "personal code", "phone")
MASK = "\0"  # what was found or is to stay; no pattern meets it
_REPLACED = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")


class Finding(NamedTuple):
    """A piece of personal data: its kind, its first character, and the character after its last."""

    kind: str
    start: int
    end: int


class _Characters(dict[int, int]):
    def __missing__(self, code: int) -> int:
        self[code] = ord(self._plain(chr(code)))
        return self[code]

    @staticmethod
    def _plain(character: str) -> str:
        category = unicodedata.category(character)
        if category == "Nd":
            return str(unicodedata.decimal(character))
        if category == "Pd" or character == "\N{MINUS SIGN}":
            return "-"
        # White space on one line, what cannot be seen (zero-width spaces, soft hyphens), and what stands for the mask.
        return " " if category in {"Zs", "Cf"} or character == MASK else character


_CHARACTERS = _Characters()


def plain(text: str) -> str:
    """The text, character for character, with only one kind of digits, dashes and spaces.

    What was replaced already is masked, so that nothing is found in it.
    """
    return _REPLACED.sub(lambda match: MASK * len(match.group()), text.translate(_CHARACTERS))


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans, in their order and apart from each other, masked."""
    return _with(text, ((start, end, MASK * (end - start)) for start, end in spans))


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """The text with each finding replaced by its kind in brackets."""
    return _with(text, ((start, end, f"[{kind}]") for kind, start, end in sorted(findings, key=lambda one: one.start)))


def _with(text: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    parts, place = [], 0
    for start, end, piece in pieces:
        parts += [text[place:start], piece]
        place = end
    return "".join([*parts, text[place:]])
