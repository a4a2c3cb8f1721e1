"""Numbers that mean something to whoever reads a request, and identify nobody: they stay."""

import re
from functools import lru_cache

from bot.nlu.lexicon import lexicon

Span = tuple[int, int]

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"


def _dates() -> list[str]:
    found = []
    for sign in (r"\.", "/", "-"):
        orders = [(_DAY, _MONTH, _YEAR), (_YEAR, _MONTH, _DAY)]
        if sign == "/":
            orders.append((_MONTH, _DAY, _YEAR))
        if sign != "-":  # 26-12-34 is a part of a phone number rather than a day
            orders.append((_DAY, _MONTH, r"\d\d(?!-\d{5})"))  # nor is 01.01.90-12345
        found += [rf"(?<!\d)(?<!\d{sign}){sign.join(order)}(?!\d|{sign}\d)" for order in orders]
    return found


_CERTAIN = re.compile(
    "|".join(
        [
            *_dates(),
            r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])",
            r"\bLV-\d{4}(?!\d)",
            r"\bEL-[A-Z0-9]{4}-[A-Z0-9]{4}\b",  # bot.handoff.store.new_reference
        ]
    ),
    re.ASCII | re.IGNORECASE,
)

_GROUPED_DATE = re.compile(rf"(?:{_DAY} )?{_MONTH} {_YEAR}|{_YEAR} {_MONTH}(?: {_DAY})?")
_LIKELY_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")

# What has digits beside it, without a word between, may be a group of a longer number.
_ALONE = r"(?<![\d.,/])" + "".join(rf"(?<!\d[ -]{{{width}}})" for width in (1, 2, 3))
_END = r"(?!\d|[.,/]\d|[ -]{1,3}\d)"
_WHOLE = r"(?:[1-9]\d{0,2} \d{3}|[1-9](?: \d{3}){2}|\d{1,7})"  # 26 123 456 is a phone rather than an amount
_DECIMAL = rf"{_WHOLE}[.,]\d{{1,2}}"


@lru_cache(maxsize=1)
def _measured() -> re.Pattern[str]:
    number = rf"{_WHOLE}(?:[.,]\d{{1,3}})?"
    return re.compile(
        rf"{_ALONE}{_DECIMAL}(?:[ -]{{1,3}}{_DECIMAL})*{_END}"
        rf"|{_ALONE}{number} ?{lexicon('privacy')['units']}(?!\w|[ -]{{0,3}}\d)"
        rf"|€ ?{number}{_END}",
        re.IGNORECASE,
    )


def certain(text: str) -> list[Span]:
    """Dates, times with a colon, postcodes and our own reference numbers in a plain text."""
    return [match.span() for match in _CERTAIN.finditer(text)]


def measured(text: str) -> list[Span]:
    """Numbers with decimals (times with a dot too) or with a unit, where no other number stands beside them."""
    return [match.span() for match in _measured().finditer(text)]


@lru_cache(maxsize=1)
def _service_numbers() -> set[str]:
    return {str(number) for number in lexicon("privacy")["service_numbers"]}


def known(groups: list[str]) -> bool:
    """Whether groups of digits, as they stand side by side, are a date or nothing but years and service numbers."""
    if _GROUPED_DATE.fullmatch(" ".join(groups)):
        return True
    return all(group in _service_numbers() or _LIKELY_YEAR.fullmatch(group) for group in groups)
