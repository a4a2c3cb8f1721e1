"""Addresses with a street and a house's number: "Krišjāņa Barona ielā 99-12, Rīgā", "12 Example Street"."""

import re
from collections.abc import Iterator
from functools import cache

from bot.nlu.lexicon import lexicon
from bot.privacy.plain import Finding

_CAPITAL = r"[A-ZĀČĒĢĪĶĻŅŠŪŽ][\w.]*"
_STREET = rf"(?:{_CAPITAL} ){{0,2}}[^\W\d_][\w.]*"  # its last word in small letters too
_HOUSE = r"\d{1,4}(?: ?[A-Za-z](?!\w))?(?: ?[-/] ?\d{1,4}[A-Za-z]?)?"
_TOWN = rf"(?:, ?{_CAPITAL})?"


@cache
def _patterns() -> list[re.Pattern[str]]:
    words = {language: f"(?i:{kinds})" for language, kinds in lexicon("privacy")["streets"].items()}
    shapes = (rf"{_STREET} {words['lv']} {_HOUSE}", rf"{_HOUSE} {_STREET} {words['en']}")
    return [re.compile(rf"(?<!\w){shape}(?!\w){_TOWN}") for shape in shapes]


def addresses(text: str) -> Iterator[Finding]:
    """Streets with a house's number, and the town after it."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield Finding("address", *match.span())
