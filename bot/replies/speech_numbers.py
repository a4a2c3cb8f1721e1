"""Numbers in words for speech, in Latvian (atciparotajs) and English (num2words).

Both packages are given a bare number, or a number with its noun, never a whole text: `bot.replies.speech_figures`
decides what the digits in a text are.
"""

import re
from functools import lru_cache
from typing import Any

from atciparotajs import convert
from num2words import num2words

from bot.words.lexicon import lexicon

Case = tuple[str, str]  # of the singular and of the plural: prepositions govern different ones
NOMINATIVE: Case = ("nominative", "nominative")
READ_AS_A_NUMBER = 9  # digits; a longer number is read digit by digit
ORDINALS_BELOW = 10_000
_WHOLE_IN_PACKAGE = 10_000  # atciparotajs does not inflect thousands, so from here on they are said as a separate noun
_SCALES = (("miljons", 1_000_000), ("tūkstotis", 1000))


def spoken_words(language: str) -> dict[str, Any]:
    """The entries of `data/lexicon/spoken.yml` for a language."""
    words: dict[str, Any] = lexicon("spoken")[language]
    return words


@lru_cache(maxsize=64)
def _digit(figure: str, language: str) -> str:
    return convert(figure) if language == "lv" else str(num2words(int(figure)))


def digits(figures: str, language: str, group: int = 0, *, join_single: bool = False) -> str:
    """Digits read one by one, with a comma between groups: "astoņi četri nulle nulle".

    Args:
        group: digits in a group, counted from the left; 0 for one group.
        join_single: whether a single last digit joins the group before it.
    """
    size = group or len(figures) or 1
    groups = [figures[first : first + size] for first in range(0, len(figures), size)]
    if join_single and len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return ", ".join(" ".join(_digit(figure, language) for figure in part) for part in groups)


def spelled(characters: str, language: str, group: int = 0) -> str:
    """Capital letters by name and digits as words; hyphens, or every `group` characters, separate groups."""
    letters = spoken_words(language)["letters"]
    parts = characters.split("-")
    if group:
        parts = [part[first : first + group] for part in parts for first in range(0, len(part), group)]
    named = (" ".join(letters.get(c) or (_digit(c, language) if c.isdigit() else c) for c in part) for part in parts)
    return ", ".join(name for name in named if name)


def cardinal(figures: str, language: str, noun: str = "", case: Case = NOMINATIVE) -> str:
    """A whole number in words; in Latvian it agrees with the noun (which is not part of the result).

    Digits with a leading zero, and too many to be a number, are read one by one.
    """
    if len(figures) > READ_AS_A_NUMBER or (len(figures) > 1 and figures.startswith("0")):
        return digits(figures, language, 4, join_single=True)
    if language == "lv":
        return _latvian(int(figures), noun, case)
    return str(num2words(int(figures))).replace(",", "")


def bare(figures: str, language: str, model: str = "masculine", case: Case = NOMINATIVE) -> str:
    """A whole number without its noun: "no četriem".

    Args:
        model: the gender of the counted noun, in Latvian: "masculine" or "feminine", or the inflected noun itself.
    """
    if language != "lv":
        return cardinal(figures, language)
    forms = spoken_words("lv")["models"].get(model or "masculine")
    noun = _form(int(figures[-READ_AS_A_NUMBER:]), forms, (case[0], case[1])) if forms else model
    return cardinal(figures, "lv", noun, (case[0], case[1]))


@lru_cache(maxsize=1024)
def _latvian(number: int, noun: str, case: Case) -> str:
    if number < _WHOLE_IN_PACKAGE:
        return _from_package(number, noun)
    parts = []
    for name, size in _SCALES:
        count, number = divmod(number, size)
        if count:
            scale = _form(count, spoken_words("lv")["nouns"][name], case)
            parts += [_latvian(count, scale, case), scale]
    return " ".join([*parts, *([_from_package(number, noun)] if number else [])])


def _from_package(number: int, noun: str) -> str:
    if not noun:
        return str(convert(str(number)))
    words = str(convert(f"{number} {noun}")).removesuffix(noun).split()
    for correction in spoken_words("lv")["corrections"]:
        if words[-1] == correction["said"] and re.search(correction["before"], noun):
            words[-1] = correction["right"]
    return " ".join(words)


def _form(number: int, forms: dict[str, list[str]], case: Case) -> str:
    """The form of a Latvian noun: singular after 1, 21, 101 and so on, but not after 11."""
    is_one = number % 10 == 1 and number % 100 != 11
    return forms[case[0]][0] if is_one else forms[case[1]][1]


def decimal(whole: str, fraction: str, language: str) -> str:
    """A decimal fraction: its digits one by one after "komats" or "point"."""
    return f"{cardinal(whole, language)} {spoken_words(language)['decimal']} {digits(fraction, language)}"


def with_unit(whole: str, fraction: str, unit: str, language: str, case: Case = NOMINATIVE) -> str:
    """A quantity with its unit ("kWh", "%"), which agrees with the number."""
    forms = spoken_words(language)["units"][unit]
    if fraction:
        noun = forms[case[1]][1] if language == "lv" else forms[1]
        return f"{decimal(whole, fraction, language)} {noun}"
    number = int(whole[-READ_AS_A_NUMBER:])
    noun = _form(number, forms, case) if language == "lv" else forms[whole != "1"]
    return f"{cardinal(whole, language, noun, case)} {noun}"


def money(whole: str, fraction: str, language: str, case: Case = NOMINATIVE) -> str:
    """Euro and cents in words; more than two decimals (a price of a kilowatt-hour) are read as a decimal fraction."""
    words = spoken_words(language)
    if len(fraction) > 2:
        return f"{decimal(whole, fraction, language)} {words['euro'] if language == 'lv' else words['euro'][1]}"
    cents = int(fraction.ljust(2, "0") or 0)
    said = []
    if whole.strip("0") or not cents:
        said.append(_euro(whole.lstrip("0") or "0", language, case))
    if cents:
        said.append(_cents(cents, language, case))
    return " ".join(said) if language == "lv" else f" {words['and']} ".join(said)


def _euro(whole: str, language: str, case: Case) -> str:
    words = spoken_words(language)
    if language == "lv":
        noun = _form(int(whole[-READ_AS_A_NUMBER:]), words["nouns"]["cents"], case)
        return f"{cardinal(whole, language, noun, case)} {words['euro']}"
    return f"{cardinal(whole, language)} {words['euro'][whole != '1']}"


def _cents(cents: int, language: str, case: Case) -> str:
    words = spoken_words(language)
    noun = _form(cents, words["nouns"]["cents"], case) if language == "lv" else words["cent"][cents != 1]
    return f"{cardinal(str(cents), language, noun)} {noun}"


@lru_cache(maxsize=1024)
def ordinal(number: int, language: str, noun: str = "") -> str:
    """An ordinal below 10,000; in Latvian the definite form that agrees with the noun, by the noun's ending."""
    if language != "lv":
        return str(num2words(number, to="ordinal")).replace(",", "")
    endings = spoken_words("lv")["ordinal_endings"]
    fitting = [ending for ending in endings if noun.endswith(ending)]
    return f"{_ordinal_stem(number)}{endings[max(fitting, key=len) if fitting else 's']}"


def _ordinal_stem(number: int) -> str:
    """An ordinal without its ending. The package has those below a hundred; plain hundreds come before them."""
    words = spoken_words("lv")
    if not number:
        return str(words["zeroth"])
    hundreds, rest = number - number % 100, number % 100
    alone, before_more = words["hundred"]
    said = re.sub(rf"\b{alone}$", before_more, _from_package(hundreds, "")) if hundreds else ""
    if not rest:
        return said
    noun, ending = words["masculine_ordinal"]
    stem = str(convert(f"{rest}. {noun}")).removesuffix(f"{ending} {noun}")
    return f"{said} {stem}".strip()


def english_year(number: int) -> str:
    """A year as English speakers say it: twenty twenty, two thousand and five."""
    return str(num2words(number, to="year")).replace(",", "")
