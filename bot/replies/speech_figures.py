"""Digits in a text (money, dates, phone numbers, codes …) put in words.

The rules run in order, from the most specific to the plain number; each replaces digits by words, so that no later rule
matches them again. After the last one, no digit is left.
"""

import re
from datetime import date
from functools import lru_cache

from bot.replies.formats import date_text
from bot.replies.speech_codes import (
    ALONE,
    CONTRACT_GROUP,
    Rule,
    number_rules,
    one_time_code_rules,
    reference_rules,
)
from bot.replies.speech_latvian import governed_rules, latvian_rules
from bot.replies.speech_numbers import (
    NOMINATIVE,
    Case,
    bare,
    cardinal,
    decimal,
    digits,
    english_year,
    money,
    ordinal,
    spoken_words,
    with_unit,
)
from bot.words.kinds_of_number import CODE_DIGITS

_NEAR = 40  # characters before an amount that are searched for the word that governs its case
_AMOUNT = r"(?:\d{1,3}(?:[ .,]\d{3}){1,4}(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
_MINUS = r"(?:(?<![\w.,])[-−] ?)"


@lru_cache(maxsize=4)
def _rules(language: str) -> list[Rule]:
    return [
        *reference_rules(language),
        *_amount_range_rules(language),
        (re.compile(r"(?:(?<=\d)|(?<=\d\.))[–—](?=\d)"), lambda _: f" {spoken_words(language)['to']} "),
        *_amount_rules(language),
        *_date_rules(language),
        *number_rules(language),
        *(latvian_rules() if language == "lv" else _english_rules()),
        *(governed_rules() if language == "lv" else ()),
        *_plain_rules(language),
    ]


def figures_in_words(text: str, language: str) -> str:
    """The text with all digits in words; expects ASCII digits and plain spaces."""
    for pattern, say in _rules(language):
        text = pattern.sub(say, text)
    return text


def _parts(figure: str, language: str) -> tuple[str, str]:
    """The integer part and the decimals of a written number: "1 234,50" and "1,234.50" are ("1234", "50")."""
    figure = figure.replace(" ", "")
    thousands = "." if language == "lv" else ","
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+", figure):
        return figure.replace(thousands, ""), ""
    *whole, fraction = re.split("[.,]", figure)
    return ("".join(whole), fraction) if whole else (fraction, "")


def _case(match: re.Match[str], language: str) -> Case:
    """The case that the words around an amount govern."""
    if language != "lv":
        return NOMINATIVE
    words = spoken_words(language)
    before = match.string[max(0, match.start() - _NEAR) : match.start()].split(" ")
    behind = re.match(r" (\w+)", match.string[match.end() : match.end() + _NEAR])
    found = words["governs"].get(before[-2].lower() if len(before) > 1 and not before[-1] else "")
    if found is None and behind:
        found = words["governs_from_behind"].get(behind[1])
    return (found[0], found[1]) if found else NOMINATIVE


def _amount_rules(language: str) -> list[Rule]:
    words = spoken_words(language)
    units = "|".join(re.escape(unit) for unit in sorted(words["units"], key=len, reverse=True))

    per = "|".join(name for name in words["per"] if name in words["units"] and name not in ("h", "mēn.", "gab."))

    def say_money(match: re.Match[str]) -> str:
        whole, fraction = _parts(match["behind"] or match["before"], language)
        sign = f"{words['minus']} " if match["minus"] else ""
        return sign + money(whole, fraction, language, _case(match, language))

    def say_unit(match: re.Match[str]) -> str:
        whole, fraction = _parts(match["amount"], language)
        sign = f"{words['minus']} " if match["minus"] else ""
        return sign + with_unit(whole, fraction, match["unit"], language, _case(match, language))

    return [
        (
            re.compile(
                rf"(?P<minus>{_MINUS})?(?:(?:€|\bEUR) ?(?P<behind>{_AMOUNT})"
                rf"|{ALONE}(?P<before>{_AMOUNT}) ?(?:€|EUR\b|eiro\b|euros?\b))"
            ),
            say_money,
        ),
        (re.compile(rf"(?P<minus>{_MINUS})?{ALONE}(?P<amount>{_AMOUNT}) ?(?P<unit>{units})(?!\w)"), say_unit),
        (re.compile(rf" ?/ ?({per})(?!\w)"), lambda match: f" {words['per'][match[1]]}"),
    ]


def _amount_range_rules(language: str) -> list[Rule]:
    """ "100–200 €", "5–10 %": the unit is said once, in the case that the word before both governs."""
    words = spoken_words(language)
    units = "|".join(re.escape(unit) for unit in sorted(words["units"], key=len, reverse=True))

    def say(match: re.Match[str]) -> str:
        case = _case(match, language)
        low, low_fraction = _parts(match["low"], language)
        whole, fraction = _parts(match["high"], language)
        if match["unit"] in words["units"]:
            high = with_unit(whole, fraction, match["unit"], language, case)
        else:
            high = money(whole, fraction, language, case)
        if low_fraction and match["unit"] not in words["units"]:
            said = money(low, low_fraction, language, case)
        elif low_fraction:
            said = decimal(low, low_fraction, language)
        else:
            said = bare(low, language, high.split(" ")[-1] if match["unit"] in words["units"] else "", case)
        return f"{said} {words['to']} {high}"

    return [
        (
            re.compile(
                rf"{ALONE}(?P<low>{_AMOUNT}) ?[–—] ?(?P<high>{_AMOUNT}) ?"
                rf"(?P<unit>€|EUR\b|eiro\b|euros?\b|(?:{units})(?!\w))"
            ),
            say,
        )
    ]


def _date_rules(language: str) -> list[Rule]:
    """Rules for dates: those in digits are first written out, then read by the language's rules."""
    words = spoken_words(language)

    def write_out(match: re.Match[str]) -> str:
        named = match.groupdict()
        try:
            day = date(int(named["year"]), int(named["month"]), int(named["day"]))
        except ValueError:
            return match[0]
        singular = _case(match, language)[0]
        return date_text(day, language, singular if singular in ("genitive", "dative") else "")

    def say_time(match: re.Match[str]) -> str:
        hour, minutes = str(int(match["hour"])), match["minutes"]
        said = cardinal(hour, language)
        if language == "lv":
            return f"{said} {digits(minutes, language) if minutes < '10' else cardinal(minutes, language)}"
        if minutes == "00":
            return str(words["hour" if 1 <= int(hour) <= 12 else "hour_of_24"].format(hour=said))
        late = f"{words['minutes_below_ten']} {digits(minutes[1], language)}"
        return f"{said} {late if minutes < '10' else cardinal(minutes, language)}"

    year, month, day = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
    hour, minutes = r"(?P<hour>[01]?\d|2[0-3])", r"(?P<minutes>[0-5]\d)(?!\d)"
    return [
        (re.compile(rf"(?<![\d-]){year}-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"), write_out),
        (re.compile(rf"{ALONE}{day}\. ?{month}\. ?{year}(?!\d)"), write_out),
        (re.compile(rf"{ALONE}{day}/{month}/{year}(?!\d)"), write_out),
        (re.compile(rf"{ALONE}{hour}:{minutes}"), say_time),
        (
            re.compile(rf"(?P<clock>\b(?:{words['clock']}) ){hour}\.{minutes}", re.IGNORECASE),
            lambda match: match["clock"] + say_time(match),
        ),
    ]


def _english_rules() -> list[Rule]:
    words = spoken_words("en")
    months = "|".join(_english_months())

    def say_date(match: re.Match[str]) -> str:
        said = str(words["day_of_month"].format(day=ordinal(int(match["day"]), "en"), month=match["month"]))
        return f"{said}, {english_year(int(match['year']))}" if match["year"] else said

    day, year = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>[12]\d{3})(?!\d)"
    return [
        # An article that is already there is not repeated.
        (re.compile(rf"(?:\bthe )?{ALONE}{day} (?P<month>{months})(?:,? {year})?(?!\w)"), say_date),
        (re.compile(rf"(?:\bthe )?\b(?P<month>{months}) {day}(?!\d)(?:,? {year})?(?!\w)"), say_date),
        (
            re.compile(
                rf"\b(?P<before>{months}|{words['year_after']}) (?P<year>(?:19|20)\d\d)(?![\d.,]*\d)", re.IGNORECASE
            ),
            lambda match: f"{match['before']} {english_year(int(match['year']))}",
        ),
        (re.compile(r"(?<!\d)(\d{1,4})(?:st|nd|rd|th)\b"), lambda match: ordinal(int(match[1]), "en")),
    ]


def _english_months() -> list[str]:
    return [date_text(date(2000, month, 1), "en").split(" ")[1] for month in range(1, 13)]


def _plain_rules(language: str) -> list[Rule]:
    words = spoken_words(language)

    def say_decimal(match: re.Match[str]) -> str:
        whole, fraction = _parts(match[0], language)
        return decimal(whole, fraction, language) if fraction else cardinal(whole, language)

    def say_last(match: re.Match[str]) -> str:
        figures = match[0].replace(" ", "")
        if figures == match[0] and len(figures) > CODE_DIGITS:  # not in groups of thousands
            return digits(figures, language, CONTRACT_GROUP, join_single=True)
        return cardinal(figures, language)

    return [
        (re.compile(rf"{ALONE}\d{{1,3}}(?:[.,]\d{{3}})+(?![.,]?\d)|{ALONE}\d+[.,]\d+(?![.,]?\d)"), say_decimal),
        *one_time_code_rules(language),
        (re.compile(r"(?<=\d) ?[-/⁄] ?(?=\d)"), lambda _: ", "),
        (re.compile(r"(?<![\w.,])[-−](?=\d)"), lambda _: f"{words['minus']} "),
        (re.compile(r"(?<=\d)([A-Za-z])(?!\w)"), lambda match: f" {words['letters'][match[1].upper()]}"),
        (re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])|(?<=[^\W\d])-(?=\d)|(?<=\d)-(?=[^\W\d])"), lambda _: " "),
        (re.compile(r"\d{1,3}(?: \d{3}){1,4}(?! ?\d)|\d+"), say_last),
    ]
