"""The sentences of a release, word for word, and what each is: a sentence, an item of a list, a heading …

`bot.nlu.segments` cuts messages of customers, where a number with a full stop begins an item; in a release "18." is an
ordinal, most lines are wrapped, and nothing may be lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.drafting.release_lines import ReleaseBlock, blocks
from bot.drafting.release_words import is_month, release_words
from bot.words.text import fold_word

_BOUNDARY = re.compile(r"[.!?…]+[\"”»')\]]*\s+(?=[\"„“«'(\[]*[^\W_a-zāčēģīķļņšūž])")
_LAST_WORD = re.compile(r"([^\s\"„“«'(]+)$")
_OF_DATE = re.compile(r"\d+|(?:\d{4}\.)?g")  # "20.", "2020.g."
_CLOSED = re.compile(r"[.!?…][\"”»')\]]*$")
_LINK = re.compile(r"(?:https?://|www\.)\S+$")
_TOWN_BEFORE = re.compile(r"^[^\W\d_]+,\s+")  # "Rīga, 2020. gada 14. maijs"
_OF_YEARS = frozenset(("gada", "gads", "g"))
_TELLING = 5  # words; a shorter line without a full stop is a heading, or belongs to the page around the text


class LineKind(StrEnum):
    """What a piece of a release is."""

    SENTENCE = "sentence"
    ITEM = "item"  # of a list
    LEAD_IN = "lead-in"  # of a list: "open from 18 May:"
    HEADING = "heading"
    DATE_LINE = "date line"
    LINK = "link"
    FRAGMENT = "fragment"  # a few words without a full stop


STATING = (LineKind.SENTENCE, LineKind.ITEM)


@dataclass(frozen=True)
class ReleaseSentence:
    """A piece of a release.

    Attributes:
        number: from 1, in the text's order.
        text: word for word; white space as in the text.
        lead_in: of an item, the words that introduce its list; else None.
    """

    number: int
    text: str
    kind: LineKind
    lead_in: str | None = None

    @property
    def whole(self) -> str:
        """The text with what introduces it."""
        return f"{self.lead_in} {self.text}" if self.lead_in else self.text

    @property
    def quote(self) -> str:
        """As it is quoted: white space as one space, […] between a lead-in and its item."""
        parts = [part for part in (self.lead_in, self.text) if part]
        return " […] ".join(" ".join(part.split()) for part in parts)


def release_sentences(text: str) -> list[ReleaseSentence]:
    """Cut a release; all its words are in one of the pieces, in order."""
    found: list[ReleaseSentence] = []
    lead_in: str | None = None
    paragraphs = blocks(text)
    for place, block in enumerate(paragraphs):
        before_item = place + 1 < len(paragraphs) and paragraphs[place + 1].is_item
        cut_block = list(pieces(text[block.start : block.end]))
        for number, piece in enumerate(cut_block, 1):
            alone, last = len(cut_block) == 1, number == len(cut_block)
            kind = _kind(piece, block, first=not found, alone=alone, before_item=before_item and last)
            lead_in = piece if kind is LineKind.LEAD_IN else lead_in if block.is_item else None
            own = lead_in if kind is LineKind.ITEM else None
            found.append(ReleaseSentence(len(found) + 1, piece, kind, own))
    return found


def pieces(block: str) -> Iterator[str]:
    """The sentences of a paragraph, word for word."""
    start = 0
    for match in _BOUNDARY.finditer(block):
        if not _goes_on(block[start : match.start()], match.group(), block[match.end() :]):
            yield block[start : match.end()].strip()
            start = match.end()
    if rest := block[start:].strip():
        yield rest


def _goes_on(before: str, sign: str, behind: str) -> bool:
    """Whether a full stop is an abbreviation's ("tālr. 8404", "J. Kalniņš") or a date's ("20. marts. 2020")."""
    last = _LAST_WORD.search(before)
    if not sign.startswith(".") or last is None:
        return False
    word = last[1]
    if len(word) == 1 and word.isupper():
        return True
    if fold_word(word) in release_words("abbreviations"):
        return True
    return behind[:1].isdecimal() and (_OF_DATE.fullmatch(word) is not None or is_month(word))


def _kind(piece: str, block: ReleaseBlock, *, first: bool, alone: bool, before_item: bool) -> LineKind:
    is_closed = _CLOSED.search(piece) is not None or not alone
    is_telling = len(piece.split()) >= _TELLING and not first
    kinds = {
        LineKind.LINK: _LINK.match(piece) is not None,
        LineKind.LEAD_IN: before_item and piece.endswith(":"),
        LineKind.ITEM: block.is_item,
        LineKind.DATE_LINE: _is_day(piece),
        LineKind.SENTENCE: is_closed or is_telling,
        LineKind.HEADING: first,
    }
    return next((kind for kind, holds in kinds.items() if holds), LineKind.FRAGMENT)


def _is_day(piece: str) -> bool:
    """Whether a line is only a day, perhaps after a town."""
    words = re.findall(r"[^\W\d_]+", fold_word(_TOWN_BEFORE.sub("", piece)))
    numbers = re.findall(r"\d+", piece)
    others = [word for word in words if word not in _OF_YEARS and not is_month(word)]
    return not others and len(numbers) + len(words) >= 3 and 1 <= len(numbers) <= 3
