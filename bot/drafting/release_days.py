"""The days that a sentence of a release names, with their year, and whether something begins or ends on them.

The dates themselves are found by `bot.nlu.entity_extractor`; here "18. līdz 22. maijam" gets its first day too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.domain_names import EntityName
from bot.drafting.release_words import is_month, release_words
from bot.parse_result import Entity
from bot.words.text import fold_word

_YEAR_BEHIND = re.compile(r"[\s,.]{1,2}(?P<year>(?:19|20)\d\d)\b(?!\.?\d)")
_YEAR_BEFORE = re.compile(r"\b(?P<year>(?:19|20)\d\d)\.?\s*(?:gad[aā]|g\.)\s+$")
_DASH = re.compile(r"(?<=\d)(\.?)[–—](?=\d)|(?<![\d-])(?<=\d)(\.?)-(?=\d{1,2}\.?\s)")
_BARE = re.compile(r"\d{1,2}[./]\d{1,2}")  # may be a time, "24/7" or a number of a clause
_TIME_BEFORE = re.compile(r"plkst\.?\s+(?:\w+\s+)?$", re.IGNORECASE)
_WORDS_BEFORE = 60  # characters that are looked at


@dataclass(frozen=True)
class NamedDay:
    """A day in a sentence.

    Attributes:
        start, end: offsets in the sentence, with the year.
        is_last: whether something holds until that day ("līdz 17. maijam").
    """

    day: date
    start: int
    end: int
    is_last: bool


def readable(text: str) -> str:
    """The text with the dash of "1.–5. jūnijā" as a space, so that the day behind it is found; offsets stay."""
    return _DASH.sub(lambda match: (match[1] or match[2] or "") + " ", text)


def named_days(text: str, entities: Iterable[Entity], published: date) -> list[NamedDay]:
    """The days of a sentence, in order.

    Args:
        entities: found in `readable(text)`.
        published: where the year is left out, the one that brings the day nearest to this day is meant.
    """
    found: list[NamedDay] = []
    for entity in sorted(entities, key=lambda one: one.start):
        if entity.name == EntityName.DATE and _is_day(text, entity) and (named := _named(text, entity, published)):
            found += [*_earlier(text, named), named]
            found += _later(text, named)
    return sorted({(one.start, one.day): one for one in found}.values(), key=lambda one: (one.start, one.day))


def _is_day(text: str, entity: Entity) -> bool:
    """Whether figures are a day: those without a year and a full stop only after "from" or "until"."""
    before = text[: entity.start]
    if not _BARE.fullmatch(text[entity.start : entity.end]):
        return _TIME_BEFORE.search(before) is None or not text[entity.start].isdecimal()
    return _TIME_BEFORE.search(before) is None and _is_after(before, ("since", "until"))


def _named(text: str, entity: Entity, published: date) -> NamedDay | None:
    start, end, value = entity.start, entity.end, entity.value
    before, behind = _YEAR_BEFORE.search(text[:start]), _YEAR_BEHIND.match(text[end:])
    if before:
        start = before.start()
    elif behind:
        end += behind.end()
    year = (before or behind or {"year": None})["year"]
    day = _day(value if len(value) > len("05-18") else f"{year}-{value}" if year else value, published)
    return NamedDay(day, start, end, _is_last(text[:start])) if day else None


def _day(value: str, published: date) -> date | None:
    values = [value] if len(value) > len("05-18") else [f"{published.year + by}-{value}" for by in (-1, 0, 1)]
    days = [day for one in values if (day := _read(one))]
    return min(days, key=lambda day: abs((day - published).days), default=None)


def _read(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@lru_cache(maxsize=4)
def _one_of(name: str) -> str:
    return "|".join(sorted(release_words(name)))


def _is_last(before: str) -> bool:
    return _is_after(before, ("until",))


def _is_after(before: str, names: Iterable[str]) -> bool:
    """Whether a text ends with one of the words of these lists."""
    words = fold_word(before[-_WORDS_BEFORE:])
    return any(re.search(rf"\b(?:{_one_of(name)})(?: the)?\s+$", words) for name in names)


def _earlier(text: str, last: NamedDay) -> Iterator[NamedDay]:
    """The days before one whose month they share: "18., 19. un 20. maijā", "18 to 22 May"."""
    number = re.match(r"(?:\d{4}\.?\s*(?:gad[aā]|g\.)\s+)?\d{1,2}(?:st|nd|rd|th)?\b", text[last.start : last.end])
    joint = re.compile(
        rf"(?<![\w.,/:-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s*[–—,-]\s*|\s+(?:{_one_of('range')})\s+)$"
    )
    end = last.start
    while number and (match := joint.search(_plain(text[:end]))):
        day = _same_month(last.day, int(match["day"]))
        if day is None or day >= last.day:
            return
        yield NamedDay(day, match.start(), match.end("day"), _is_last(text[: match.start()]))
        end = match.start()


def _later(text: str, first: NamedDay) -> Iterator[NamedDay]:
    """The day after an English one that begins with its month: "May 18 to 22"."""
    if text[first.start].isdecimal():
        return
    behind = re.match(rf"(?:\s*[–—-]\s*|\s+(?:{_one_of('range')})\s+)(\d{{1,2}})\b(?![.:,]?\d)", text[first.end :])
    day = _same_month(first.day, int(behind[1])) if behind else None
    following = re.match(r"\s*([^\W\d_]*)", text[first.end + behind.end() :]) if behind else None
    if behind and day and day > first.day and not (following and is_month(following[1])):
        yield NamedDay(day, first.end + behind.start(1), first.end + behind.end(1), is_last=True)


def _plain(text: str) -> str:
    """Folded letter by letter, so that offsets stay."""
    return "".join(folded if len(folded := fold_word(letter)) == 1 else letter for letter in text)


def _same_month(day: date, number: int) -> date | None:
    try:
        return day.replace(day=number)
    except ValueError:
        return None
