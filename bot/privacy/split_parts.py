"""Parts of one number: "starts with 2617", "it ends in 5093"; with letters: "contract: PL-2017", "slash", "40598"."""

import re
from collections.abc import Iterator, Sequence

from bot.privacy import harmless_numbers
from bot.privacy.identifying_numbers import LONG
from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import announced, word_in
from bot.words.kinds_of_number import LEAST_DIGITS
from bot.words.text import fold

_DIGITS = re.compile(r"\d(?:[\d -]*\d)?")
_LONG_TOGETHER = LEAST_DIGITS  # digits of a number that is given in parts
_LONG_ALONE = LONG  # digits of one without a label
_PART_AT_END = re.compile(r"(?<![\w/.,])(?:[A-Z]{1,4} |[A-Za-z]{1,4}[-/]?)?\d[\d/-]*(?=[-/\s]*$)")
_DONE_AT_END = re.compile(r"\[(card|code|contract|document|number|personal code|phone|plate)\]\W*$")
_PART = re.compile(r"[-/\s]*(\d[\d/-]*)[-/\s.]*")
_NUMBERS = frozenset(["card", "code", "contract", "document", "iban", "personal code", "phone"])


def parts_of_number(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Finding]]:
    """(message, the part of a number in it) of the newest message and those before it.

    Args:
        lines: (message, its text), newest first.
    """
    yield from _told(lines[:2])
    yield from _around_dash(lines)


def _told(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Finding]]:
    told = len(lines) > 1 and all(any(map(str.isdigit, text)) for _, text in lines)
    if told and all(word_in("part_of_number").search(fold(text)) for _, text in lines):
        parts = [(place, match) for place, text in lines for match in _DIGITS.finditer(text)]
        if sum(map(str.isdigit, "".join(match.group() for _, match in parts))) >= _LONG_TOGETHER:
            yield from ((place, Finding("number", *match.span())) for place, match in parts)


def _around_dash(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Finding]]:
    """The parts around a spoken dash or slash; after a label, also parts without one."""
    (new, text), *before = lines
    last, dashed = _without_dash_before(text)
    part = _PART.fullmatch(last)
    if part is None:
        return
    if before and _is_dash(before[0][1]):
        before, dashed = before[1:], True
    if not before:
        return
    place, said = before[0]
    said, ended = _without_dash_behind(said)
    dashed = dashed or ended
    shift = len(text) - len(last)
    done = _DONE_AT_END.search(said)
    if done and dashed:
        yield new, Finding("number" if done[1] == "plate" else done[1], part.start(1) + shift, part.end(1) + shift)
        return
    first = _PART_AT_END.search(said)
    if first is None or sum(map(str.isdigit, first.group() + part[1])) < _LONG_TOGETHER:
        return
    label = announced(said[: first.start()]) or (
        announced(before[1][1]) if len(before) > 1 and not said[: first.start()].strip() else None
    )
    lettered = first.group()[0].isalpha()
    if label in _NUMBERS and (lettered or dashed):
        yield place, Finding(str(label), *first.span())
        yield new, Finding(str(label), part.start(1) + shift, part.end(1) + shift)
    elif dashed and (lettered or _is_long(first.group(), part[1])):
        yield place, Finding("number", *first.span())
        yield new, Finding("number", part.start(1) + shift, part.end(1) + shift)


def _is_dash(text: str) -> bool:
    return any(word_in(label).fullmatch(fold(text)) for label in ("dash", "slash"))


def _is_long(*parts: str) -> bool:
    """Whether parts form a personal number, and not a public service number."""
    return sum(map(str.isdigit, "".join(parts))) >= _LONG_ALONE and not any(
        harmless_numbers.known([part]) for part in parts
    )


def _without_dash_before(text: str) -> tuple[str, bool]:
    """A text without a spoken dash at its start, and whether there was one."""
    word = text.strip().split(" ", 1)
    if len(word) > 1 and _is_dash(word[0]):
        return word[1].rstrip(), True
    return text, False


def _without_dash_behind(text: str) -> tuple[str, bool]:
    """A text without a spoken dash at its end, and whether there was one."""
    word = text.rstrip().rsplit(" ", 1)
    if len(word) > 1 and _is_dash(word[1]):
        return word[0], True
    return text, False
