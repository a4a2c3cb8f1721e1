"""The telephone numbers, sums and other figures of a release's sentence.

What a phone number is, `bot.words.kinds_of_number` says; a release also has figures of the grid (110 kV) and counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.domain_names import EntityName
from bot.parse_result import Entity
from bot.privacy.phones import international_phones
from bot.words.digit_groups import digits_of
from bot.words.kinds_of_number import LATVIAN_PHONE_DIGITS, is_phone, is_service_number, is_valid_phone
from bot.words.lexicon import lexicon

_GROUPS = re.compile(r"(?<![\w.,:+-])\+?\d+(?:[ \u00a0-]\d+)*(?![.,:]?\d)")
_SUM_BEHIND = re.compile(
    r"(?:\bEUR|\beuro?)\s?(?P<sum>\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)", re.I
)
# "€1,000", "3,5 miljoni eiro": as newspapers write them, and customers do not.
_LARGE = re.compile(
    r"(?:€\s?|\bEUR\s?)(?P<behind>\d{1,3}(?:,\d{3})+(?:\.\d\d)?)(?![.,]?\d)"
    r"|(?<![\w.,])(?P<before>\d{1,3}(?:,\d{3})+(?:\.\d\d)?)\s?(?:€|eur\b|euros?\b)"
    r"|(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)\s(?P<times>thousand|tūkst\w*\.?|million|milj\w*\.?)\s(?:€|eur\b|euros?\b|eiro\b)"
    r"|€\s?(?P<number_behind>\d+(?:[.,]\d+)?)\s(?P<times_behind>thousand|million)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<!\w)(?<![^\W\d_]-)\d+(?:[ \u00a0]\d{3}\b)*(?:[.,:]\d+)*(?:\s?(?:%|[^\W\d_]+))?")
Span = tuple[int, int]


@dataclass(frozen=True)
class NamedNumbers:
    """The numbers of a sentence, in its order.

    Attributes:
        phones: digits, with "+" where it has a country code.
        sums: in euros, with a point: "12.50".
        figures: all others as they are written, with the word behind them: "110 kV".
    """

    phones: tuple[str, ...]
    sums: tuple[str, ...]
    figures: tuple[str, ...]


def named_numbers(text: str, entities: Iterable[Entity], days: Iterable[Span]) -> NamedNumbers:
    """Find the numbers of a sentence.

    Args:
        days: where its days stand; their figures are not looked at.
    """
    taken = list(days)
    sums = [*_sums(text, entities)]
    taken += [span for _, span in sums]
    phones = [(phone, span) for phone, span in _phones(text) if not _within(span, taken)]
    taken += [span for _, span in phones]
    figures = [(" ".join(match.group().split()), match.span()) for match in _FIGURE.finditer(text)]
    left = [(figure, span) for figure, span in figures if not _within(span, taken)]
    return NamedNumbers(
        *(tuple(dict.fromkeys(value for value, _ in _in_order(found))) for found in (phones, sums, left))
    )


def _in_order(found: Iterable[tuple[str, Span]]) -> list[tuple[str, Span]]:
    return sorted(found, key=lambda one: one[1])


def _within(span: Span, taken: Iterable[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _sums(text: str, entities: Iterable[Entity]) -> Iterator[tuple[str, Span]]:
    found = [(_large(match), match.span()) for match in _LARGE.finditer(text)]
    spans = [span for _, span in found]
    amounts = [(one.value, (one.start, one.end)) for one in entities if one.name == EntityName.AMOUNT]
    found += [(value, span) for value, span in amounts if not _within(span, spans)]
    yield from found
    for match in _SUM_BEHIND.finditer(text):  # "EUR 12.50", which customers do not write
        if not _within(match.span(), [span for _, span in found]):
            yield re.sub(r"\s", "", match["sum"]).replace(",", "."), match.span()


def _large(match: re.Match[str]) -> str:
    if plain := match["behind"] or match["before"]:
        return plain.replace(",", "")
    number, times = match["number"] or match["number_behind"], match["times"] or match["times_behind"]
    thousands = 1_000 if times.lower()[0] == "t" else 1_000_000
    return f"{(Decimal(number.replace(',', '.')) * thousands).normalize():f}"


def _phones(text: str) -> Iterator[tuple[str, Span]]:
    abroad = [(f"+{digits_of(text[one.start : one.end])}", (one.start, one.end)) for one in international_phones(text)]
    yield from abroad
    for match in _GROUPS.finditer(text):
        if not _within(match.span(), [span for _, span in abroad]) and not _counts().match(text[match.end() :]):
            yield from _numbers(match)


def _numbers(match: re.Match[str]) -> Iterator[tuple[str, Span]]:
    """The number of all groups together, or else of those that are one alone: "8400 8404"."""
    digits = digits_of(match.group())
    if _is_line(digits):
        yield ("+" if match.group().startswith("+") else "") + digits, match.span()
        return
    for group in re.finditer(r"\d+", match.group()):
        if _is_line(group.group()):
            yield group.group(), (match.start() + group.start(), match.start() + group.end())


def _is_line(digits: str) -> bool:
    return is_service_number(digits) or is_phone(digits) or (len(digits) == LATVIAN_PHONE_DIGITS and _is_paid(digits))


def _is_paid(digits: str) -> bool:
    """Free and paid lines begin with 8 and 9, which no customer's own phone does."""
    return digits[0] in "89" and is_valid_phone(digits)


@lru_cache(maxsize=1)
def _counts() -> re.Pattern[str]:
    words = lexicon("privacy")
    return re.compile(rf"\s?(?:{words['units']}|{words['counted']})\b", re.IGNORECASE)
