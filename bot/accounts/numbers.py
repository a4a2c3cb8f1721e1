"""Contract numbers and one-time codes as customers give them: in groups, with dashes, within a sentence, in words."""

import re
from functools import lru_cache

from bot.nlu.lexicon import document, lexicon
from bot.nlu.number_words import numerals
from bot.privacy.numbers import is_birth
from bot.privacy.phones import is_phone

_SEPARATED = r"[\s\u00a0.\-–—/]{0,3}"
_START = r"(?<![\w+])(?<!\d[\s.\-–—/])"
_CONTRACT = re.compile(rf"{_START}\d(?:{_SEPARATED}\d){{7,11}}(?!{_SEPARATED}\d)(?!\w)")
_CODE = re.compile(rf"{_START}\d(?:{_SEPARATED}\d){{5}}(?!{_SEPARATED}\d)(?!\w)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}")
LONGEST = 2000  # characters that are looked at


def contract_numbers(text: str, language: str) -> list[str]:
    """The contract numbers of a text (8 to 12 digits), each once, in its order; what looks like a phone comes last."""
    found = [one for one in _found(_CONTRACT, text, language) if not _is_personal_code(one)]
    return sorted(_digits(found), key=is_phone)


def one_time_codes(text: str, language: str) -> list[str]:
    """The one-time codes of a text (6 digits), each once, in its order."""
    return _digits(_found(_CODE, text, language))


def _found(pattern: re.Pattern[str], text: str, language: str) -> list[str]:
    said = in_figures(_filler().sub(" ", text[:LONGEST]), language)
    return [whole for match in pattern.finditer(said) if not _DATE.fullmatch(whole := match.group().strip())]


@lru_cache(maxsize=1)
def _filler() -> re.Pattern[str]:
    """What one says while looking for the next digits ("ēē"), with the marks around it."""
    return re.compile(rf"[\s,…]+(?:{lexicon('privacy')['filler']})(?=[\s,….]|$)[,….]*", re.IGNORECASE)


def _is_personal_code(written: str) -> bool:
    groups = re.findall(r"\d+", written)
    return len(groups) == 2 and is_birth(*groups)


def _digits(written: list[str]) -> list[str]:
    return list(dict.fromkeys("".join(filter(str.isdecimal, one)) for one in written))


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
