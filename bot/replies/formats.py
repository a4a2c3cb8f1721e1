"""Formatting of dates, money and plurals in Latvian and English, with Babel's CLDR data.

CLDR has Latvian months only in the nominative, so the other cases come from `data/responses/lv.yml`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from bot.replies.catalogue import catalogues
from bot.replies.catalogue_file import CatalogueError

BULLET = "• "  # begins an item of a list
FIVE_MINUTES, MINUTES_OF_AN_HOUR = timedelta(minutes=5), 60
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
    """Whether a text names a day in words, with the year or without, in any case."""
    nominative = str(format_date(day, format="MMMM", locale=LOCALES[language]))
    months = [nominative, *(names[day.month - 1] for names in catalogues()[language].months.values())]
    return re.search(rf"\b{day.day}\.? (?:{'|'.join(months)})\b", text) is not None


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
