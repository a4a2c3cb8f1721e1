"""Numbers that are not redacted: they are useful to the reader of a request, and identify nobody."""

import re
from functools import lru_cache

from bot.privacy.normalised_text import bare
from bot.words.dates_in_figures import DAY, MONTH, SIGNS, are_date, orders
from bot.words.kinds_of_number import (
    COUNTRY_CODE,
    LATVIAN_PHONE_DIGITS,
    LATVIAN_PHONE_STARTS,
    PERSONAL_CODE_GROUPS,
    is_service_number,
)
from bot.words.lexicon import lexicon
from bot.words.reference import OWN as OWN_REFERENCE
from bot.words.reference import WRITTEN as WRITTEN_REFERENCE

_DIGIT = re.compile(r"\d")
_BORN, _REST = PERSONAL_CODE_GROUPS
# The form of a personal code, a phone number with a country code, or a card number.
_PERSONAL = re.compile(
    rf"(?<!\d)\d{{{_BORN}}} ?- ?\d{{{_REST}}}(?!\d)"
    rf"|(?<!\d)(?:00)?{COUNTRY_CODE} ?\d{{{LATVIAN_PHONE_DIGITS}}}(?!\d)|^\d{{16}}$"
)

Span = tuple[int, int]


def _dates() -> list[str]:
    found = []
    for sign in SIGNS:
        in_order = orders(sign)
        if sign != "-":  # 26-12-34 is part of a phone number rather than a date
            in_order.append((DAY, MONTH, rf"\d\d(?!-\d{{{_REST}}})"))  # nor is 01.01.90-12345
        found += [rf"(?<!\d)(?<!\d{sign}){sign.join(order)}(?!\d|{sign}\d)" for order in in_order]
    return found


_CERTAIN = re.compile(
    "|".join(
        [
            *_dates(),
            r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])",
            r"\bLV-\d{4}(?!\d)",
            r"\b0x[0-9A-F]{2,16}\b",  # an error code
            WRITTEN_REFERENCE,
        ]
    ),
    re.ASCII | re.IGNORECASE,
)

_LIKELY_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")

# A number with digits beside it and no word between may be a group of a longer number.
_ALONE = r"(?<![\d.,/])" + "".join(rf"(?<!\d[ -]{{{width}}})" for width in (1, 2, 3))
_END = r"(?!\d|[.,/]\d|[ -]{1,3}\d)"
_MILLIONS = r"[1-9]\d{0,2}(?:[ .,]\d{3}){2,4}"  # with a unit after them, they are not a phone number
_NO_PHONE = (
    rf"(?![{LATVIAN_PHONE_STARTS}]\d \d{{3}} \d{{3}}(?! \d))"  # but "26 123 456 €" may be one, followed by an amount
)
_WHOLE = r"(?:[1-9]\d{0,2} \d{3}|[1-9](?: \d{3}){2}|\d{1,7})"  # 26 123 456 is a phone number rather than an amount
_DECIMAL = rf"{_WHOLE}[.,]\d{{1,2}}"


@lru_cache(maxsize=1)
def _measured() -> re.Pattern[str]:
    units, counted = (lexicon("privacy")[key] for key in ("units", "counted"))
    number = rf"{_WHOLE}(?:[.,]\d{{1,3}})?"
    millions = rf"{_MILLIONS}(?:[.,]\d{{1,3}})?"
    return re.compile(
        rf"{_ALONE}{_DECIMAL}(?:[ -]{{1,3}}{_DECIMAL})*{_END}"
        rf"|{_ALONE}{number} ?{units}(?!\w|[ -]{{0,3}}\d)"
        rf"|{_ALONE}{millions} ?(?:{counted}|[kmg]?wh)(?!\w|[ -]{{0,3}}\d)"
        rf"|{_ALONE}{_NO_PHONE}{millions} ?[€$£](?!\w|[ -]{{0,3}}\d)"
        rf"|[€$£] ?{_NO_PHONE}{millions}{_END}"
        rf"|€ ?{number}{_END}",
        re.IGNORECASE,
    )


_OWN_REFERENCE = re.compile(OWN_REFERENCE)


def references(text: str) -> list[Span]:
    """Our own reference numbers as we write them; by chance one may look like half a number plate or a name."""
    return [match.span() for match in _OWN_REFERENCE.finditer(text)]


def certain(text: str) -> list[Span]:
    """Dates, times with a colon, postcodes and our own reference numbers, in a plain text."""
    return [match.span() for match in _CERTAIN.finditer(text)] if _DIGIT.search(text) else []


def measured(text: str) -> list[Span]:
    """Numbers with decimals (also times with a dot) or with a unit, where no other number is next to them."""
    return [match.span() for match in _measured().finditer(text)] if _DIGIT.search(text) else []


_BILL = r"(?:[a-z]{0,5}[-/ ]?\d{1,20}(?:[-/]\d{1,12}){0,4}|\d{1,4}(?: \d{2,4}){1,5})(?![\w/-]| \d)"
_READING = r"\d{1,8}(?:[.,]\d{1,3})?(?!\w|[./-]\d)"


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    words = lexicon("labelled")
    gap = rf"(?!\w)(?:[\s,.:=()#№-]{{0,3}}(?<!\w)(?:{words['joins']})(?!\w)){{0,3}}[\s,.:=()#№-]{{1,4}}"
    readings = rf"{_READING}(?:(?:[ ,;/]{{1,3}}|,? (?:un|and) ){_READING}){{0,5}}"
    return re.compile(
        rf"(?<!\w)(?:(?:{'|'.join(words['kept numbers'])}){gap}(?P<bill>{_BILL})"
        rf"|(?:{words['readings']}){gap}(?P<readings>{readings}))"
    )


def labelled(text: str) -> list[Span]:
    """Numbers of bills, meters and requests, and meter readings, by the words before them, in a plain text.

    Staff need them, and they identify nobody. A number in the form of a personal code or of a phone number with a
    country code counts as one, whatever comes before it.
    """
    found: list[Span] = []
    if not _DIGIT.search(text):
        return found
    for match in _labelled().finditer(bare(text)):
        group = "bill" if match["bill"] is not None else "readings"
        if not _PERSONAL.search(match[group]):
            found.append(match.span(group))
    return found


def known(groups: list[str]) -> bool:
    """Whether adjacent groups of digits are a date, or only years and service numbers."""
    if are_date(groups) or is_service_number("".join(groups)):
        return True
    return all(is_service_number(group) or _LIKELY_YEAR.fullmatch(group) for group in groups)
