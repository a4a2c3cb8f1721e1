"""Numbers in words, in both languages: "četrdesmit seši", "two oh one", "divdesmit pirmais".

No maintained library reads Latvian numerals; what the words are stands in `data/lexicon/numbers.yml`.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from spacy.tokens import Doc, Token

from bot.nlu.lexicon import lexicon
from bot.nlu.text import fold_word

HUNDRED, THOUSAND = 100, 1000


@dataclass(frozen=True)
class Numeral:
    """A number as it was said: its digits, whether it is an ordinal, and the tokens from first to the one after last.

    The digits keep what a value would lose: "nulle pieci" are two numerals, "0" and "5".
    """

    digits: str
    ordinal: bool
    first: int
    after: int
    in_words: bool

    @property
    def value(self) -> int:
        """The number."""
        return int(self.digits)


@dataclass(frozen=True)
class _Word:
    value: int
    kind: str  # cardinal, ordinal or times


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], _Word]]:
    words = lexicon("numbers")
    found = []
    for kind in ("cardinal", "ordinal", "times"):
        for value, expression in words[kind].items():
            whole = re.sub(r"<(\w+)>", lambda match: words["endings"][match[1]], expression)
            found.append((re.compile(fold_word(whole)), _Word(value, kind)))
    return found


@lru_cache(maxsize=4096)
def _word(norm: str) -> _Word | None:
    return next((word for pattern, word in _patterns() if pattern.fullmatch(norm)), None)


@cache
def means(name: str) -> re.Pattern[str]:
    """The pattern of a single entry of the lexicon, such as "euro"."""
    return re.compile(fold_word(lexicon("numbers")[name]))


def numerals(doc: Doc) -> list[Numeral]:
    """The numbers of a document in their order, those in figures too; what is said digit by digit stays apart."""
    found, place = [], 0
    while place < len(doc):
        numeral = _figures(doc[place]) or _read(doc, place)
        if numeral:
            found.append(numeral)
            place = numeral.after
        else:
            place += 1
    return found


def runs(found: list[Numeral]) -> list[list[Numeral]]:
    """Numerals that follow each other without anything between."""
    grouped: list[list[Numeral]] = []
    for numeral in found:
        if grouped and grouped[-1][-1].after == numeral.first:
            grouped[-1].append(numeral)
        else:
            grouped.append([numeral])
    return grouped


def _figures(token: Token) -> Numeral | None:
    if token.text.isascii() and token.text.isdigit():
        return Numeral(token.text, False, token.i, token.i + 1, in_words=False)
    return None


def _read(doc: Doc, place: int) -> Numeral | None:
    """The number in words that begins here."""
    word = _word(doc[place].norm_)
    if word is None:
        return None
    if word.kind == "times":
        return _repeated(doc, place, word.value)
    value, after, ordinal = _below_thousand(doc, place)
    if not ordinal and _cardinal(doc, after) == THOUSAND and value != 0:
        rest, after, ordinal = _below_thousand(doc, _past_and(doc, after + 1))
        value = value * THOUSAND + rest
    return Numeral(str(value), ordinal, place, after, in_words=True)


def _below_thousand(doc: Doc, place: int) -> tuple[int, int, bool]:
    """A number, the token after it, and whether it is an ordinal; a bare "thousand" counts as one, before itself."""
    first, second = _cardinal(doc, place), _cardinal(doc, place + 1)
    if first == THOUSAND:
        return 1, place, False
    hundreds = 0
    if first == HUNDRED:
        hundreds, place = HUNDRED, place + 1
    elif first is not None and 0 < first < 10 and second == HUNDRED:
        hundreds, place = first * HUNDRED, place + 2
    rest, after, ordinal = _below_hundred(doc, _past_and(doc, place) if hundreds else place)
    return (hundreds + rest, after, ordinal) if rest or not hundreds else (hundreds, place, False)


def _below_hundred(doc: Doc, place: int) -> tuple[int, int, bool]:
    word = _at(doc, place)
    if word is None or word.value >= HUNDRED:
        return 0, place, False
    hyphen = place + 1 < len(doc) and doc[place + 1].text == "-"  # "forty-six"
    unit = _at(doc, place + 1 + hyphen)
    if word.kind == "cardinal" and word.value >= 20 and unit is not None and 0 < unit.value < 10:
        return word.value + unit.value, place + 2 + hyphen, unit.kind == "ordinal"
    return word.value, place + 1, word.kind == "ordinal"


def _at(doc: Doc, place: int) -> _Word | None:
    word = _word(doc[place].norm_) if place < len(doc) else None
    return word if word and word.kind != "times" else None


def _cardinal(doc: Doc, place: int) -> int | None:
    word = _at(doc, place)
    return word.value if word and word.kind == "cardinal" else None


def _past_and(doc: Doc, place: int) -> int:
    """The token after an "and" with a number after it; else the same."""
    joined = place < len(doc) and means("and").fullmatch(doc[place].norm_) and _at(doc, place + 1)
    return place + 1 if joined else place


def _repeated(doc: Doc, place: int, times: int) -> Numeral | None:
    """ "double five": the digit so many times."""
    digit = _cardinal(doc, place + 1)
    if digit is None or digit > 9:
        return None
    return Numeral(str(digit) * times, False, place, place + 2, in_words=True)
