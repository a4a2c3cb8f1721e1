"""Numbers in words, in both languages: "četrdesmit seši", "two oh one", "divdesmit pirmais".

No maintained library parses Latvian numerals; the words are in `data/lexicon/numbers.yml`.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from spacy.tokens import Doc, Token

from bot.words.lexicon import lexicon
from bot.words.text import fold_word

HUNDRED, THOUSAND = 100, 1000


@dataclass(frozen=True)
class Numeral:
    """A number as it was said: its digits, whether it is an ordinal, and its tokens (start, and end after the last).

    The digits keep what a value would lose, such as leading zeros: "nulle pieci" is two numerals, "0" and "5".
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
    kind: str  # cardinal, ordinal, times, or figures: plurals of digits ("nulles", "sevens")


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], _Word]]:
    words = lexicon("numbers")
    found = []
    for kind in ("figures", "cardinal", "ordinal", "times"):
        for value, expression in words[kind].items():
            whole = re.sub(r"<(\w+)>", lambda match: words["endings"][match[1]], expression)
            found.append((re.compile(fold_word(whole)), _Word(value, kind)))
    return found


@lru_cache(maxsize=4096)
def _word(norm: str) -> _Word | None:
    return next((word for pattern, word in _patterns() if pattern.fullmatch(norm)), None)


@cache
def means(name: str) -> re.Pattern[str]:
    """The pattern of one lexicon entry, such as "euro"."""
    return re.compile(fold_word(lexicon("numbers")[name]))


def numerals(doc: Doc) -> list[Numeral]:
    """The numbers of a document in order, in words or in digits; digits that are said one by one stay separate."""
    found, place = [], 0
    while place < len(doc):
        numeral = _counted(doc, place) or _figures(doc[place]) or _read(doc, place)
        if numeral:
            found.append(numeral)
            place = numeral.after
        else:
            place += 1
    return found


def runs(found: list[Numeral]) -> list[list[Numeral]]:
    """Runs of numerals that follow each other with nothing between."""
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
    """The number in words that starts at this token."""
    word = _word(doc[place].norm_)
    if word is None:
        return None
    if word.kind == "times":
        return _repeated(doc, place, word.value, place + 1)
    if zeros := _zero_times(doc, place):
        return zeros
    if word.kind == "figures":  # without a count, "the ones" is no digit
        return None if word.value else Numeral("0", False, place, place + 1, in_words=True)
    value, after, ordinal = _below_thousand(doc, place)
    if not ordinal and _cardinal(doc, after) == THOUSAND and value != 0:
        rest, after, ordinal = _below_thousand(doc, _past_and(doc, after + 1))
        value = value * THOUSAND + rest
    elif word.value > THOUSAND:  # "divtūkstoš divdesmit"
        rest, after, ordinal = _below_thousand(doc, _past_and(doc, place + 1))
        value = word.value + rest
    return Numeral(str(value), ordinal, place, after, in_words=True)


def _below_thousand(doc: Doc, place: int) -> tuple[int, int, bool]:
    """A number, the token after it, and whether it is an ordinal; before a bare "thousand" the number is one."""
    first, second = _cardinal(doc, place), _cardinal(doc, place + 1)
    if first == THOUSAND:
        return 1, place, False
    hundreds = 0
    if first == HUNDRED:
        hundreds, place = HUNDRED, place + 1
    elif first is not None and 0 < first < 10 and second == HUNDRED:
        hundreds, place = first * HUNDRED, place + 2
    elif first is not None and HUNDRED < first < THOUSAND:  # "piecsimt"
        hundreds, place = first, place + 1
    if hundreds and _counted(doc, place):
        return hundreds, place, False
    rest, after, ordinal = _below_hundred(doc, _past_and(doc, place) if hundreds else place)
    return (hundreds + rest, after, ordinal) if rest or not hundreds else (hundreds, place, False)


def _below_hundred(doc: Doc, place: int) -> tuple[int, int, bool]:
    word = _at(doc, place)
    if word is None or word.value >= HUNDRED:
        return 0, place, False
    hyphen = place + 1 < len(doc) and doc[place + 1].text == "-"  # "forty-six"
    unit = None if _counted(doc, place + 1 + hyphen) else _at(doc, place + 1 + hyphen)
    if word.kind == "cardinal" and word.value >= 20 and unit is not None and 0 < unit.value < 10:
        return word.value + unit.value, place + 2 + hyphen, unit.kind == "ordinal"
    return word.value, place + 1, word.kind == "ordinal"


def _at(doc: Doc, place: int) -> _Word | None:
    word = _word(doc[place].norm_) if place < len(doc) else None
    return word if word and word.kind in ("cardinal", "ordinal") else None


def _cardinal(doc: Doc, place: int) -> int | None:
    word = _at(doc, place)
    return word.value if word and word.kind == "cardinal" else None


def _past_and(doc: Doc, place: int) -> int:
    """The token after an "and" that a number follows; else the same token."""
    joined = place < len(doc) and means("and").fullmatch(doc[place].norm_) and _at(doc, place + 1)
    return place + 1 if joined else place


def _repeated(doc: Doc, place: int, times: int, at: int) -> Numeral | None:
    """ "double five", "divreiz nulle": the digit at a token, repeated `times` times."""
    word = _word(doc[at].norm_) if at < len(doc) else None
    if word is None or word.kind not in ("cardinal", "figures") or word.value > 9:
        return None
    return Numeral(str(word.value) * times, False, place, at + 1, in_words=True)


def _counted(doc: Doc, place: int) -> Numeral | None:
    """ "divas nulles", "two sevens", "piecas reizes nulle": a count and a digit. None for anything else.

    A digit's name is masculine ("divi"), so a feminine number before a zero is its count, even where speech
    recognition lost the plural ending ("divas nulle").
    """
    if (times := _digit_at(doc, place)) is None or times == 0:
        return None
    following = _word(doc[place + 1].norm_) if place + 1 < len(doc) else None
    is_feminine = means("feminine").fullmatch(doc[place].norm_)
    is_plural = following and following.kind == "figures" and times > 1
    if is_plural or (is_feminine and following and following.value == 0):
        return _repeated(doc, place, times, place + 1)
    if following is None and place + 1 < len(doc) and means("times_over").fullmatch(doc[place + 1].norm_):
        nought = _repeated(doc, place, times, place + 2)
        return nought if nought and not nought.value else None
    return None


def _zero_times(doc: Doc, place: int) -> Numeral | None:
    """ "zero times five", "nulle piecas reizes"."""
    if _digit_at(doc, place) != 0 or place + 2 >= len(doc):
        return None
    for count, over in ((place + 2, place + 1), (place + 1, place + 2)):
        times = _digit_at(doc, count)
        if times and means("times_over").fullmatch(doc[over].norm_):
            return Numeral("0" * times, False, place, place + 3, in_words=True)
    return None


def _digit_at(doc: Doc, place: int) -> int | None:
    """The digit at a token, in words or as a figure."""
    if place < len(doc) and (figures := _figures(doc[place])) and len(figures.digits) == 1:
        return figures.value
    value = _cardinal(doc, place)
    return value if value is not None and value < 10 else None
