"""Dates, as regular expressions over lower-case text without diacritics (`normalised_text.bare`)."""

from bot.words.dates_in_figures import DAY, MONTH, YEAR
from bot.words.lexicon import lexicon

_MONTH = rf"(?:{MONTH}|i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})"  # in Roman numerals too
_SIGN = r" ?[./ -] ?"


def day() -> str:
    """A date with its year, or a day with the name of its month."""
    months = lexicon("labelled")["month_names"]
    gada = r"\.? ?(?:g(?:ada?|\.)?)?,? ?"
    return (
        r"(?<![\w./-])(?:"
        rf"{YEAR}{_SIGN}{_MONTH}{_SIGN}{DAY}"
        rf"|{DAY}{_SIGN}{_MONTH}{_SIGN}(?:{YEAR}|\d\d)"
        rf"|{YEAR}{gada}{DAY}\.? ?(?:{months})"
        rf"|{DAY}(?:\.|st|nd|rd|th)? ?(?:of )?(?:{months})(?:[.,]{{0,2}} ?{YEAR}(?:\. ?g(?:ada?|\.))?)?"
        rf"|(?:{months}) (?:the )?{DAY}(?:st|nd|rd|th)?(?:,? {YEAR})?"
        rf"|{YEAR},? (?:{months}) {DAY}(?:st|nd|rd|th)?"
        r")(?![\w/-]|[.]\d)"
    )


def worded_month() -> str:
    """The name of a month, with its year in digits or in words: "2021. gada novembrī", "march twenty four"."""
    listed = lexicon("labelled")
    year = rf"(?:{YEAR}|\d\d(?!\d)|(?:(?:{listed['date_words']})(?!\w)[ -]?){{1,4}}(?<![ -]))"
    months = rf"(?:{listed['month_names']})(?!\w)"
    year_first = rf"{YEAR}\.? ?(?:g(?:ad[au]?|\.)?)?,? ?{months}"
    month_first = rf"{months}\.?,? ?(?:of )?{year}(?:\. ?g(?:ad\w*|\.)?)?"
    return rf"(?:{year_first}|{month_first})(?![\w/-])"


def worded_day() -> str:
    """A date in words: "the second of april nineteen thirty four"."""
    words = lexicon("labelled")
    return rf"(?:(?:{words['date_words']}|{words['month_names']})(?!\w)[ -]?){{2,10}}(?<![ -])"


def year() -> str:
    """A year: "1975. gadā", "1975"."""
    whole = rf"(?<!\d){YEAR}(?!\d|[./-]\d)(?:\. ?g(?:ad\w*|\.)?|(?! ?\d))"
    return whole + r"|(?<![\d.])\d{6}(?!\d)|(?<![\d.])\d\d ?(?=\. ?gad)"
