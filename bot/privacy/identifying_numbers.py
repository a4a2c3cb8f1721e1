"""Numbers in digits: personal codes, cards, contracts, one-time codes; and the kind of a number from its context."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.privacy import harmless_numbers
from bot.privacy.normalised_text import Finding
from bot.words.dates_in_figures import YEAR
from bot.words.digit_groups import APART, COMMA, SPACED, is_list
from bot.words.kinds_of_number import (
    CODE_DIGITS,
    CONTRACT_DIGITS,
    COUNTRY_CODE,
    NAMED_CONTRACT_DIGITS,
    are_personal_code,
    is_card,
    is_personal_code,
    is_phone,
    is_service_number,
)

LONG = CONTRACT_DIGITS.start  # digits of the shortest number that needs no label before it

_RUN = re.compile(rf"\d+(?:{APART}\d+)*")
_GROUP = re.compile(r"\d+")
# A code's six digits, in one piece or in equal groups; alone in a message, pairs with dashes are a date.
_CODE = re.compile(
    rf"(?:\d{{{CODE_DIGITS}}}|\d{{3}}{SPACED}\d{{3}}|\d\d(?:{SPACED}\d\d){{2}}|\d(?:{SPACED}\d){{5}})(?!\d)"
)
_WHOLE_CODE = re.compile(rf"[^\w\0]*(?!\d\d-\d\d-)({_CODE.pattern})[^\w\0]*")
# Spoken in groups, with commas and full stops from speech recognition: "9, 0, 0, 1", "9001. 0000. 033".
_LISTED = re.compile(rf"(?<![\w.,])\d{{1,4}}(?:(?:{COMMA}|\. )\d{{1,4}})++(?!\w)")
_YEAR = re.compile(YEAR)
_Group = tuple[int, int, str]  # start and end as character offsets, digits


def kind_of(digits: str, before: Collection[str] = ()) -> str | None:
    """The kind of a number; None where it is too short to tell.

    Args:
        before: labels of the words before it ("contract", "numbered").
    """
    if "contract" in before and len(digits) in NAMED_CONTRACT_DIGITS:
        return "contract"
    if len(digits) < LONG:
        return "number" if "numbered" in before and len(digits) in NAMED_CONTRACT_DIGITS else None
    if is_personal_code(digits):
        return "personal code"
    if is_phone(digits):
        return "phone"
    if is_card(digits):
        return "card"
    return "contract" if len(digits) in CONTRACT_DIGITS else "number"


def numbers(text: str, labels: Mapping[int, Collection[str]]) -> Iterator[Finding]:
    """Long numbers, in groups or not, and shorter ones after a label.

    Args:
        labels: by the offset where a number would start, the labels of the words before it (`WordDocument.labels`).
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


def listed_numbers(text: str, labels: Mapping[int, Collection[str]]) -> Iterator[Finding]:
    """Numbers that speech recognition wrote digit by digit or in groups, with punctuation between; no lists of numbers.

    Args:
        labels: as for `numbers`.
    """
    for run in _LISTED.finditer(text):
        groups = _GROUP.findall(run.group())
        by_digit = all(len(group) == 1 for group in groups)
        has_nought = any(len(group) > 1 and group[0] == "0" for group in groups)  # no separate number starts with it
        years = any(_YEAR.fullmatch(group) for group in groups)
        before = labels.get(run.start(), ())
        is_one = by_digit or (has_nought and not years) or "contract" in before
        together = "".join(groups)
        kind = None if is_service_number(together) else kind_of(together, before)
        if is_one and kind and not is_list(run.group(), text[run.end() :]):
            yield Finding(kind, *run.span())


def _parts(groups: list[_Group]) -> Iterator[list[_Group]]:
    """Groups that form one number: a long one alone or after its country code, a personal code's two, short ones."""
    short: list[_Group] = []
    for group in groups:
        digits, before = group[2], short[-1][2] if short else ""
        if len(digits) < LONG and not are_personal_code((before, digits)):
            short.append(group)
            continue
        prefix = [short.pop()] if before in {COUNTRY_CODE, f"00{COUNTRY_CODE}"} or len(digits) < LONG else []
        if short:
            yield short
            short = []
        yield [*prefix, group]
    if short:
        yield short


def _kind(groups: list[str], before: Collection[str]) -> str | None:
    if harmless_numbers.known(groups):
        return None
    if are_personal_code(groups):
        return "personal code"
    return kind_of("".join(groups), before)
