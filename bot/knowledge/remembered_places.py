"""Places that announcements brought, as a process remembers them: every version, with the days of its being known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.knowledge.models import PlaceVersion, PublishedPlace

_COLUMNS = ("names", "cases", "called", "known_from", "retracted", "number")


@dataclass(frozen=True, eq=False)
class Place:
    """A version of a place, with its names and all by which it is recognised.

    Attributes:
        names: by language; `cases`: the other cases of the Latvian one.
        called: other names, and slips.
        known_from, known_until: the first and the last day on which this version was the latest; None for any day.
    """

    id: str
    names: Mapping[str, str]
    cases: Mapping[str, str]
    called: tuple[str, ...]
    known_from: date
    known_until: date | None = None

    def is_known_on(self, day: date) -> bool:
        """Whether this is the version that was known on a day."""
        return self.known_from <= day and (self.known_until is None or day <= self.known_until)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Everything that it is called."""
        return tuple(dict.fromkeys((*self.names.values(), *self.cases.values(), *self.called)))


def read_places(session: Session) -> tuple[Place, ...]:
    """Every version of every place in which it is there, the earliest known first."""
    latest = select(PublishedPlace.id.label("id"), *(getattr(PublishedPlace, name) for name in _COLUMNS))
    later = exists().where(PublishedPlace.id == PlaceVersion.place_id, PublishedPlace.number > PlaceVersion.number)
    earlier = select(PlaceVersion.place_id.label("id"), *(getattr(PlaceVersion, name) for name in _COLUMNS))
    rows = [*session.execute(latest), *session.execute(earlier.where(later))]
    rows.sort(key=lambda row: (row.id, -row.number))
    found: list[Place] = []
    for place_id, versions in groupby(rows, key=lambda row: str(row.id)):
        until: date | None = None
        for row in versions:
            if until is None or row.known_from <= until:
                if not row.retracted:
                    found.append(_place(place_id, row, until))
                until = row.known_from - timedelta(days=1)
    return tuple(sorted(found, key=lambda place: (place.known_from, place.id)))


def _place(place_id: str, row: Any, until: date | None) -> Place:
    return Place(place_id, row.names, row.cases or {}, tuple(row.called), row.known_from, until)
