"""Formatting of dates, money and plurals in Latvian and English, with Babel's CLDR data.

CLDR has Latvian months only in the nominative, so the other cases come from `data/responses/lv.yml`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import ceil

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import format_currency, format_decimal

from bot.replies.catalogue import catalogues
from bot.replies.catalogue_file import CatalogueError

BULLET = "• "  # begins an item of a list
FIVE_MINUTES, MINUTES_OF_AN_HOUR = timedelta(minutes=5), 60
ISO = re.compile(r"\b(?:19|20)\d\d-(?P<month>\d\d)-(?P<day>\d\d)\b")
IN_FIGURES = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>0?[1-9]|1[0-2])\.(?:\s?(?:19|20)\d\d)?(?!\d)")
LOCALES = {"lv": Locale("lv"), "en": Locale("en", "GB")}


def date_text(day: date, language: str, case: str = "") -> str:
    """A date in words: `9 June 2020`, `2020. gada 9. jūnijs`, with case "locative" `2020. gada 9. jūnijā`.

    Raises:
        CatalogueError: the language has no months in that case.
    """
    text = str(format_date(day, format="long", locale=LOCALES[language]))
    if not case:
        return text
    months = catalogues()[language].months
    if not months:
        return text  # English nouns have no such cases
    if case not in months:
        raise CatalogueError(f"{language}.yml: there are no months in the case '{case}'.")
    nominative = str(format_date(day, format="MMMM", locale=LOCALES[language]))
    return text.replace(nominative, months[case][day.month - 1])


def names_day(text: str, day: date, language: str) -> bool:
    """Whether a text names a day, with the year or without: in words, in any case, in a range, or in figures."""
    return (day.month, day.day) in _days_named(text, language)


def names_a_day(text: str, language: str) -> bool:
    """Whether a text names any day."""
    return bool(_days_named(text, language))


def _days_named(text: str, language: str) -> set[tuple[int, int]]:
    """The days that a text names, as month and day."""
    found = set()
    for match in _days_in_words(language).finditer(text):
        month = _months(language)[(match["month"] or match["month_first"]).casefold()]
        found |= {(month, int(day)) for day in (match["first"], match["day"], match["day_behind"]) if day}
    found |= {(int(match["month"]), int(match["day"])) for match in ISO.finditer(text)}
    return found | {(int(match["month"]), int(match["day"])) for match in IN_FIGURES.finditer(text)}


@lru_cache(maxsize=2)
def _months(language: str) -> dict[str, int]:
    """The number of each month by its name, in every case."""
    nominatives = get_month_names("wide", "format", LOCALES[language])
    named = {name.casefold(): number for number, name in nominatives.items()}
    for names in catalogues()[language].months.values():
        named |= {name.casefold(): number for number, name in enumerate(names, 1)}
    return named


@lru_cache(maxsize=2)
def _days_in_words(language: str) -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True))
    joined = r"\s?(?:[–—-]|līdz|un|to|till|until|through|and|or|vai)\s?"
    number = r"\d{1,2}(?:st|nd|rd|th)?\.?"
    day = rf"(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\.?{joined})?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?"
    behind = rf"(?P<month>{months})\b"
    before = rf"(?P<month_first>{months})\s(?P<day_behind>\d{{1,2}})(?!\d)(?!{number})"
    return re.compile(rf"\b(?:{day}\s(?:of\s)?{behind}|{before})", re.IGNORECASE)


@dataclass(frozen=True)
class SpokenDate:
    """A date as a placeholder: `{since}` in the nominative, `{since:locative}` in a case."""

    day: date
    language: str

    def __format__(self, case: str) -> str:
        return date_text(self.day, self.language, case)


def money_text(amount: Decimal, language: str) -> str:
    """An amount in euro: `46,20 €` in Latvian, `€46.20` in English."""
    return str(format_currency(amount, "EUR", locale=LOCALES[language]))


def number_text(number: int | Decimal, language: str) -> str:
    """A number with the language's separators."""
    return str(format_decimal(number, locale=LOCALES[language]))


def plural_text(count: int, noun: str, language: str) -> str:
    """The plural form of a noun for a count, by CLDR's plural rules (Latvian 1, 21, 101: one; 0, 10–20: zero)."""
    forms = catalogues()[language].plurals[noun]
    return forms[LOCALES[language].plural_form(count)]


def counted_text(noun: str, count: int, language: str) -> str:
    """A count with its noun: `2 mēģinājumi`, `1 try`."""
    return f"{number_text(count, language)} {plural_text(count, noun, language)}"


def wait_text(time: timedelta, language: str) -> str:
    """A waiting time, rounded up: `15 minūtēm` (after "pēc"), `15 minutes`; in hours from one hour on."""
    minutes = ceil(time / FIVE_MINUTES) * 5
    if minutes < MINUTES_OF_AN_HOUR:
        return counted_text("minutes_to_wait", minutes, language)
    return counted_text("hours_to_wait", ceil(time / timedelta(hours=1)), language)
