"""The blocks of a release: paragraphs, headings and items of lists, whatever the width at which it was wrapped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_ITEM = re.compile(r"\s*(?:[-–—•*·▪‣◦]|\(?(?:\d{1,2}|[a-z])\))\s+(?=\S)|\s*\d{1,2}\.\s+(?=[^\W\d_a-zāčēģīķļņšūž])")
_END = re.compile(r"[.!?…:;][\"”»')\]]*\s*$")


@dataclass(frozen=True)
class ReleaseBlock:
    """A stretch of the text without its bullet: start and end as offsets, and whether it is an item of a list."""

    start: int
    end: int
    is_item: bool


@dataclass(frozen=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def blocks(text: str) -> list[ReleaseBlock]:
    """The blocks of a text, in order; all its words are in one of them."""
    found: list[ReleaseBlock] = []
    for paragraph in _paragraphs(text):
        found += _blocks(paragraph)
    return found


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    paragraph: list[_Line] = []
    for match in re.finditer(r"[^\n]*(?:\n|$)", text):
        line = _Line(match.start(), match.group().rstrip())
        if line.text:
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _blocks(paragraph: list[_Line]) -> Iterator[ReleaseBlock]:
    width = max(len(line.text) for line in paragraph)
    first = paragraph[0]
    for line, following in pairwise([*paragraph, None]):
        if line is not None and (following is None or _is_break(line, following, width)):
            yield _block(first, line.end)
            first = following or first


def _is_break(line: _Line, following: _Line, width: int) -> bool:
    """A line break was meant where an item begins, a sentence ended, or the next word would still have fitted."""
    if _ITEM.match(following.text) or line.text.rstrip().endswith(":"):
        return True
    word = following.text.split()[0]
    fits = len(line.text) + 1 + len(word) <= width
    return fits and (_END.search(line.text) is not None or not word[0].islower())


def _block(first: _Line, end: int) -> ReleaseBlock:
    bullet = _ITEM.match(first.text)
    start = first.start + (bullet.end() if bullet else len(first.text) - len(first.text.lstrip()))
    return ReleaseBlock(start, end, bullet is not None)
