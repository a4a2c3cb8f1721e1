"""Numbers said in words, digit by digit or in pairs, in both languages: "divi nulle viens", "twenty one sixty five"."""

import re
from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Token

from bot.privacy import harmless_numbers
from bot.privacy.identifying_numbers import kind_of
from bot.privacy.normalised_text import Finding
from bot.privacy.spacy_words import WordDocument
from bot.words.digit_groups import FILLER
from bot.words.kinds_of_number import CODE_DIGITS
from bot.words.lexicon import lexicon
from bot.words.number_words import Numeral, numerals, runs
from bot.words.text import fold_word

# A comma is allowed between digits, pairs and repeated digits; larger numbers with a comma between are separate.
_TOGETHER, _LISTED = re.compile("[ -]{1,3}"), re.compile(r"[,.]?\s{1,2}")
_PAIR = 2  # digits
_LONGEST_GAP = 4  # words and marks, such as ", ēē, "


def said_numbers(words: WordDocument) -> Iterator[Finding]:
    """Numbers that are at least partly in words and are long, or follow a label.

    Args:
        words: of a text in which the numbers in digits are masked.
    """
    found = [
        numeral
        for numeral in numerals(words.doc)
        if not numeral.ordinal and not words.is_masked(numeral.first, numeral.after)
    ]
    for run in _over_gaps(words, runs(found)):
        for part in _parts(words, _without_amount(words, run)):
            first, after = part[0].first, part[-1].after
            groups = [numeral.digits for numeral in part]
            if not any(numeral.in_words for numeral in part) or harmless_numbers.known(groups):
                continue
            together, before = "".join(groups), words.labels.get(first, ())
            kind = kind_of(together, before)
            if (
                not kind
                and len(together) == CODE_DIGITS
                and ("code" in before or (first, after) == (0, len(words.doc)))
            ):
                kind = "code"
            if kind:
                yield Finding(kind, words.start(first), words.end(after - 1))


def _over_gaps(words: WordDocument, found: list[list[Numeral]]) -> list[list[Numeral]]:
    """Runs of numerals, joined where a spoken dash ("svītra") or a filler ("ēē") is between them."""
    joined: list[list[Numeral]] = []
    for run in found:
        gap = words.doc[joined[-1][-1].after : run[0].first] if joined else ()
        if 0 < len(gap) <= _LONGEST_GAP and all(_may_stand_between(token) for token in gap):
            joined[-1] += run
        else:
            joined.append(run)
    return joined


def _may_stand_between(token: Token) -> bool:
    return token.is_punct or _dash_or_filler().fullmatch(token.norm_) is not None


@lru_cache(maxsize=1)
def _dash_or_filler() -> re.Pattern[str]:
    return re.compile(fold_word(f"{lexicon('privacy')['dash']}|{FILLER}"))


@lru_cache(maxsize=1)
def _unit() -> re.Pattern[str]:
    return re.compile(lexicon("privacy")["units"], re.IGNORECASE)


def _without_amount(words: WordDocument, run: list[Numeral]) -> list[Numeral]:
    """The run without its last number where a unit follows it."""
    after = run[-1].after
    return run[:-1] if after < len(words.doc) and _unit().fullmatch(words.doc[after].text) else run


def _is_piece(numeral: Numeral) -> bool:
    """Whether it is a digit, a pair, or a repeated digit ("četras nulles"), and so may be part of a number."""
    return len(numeral.digits) <= _PAIR or len(set(numeral.digits)) == 1


def _parts(words: WordDocument, run: list[Numeral]) -> Iterator[list[Numeral]]:
    part: list[Numeral] = []
    for numeral in run:
        if part:
            said_dash = numeral.first > part[-1].after
            between = words.between(numeral.first)
            pieces = _is_piece(part[-1]) and _is_piece(numeral)
            if not (said_dash or _TOGETHER.fullmatch(between) or (pieces and _LISTED.fullmatch(between))):
                yield part
                part = []
        part.append(numeral)
    if part:
        yield part
