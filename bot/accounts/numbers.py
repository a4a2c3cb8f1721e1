"""Contract numbers and one-time codes as customers give them: in groups, with dashes, within a sentence, in words."""

import re

from bot.nlu.lexicon import document
from bot.nlu.number_words import numerals

_SEPARATED = r"[\s\u00a0.\-–—/]{0,3}"
_START = r"(?<![\w+])(?<!\d[\s.\-–—/])"
_CONTRACT = re.compile(rf"{_START}\d(?:{_SEPARATED}\d){{7,11}}(?!{_SEPARATED}\d)(?!\w)")
_CODE = re.compile(rf"{_START}\d(?:{_SEPARATED}\d){{5}}(?!{_SEPARATED}\d)(?!\w)")
# The two shapes of a personal code, ddmmyy-xxxxx and 32xxxx-xxxxx; without the hyphen it may be a contract's number.
_PERSONAL_CODE = re.compile(r"(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d|32\d{4})[-–]\d{5}")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}")
LONGEST = 2000  # characters that are looked at


def contract_numbers(text: str, language: str) -> list[str]:
    """The contract numbers of a text (8 to 12 digits), each once, in its order."""
    return _found(_CONTRACT, text, language)


def one_time_codes(text: str, language: str) -> list[str]:
    """The one-time codes of a text (6 digits), each once, in its order."""
    return _found(_CODE, text, language)


def _found(pattern: re.Pattern[str], text: str, language: str) -> list[str]:
    said = in_figures(text[:LONGEST], language)
    whole = [match.group().strip() for match in pattern.finditer(said)]
    whole = [one for one in whole if not _DATE.fullmatch(one) and not _PERSONAL_CODE.fullmatch(one)]
    return list(dict.fromkeys("".join(filter(str.isdecimal, one)) for one in whole))


def in_figures(text: str, language: str, *, ordinals: bool = False) -> str:
    """The text with its numbers in words written in figures; "second" too, where `ordinals` are wanted."""
    doc = document(text, language)
    parts, place = [], 0
    for numeral in numerals(doc):
        if numeral.in_words and (ordinals or not numeral.ordinal):
            first, last = doc[numeral.first], doc[numeral.after - 1]
            parts += [doc.text[place : first.idx], numeral.digits]
            place = last.idx + len(last)
    return "".join([*parts, doc.text[place:]])
