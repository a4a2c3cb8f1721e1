"""Numbers said in words, digit by digit or in pairs, in both languages: "divi nulle viens", "twenty one sixty five"."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.nlu.lexicon import lexicon
from bot.nlu.number_words import Numeral, numerals, runs
from bot.nlu.text import fold_word
from bot.privacy import kept
from bot.privacy.numbers import CODE, kind_of
from bot.privacy.plain import Finding
from bot.privacy.words import Words

# Between numbers that are digits or pairs a comma may stand; larger ones are then numbers of their own.
_TOGETHER, _LISTED = re.compile("[ -]{1,3}"), re.compile(r"[,.]?\s{1,2}")
_PAIR = 2  # digits


def said_numbers(words: Words) -> Iterator[Finding]:
    """Numbers that are said at least partly in words and are long, or follow a word that says what they are.

    Args:
        words: of a text where the numbers in figures are masked.
    """
    found = [
        numeral
        for numeral in numerals(words.doc)
        if not numeral.ordinal and not words.is_masked(numeral.first, numeral.after)
    ]
    for run in _over_dashes(words, runs(found)):
        for part in _parts(words, _without_amount(words, run)):
            first, after = part[0].first, part[-1].after
            groups = [numeral.digits for numeral in part]
            if not any(numeral.in_words for numeral in part) or kept.known(groups):
                continue
            together, before = "".join(groups), words.labels.get(first, ())
            kind = kind_of(together, before)
            if not kind and len(together) == CODE and ("code" in before or (first, after) == (0, len(words.doc))):
                kind = "code"
            if kind:
                yield Finding(kind, words.start(first), words.end(after - 1))


def _over_dashes(words: Words, found: list[list[Numeral]]) -> list[list[Numeral]]:
    """Runs, where those with a dash said between them ("svītra") are one."""
    joined: list[list[Numeral]] = []
    for run in found:
        before = joined[-1][-1].after if joined else 0
        if joined and run[0].first == before + 1 and _dash().fullmatch(words.doc[before].norm_):
            joined[-1] += run
        else:
            joined.append(run)
    return joined


@lru_cache(maxsize=1)
def _dash() -> re.Pattern[str]:
    return re.compile(fold_word(lexicon("privacy")["dash"]))


@lru_cache(maxsize=1)
def _unit() -> re.Pattern[str]:
    return re.compile(lexicon("privacy")["units"], re.IGNORECASE)


def _without_amount(words: Words, run: list[Numeral]) -> list[Numeral]:
    """The run without its last number where that has a unit after it."""
    after = run[-1].after
    return run[:-1] if after < len(words.doc) and _unit().fullmatch(words.doc[after].text) else run


def _parts(words: Words, run: list[Numeral]) -> Iterator[list[Numeral]]:
    part: list[Numeral] = []
    for numeral in run:
        if part:
            said_dash = numeral.first > part[-1].after
            between = words.between(numeral.first)
            pairs = max(len(part[-1].digits), len(numeral.digits)) <= _PAIR
            if not (said_dash or _TOGETHER.fullmatch(between) or (pairs and _LISTED.fullmatch(between))):
                yield part
                part = []
        part.append(numeral)
    if part:
        yield part
