"""From which day to which a sentence of a release holds, for each of the places that it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.drafting.read_release import ReadSentence
from bot.drafting.release_days import NamedDay
from bot.drafting.release_words import release_words


@dataclass(frozen=True, order=True)
class StatedDays:
    """The first and the last day; `last` None where none is named."""

    first: date
    last: date | None = None


def stated_days(read: ReadSentence, place: str | None, published: date) -> StatedDays:
    """The days of a sentence, or of what it says about a place: "Riga on 18 May, Daugavpils on 25 May".

    Args:
        published: the first day where none is named, or only days before.
    """
    days = [day for day in read.findings.days if day.day >= published]
    own = list(_of_place(read, place, days)) if place and days else days
    introduced = [day for day in (read.introduced.days if read.introduced else ()) if day.day >= published]
    return _stated(own or introduced, published)


def _stated(days: Sequence[NamedDay], published: date) -> StatedDays:
    first = min((day.day for day in days if not day.is_last), default=published)
    last = max((day.day for day in days if day.is_last), default=None)
    return StatedDays(first, last if last is None or last >= first else None)


def _of_place(read: ReadSentence, place: str, days: Sequence[NamedDay]) -> Iterator[NamedDay]:
    """The days of the place's own clause, of the clause before it that has any, or of the next one."""
    clauses = list(_clauses(read.sentence.text))
    named = next(one for one in read.findings.places if one.id == place)
    own = next(number for number, (start, end) in enumerate(clauses) if start <= named.start < end)
    by_clause = [[day for day in days if start <= day.start < end] for start, end in clauses]
    nearest = [*range(own, -1, -1), *range(own + 1, len(clauses))]
    yield from next((by_clause[number] for number in nearest if by_clause[number]), [])


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for joint in _joint().finditer(text):
        yield start, joint.start()
        start = joint.start()
    yield start, len(text) + 1


@lru_cache(maxsize=1)
def _joint() -> re.Pattern[str]:
    words = "|".join(sorted(release_words("clauses")))
    return re.compile(rf"(?<![\d.])[;,](?=\s)|(?<=[^\W\d_]\s)(?:{words})(?=\s)", re.IGNORECASE)
