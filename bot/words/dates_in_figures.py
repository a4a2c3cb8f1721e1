"""Formats of dates in digits: "25.03.2020", "2020-03-25", "03/25/2020", "25 03 2020"."""

import re
from collections.abc import Sequence

DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
SIGNS = (r"\.", "/", "-")
_GROUPED = re.compile(rf"(?:{DAY} )?{MONTH} {YEAR}|{YEAR} {MONTH}(?: {DAY})?")
_APART = "[./-] ?"
_SHAPED = re.compile(rf"\d{{1,2}}{_APART}\d{{1,2}}{_APART}\d{{4}}|\d{{4}}-\d\d-\d\d|{YEAR}{_APART}{MONTH}{_APART}{DAY}")


def orders(sign: str) -> list[tuple[str, str, str]]:
    """The possible orders of day, month and four-digit year, as patterns, for one separator of `SIGNS`."""
    found = [(DAY, MONTH, YEAR), (YEAR, MONTH, DAY)]
    return [*found, (MONTH, DAY, YEAR)] if sign == "/" else found


def is_shaped_as_date(written: str) -> bool:
    """Whether a text is only a date with a four-digit year: "25. 03. 2020", "32.13.2020".

    The day need not exist: a mistyped date still means a day.
    """
    return _SHAPED.fullmatch(written) is not None


def are_date(groups: Sequence[str]) -> bool:
    """Whether groups of digits that were separated by spaces are a date, or a month and a year."""
    return _GROUPED.fullmatch(" ".join(groups)) is not None
