"""Numbers in figures: personal codes, cards, contracts, one-time codes; and what the digits of a number say it is."""

import re
from collections.abc import Collection, Iterator, Mapping

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.lv import pvn

from bot.privacy import kept
from bot.privacy.phones import APART, SPACED, is_phone
from bot.privacy.plain import Finding

LONG = 8  # digits of the shortest number that needs no word before it
CONTRACT = range(6, 13)  # digits of a contract number after such a word
CODE = 6  # digits of a one-time code

_RUN = re.compile(rf"\d+(?:{APART}\d+)*")
_GROUP = re.compile(r"\d+")
# A code's six digits, together or in equal groups; alone in a message, pairs with dashes are a date.
_CODE = re.compile(rf"(?:\d{{6}}|\d{{3}}{SPACED}\d{{3}}|\d\d(?:{SPACED}\d\d){{2}}|\d(?:{SPACED}\d){{5}})(?!\d)")
_WHOLE_CODE = re.compile(rf"[^\w\0]*(?!\d\d-\d\d-)({_CODE.pattern})[^\w\0]*")
_Group = tuple[int, int, str]  # first character, the character after the last, digits


def kind_of(digits: str, before: Collection[str] = ()) -> str | None:
    """What a number is; None where it is too short to tell.

    Args:
        before: labels of the words before it ("contract", "numbered").
    """
    if "contract" in before and len(digits) in CONTRACT:
        return "contract"
    if len(digits) < LONG:
        return "number" if "numbered" in before and len(digits) in CONTRACT else None
    if _is_personal_code(digits):
        return "personal code"
    if is_phone(digits):
        return "phone"
    if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
        return "card"
    return "contract" if len(digits) in CONTRACT else "number"


def numbers(text: str, labels: Mapping[int, Collection[str]]) -> Iterator[Finding]:
    """Long numbers, in groups or not, and shorter ones after a word that says what they are.

    Args:
        labels: by the character where a number would begin, what words stand before it (`Words.labels`).
    """
    whole = _WHOLE_CODE.fullmatch(text)
    if whole:
        yield Finding("code", *whole.span(1))
        return
    for run in _RUN.finditer(text):
        for part in _parts([(*group.span(), group.group()) for group in _GROUP.finditer(text, *run.span())]):
            start, end = part[0][0], part[-1][1]
            before = labels.get(start, ())
            code = _CODE.match(text, start, end) if "code" in before else None
            kind = _kind([digits for _, _, digits in part], before)
            if kind:
                yield Finding(kind, start, end)
            elif code:
                yield Finding("code", *code.span())


def _parts(groups: list[_Group]) -> Iterator[list[_Group]]:
    """Groups that make one number: a long one alone or after its country code, a personal code's two, short ones."""
    short: list[_Group] = []
    for group in groups:
        digits, before = group[2], short[-1][2] if short else ""
        if len(digits) < LONG and not is_birth(before, digits):
            short.append(group)
            continue
        prefix = [short.pop()] if before in {"371", "00371"} or len(digits) < LONG else []
        if short:
            yield short
            short = []
        yield [*prefix, group]
    if short:
        yield short


def _kind(groups: list[str], before: Collection[str]) -> str | None:
    if kept.known(groups):
        return None
    if len(groups) == 2 and is_birth(*groups):
        return "personal code"
    return kind_of("".join(groups), before)


def is_birth(first: str, second: str) -> bool:
    """Whether these are the two groups of a personal code: a day of birth or 32; the check digit may be a slip."""
    if len(first) != 6 or len(second) != 5:
        return False
    try:
        return first.startswith("32") or (first[0] < "4" and pvn.get_birth_date(first + second) is not None)
    except ValidationError:
        return False


def _is_personal_code(digits: str) -> bool:
    return len(digits) == 11 and (digits.startswith("32") or (digits[0] < "4" and pvn.is_valid(digits)))
