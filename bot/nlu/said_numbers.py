"""Entities in number words, as callers say them: amounts, dates and contract numbers."""

from collections.abc import Iterator, Mapping

from spacy.tokens import Doc

from bot.domain_names import EntityName
from bot.words.kinds_of_number import CONTRACT_DIGITS
from bot.words.number_words import Numeral, means, numerals, runs

Said = tuple[str, str, int, int]  # kind, value, start and end as character offsets


def said_entities(doc: Doc, months: Mapping[int, tuple[str, int]]) -> list[Said]:
    """The entities in a document's number words.

    Args:
        months: by its first token, each month's number (two digits) and the token after it.
    """
    found = numerals(doc)
    return [
        *(_span(doc, *amount) for amount in _amounts(doc, found)),
        *(_span(doc, *date) for date in _dates(doc, found, months)),
        *(_span(doc, *contract) for contract in _contracts(doc, found)),
    ]


def _span(doc: Doc, kind: str, value: str, first: int, after: int) -> Said:
    return kind, value, doc[first].idx, doc[after - 1].idx + len(doc[after - 1])


def _is(doc: Doc, place: int, name: str) -> bool:
    return place < len(doc) and means(name).fullmatch(doc[place].norm_) is not None


def _amounts(doc: Doc, found: list[Numeral]) -> Iterator[tuple[str, str, int, int]]:
    starts = {numeral.first: numeral for numeral in found}
    for numeral in found:
        if numeral.ordinal or not _is(doc, numeral.after, "euro"):
            continue
        place = numeral.after + 1
        cents = starts.get(place + 1 if _is(doc, place, "and") else place)
        if cents and cents.value < 100 and _is(doc, cents.after, "cent"):
            yield EntityName.AMOUNT, f"{numeral.value}.{cents.value:02d}", numeral.first, cents.after + 1
        elif numeral.in_words:  # digits alone are parsed with their decimals (bot.nlu.entity_extractor)
            yield EntityName.AMOUNT, numeral.digits, numeral.first, place


def _dates(
    doc: Doc, found: list[Numeral], months: Mapping[int, tuple[str, int]]
) -> Iterator[tuple[str, str, int, int]]:
    ends = {after: (number, first) for first, (number, after) in months.items()}
    for numeral in found:
        if not numeral.in_words or not 1 <= numeral.value <= 31:
            continue
        start = numeral.after + (numeral.after < len(doc) and doc[numeral.after].norm_ == "of")
        if numeral.ordinal and start in months:
            number, after = months[start]
            yield EntityName.DATE, f"{number}-{numeral.value:02d}", numeral.first, after
        elif numeral.first in ends:
            number, first = ends[numeral.first]
            yield EntityName.DATE, f"{number}-{numeral.value:02d}", first, numeral.after


def _contracts(doc: Doc, found: list[Numeral]) -> Iterator[tuple[str, str, int, int]]:
    for run in runs(found):
        digits = "".join(numeral.digits for numeral in run)
        said = any(numeral.in_words for numeral in run) and not any(numeral.ordinal for numeral in run)
        if said and len(run) > 1 and len(digits) in CONTRACT_DIGITS and not _is(doc, run[-1].after, "euro"):
            yield EntityName.CONTRACT_NUMBER, digits, run[0].first, run[-1].after
