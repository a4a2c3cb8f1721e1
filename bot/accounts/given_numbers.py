"""Contract numbers and one-time codes as customers give them: in groups, with dashes, within a sentence, in words.

Handles speech recognition too: its commas and full stops between the digits, and the caller's self-corrections
("nine zero zero one, sorry, nine zero zero two …").
"""

import re
from functools import lru_cache

from bot.message_limits import MESSAGE_LIMIT
from bot.words.dates_in_figures import are_date, is_shaped_as_date
from bot.words.digit_groups import COMMA, FILLER, SEPARATED, digits_of, is_list
from bot.words.kinds_of_number import (
    CODE_DIGITS,
    CONTRACT_DIGITS,
    are_personal_code,
    is_personal_code,
    is_phone,
    is_service_number,
)
from bot.words.lexicon import lexicon
from bot.words.spoken_digits import in_figures

_RUN = re.compile(rf"(?<!\w)(?<!\d[\s.\-–—/])\+?\d(?:{SEPARATED}\d)*+(?!\w)")
_FIRST = re.compile(rf"\D{{0,40}}(?P<digits>\d(?:{SEPARATED}\d){{0,6}}+)(?!{SEPARATED}\d|\w)")
_LAST = re.compile(rf"(?P<digits>\d(?:{SEPARATED}\d){{2,11}})\W*$")
_CODE = range(CODE_DIGITS, CODE_DIGITS + 1)
_LEAST_WRONG = 3  # digits of a number that the caller broke off to start again


def contract_numbers(text: str, language: str) -> list[str]:
    """The distinct contract numbers of a text; numbers that look like a phone number or a personal code come last.

    They are in the text's order, except that a correction comes before the number that it corrects.
    """
    before, after = _put_right(_said(text, language), language)
    if after is None:
        return sorted(_contracts(before), key=_looks_like_another_kind)
    found, last = _contracts(after), _LAST.search(before)
    wrong = digits_of(last["digits"]) if last else ""
    if found and len(wrong) in range(_LEAST_WRONG, CONTRACT_DIGITS.start) and not _begin_alike(wrong, found[0]):
        return []  # started again, or continued? Better to ask again.
    if not found and len(wrong) in CONTRACT_DIGITS and (right := _with_end(wrong, after)):
        return [right]
    return sorted(dict.fromkeys([*found, *_contracts(before)]), key=is_phone)


def corrected_number(heard: str, text: str, language: str) -> str | None:
    """The number that corrects a misheard one: given whole, or only its last digits."""
    before, after = _put_right(_said(text, language), language)
    whole = contract_numbers(text, language)
    return whole[0] if whole else _with_end(heard, before if after is None else after)


def one_time_codes(text: str, language: str) -> list[str]:
    """The distinct one-time codes of a text; a correction comes first."""
    before, after = _put_right(_said(text, language), language)
    return _digits([*_found(after or "", _CODE), *_found(before, _CODE)])


def _said(text: str, language: str) -> str:
    """The text with digits for number words, without hesitation fillers ("ēē")."""
    text = re.sub(r"\.{2,}|…", " ", re.sub(r"\d", lambda digit: str(int(digit.group())), text[:MESSAGE_LIMIT]))
    return in_figures(_filler().sub(" ", text), language)


def _contracts(said: str) -> list[str]:
    found = _found(said, CONTRACT_DIGITS) or _found(_joiner().sub(" ", said), CONTRACT_DIGITS)
    found = [one for one in found if not are_personal_code(re.findall(r"\d+", one))]
    return [digits for digits in _digits(found) if not is_service_number(digits)]


def _found(said: str, lengths: range) -> list[str]:
    """The numbers with an allowed length, in order. A longer one may be several, separated by commas."""
    found = []
    for run in _RUN.finditer(said):
        whole, behind = run.group(), said[run.end() :]
        parts = [whole] if len(digits_of(whole)) < lengths.stop else re.split(COMMA, whole)
        fitting = [one for one in parts if len(digits_of(one)) in lengths and not one.startswith("+")]
        found += [one for one in fitting if not _is_date(one) and not is_list(one, behind)]
    return found


def _is_date(written: str) -> bool:
    return is_shaped_as_date(written) or are_date(written.split())


def _put_right(said: str, language: str) -> tuple[str, str | None]:
    """The text before and after the last word that announces a correction; None where there is none."""
    words = list(_correction(language).finditer(_not_these(language).sub(" ", said)))
    if not words:
        return said, None
    said = _not_these(language).sub(" ", said)
    return said[: words[-1].start()], said[words[-1].end() :]


def _with_end(number: str, said: str) -> str | None:
    first = _FIRST.match(said)
    end = digits_of(first["digits"]) if first else ""
    return number[: -len(end)] + end if 0 < len(end) < len(number) else None


def _begin_alike(one: str, other: str) -> bool:
    return one[:2] == other[:2]


@lru_cache(maxsize=1)
def _filler() -> re.Pattern[str]:
    """A hesitation filler ("ēē"), with the punctuation around it."""
    return re.compile(rf"[\s,…]+(?:{FILLER})(?=[\s,….]|$)[,….]*", re.IGNORECASE)


@lru_cache(maxsize=1)
def _joiner() -> re.Pattern[str]:
    """A word between two pieces of a number that are no number by themselves."""
    return re.compile(rf"(?<=\d)[\s,.;]+(?:(?:{lexicon('numbers')['joins']})[\s,.;:]+)+(?=\d)", re.IGNORECASE)


@lru_cache(maxsize=4)
def _correction(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon('numbers')['corrects'][language]})\b", re.IGNORECASE)


@lru_cache(maxsize=4)
def _not_these(language: str) -> re.Pattern[str]:
    """ "nevis trīs trīs", "not three three": the digits that are wrong."""
    return re.compile(rf"\b(?:{lexicon('numbers')['instead_of'][language]})\s+\d(?:{SEPARATED}\d)*", re.IGNORECASE)


def _looks_like_another_kind(digits: str) -> bool:
    return is_phone(digits) or is_personal_code(digits)


def _digits(written: list[str]) -> list[str]:
    return list(dict.fromkeys(map(digits_of, written)))
