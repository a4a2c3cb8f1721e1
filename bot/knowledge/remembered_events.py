"""Events as a process remembers them: every version, with the days on which it was the one that was known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.knowledge.event_records import SAID_CASES
from bot.knowledge.models import EmergencyEvent, EventVersion
from bot.settings import LANGUAGES

_COLUMNS = ("names", "cases", "began_on", "ended_on", "official_end", "known_from", "retracted", "number")


@dataclass(frozen=True)
class Event:
    """A version of an event that facts depend on.

    Attributes:
        names: by language, as they stand within a sentence; `cases`: the other cases of the Latvian one.
        ended_on: its last day; None while it is open.
        official_end: the last day that an authority set.
        known_from, known_until: the first and the last day on which this version was the latest; None for any day.
    """

    id: str
    names: Mapping[str, str]
    cases: Mapping[str, str]
    began_on: date
    ended_on: date | None
    official_end: date | None
    known_from: date
    known_until: date | None

    def is_known_on(self, day: date) -> bool:
        """Whether this is the version that was known on a day."""
        return self.known_from <= day and (self.known_until is None or day <= self.known_until)

    def is_open_on(self, day: date) -> bool:
        """Whether it has begun and nobody has ended it."""
        return self.began_on <= day and (self.ended_on is None or day <= self.ended_on)

    def is_over_on(self, day: date) -> bool:
        """Whether somebody has ended it, and its last day has passed."""
        return self.ended_on is not None and day > self.ended_on

    def is_overdue_on(self, day: date) -> bool:
        """Whether its official end has passed and nobody has recorded that it ended."""
        return self.ended_on is None and self.official_end is not None and day > self.official_end

    def is_in_force_on(self, day: date) -> bool:
        """Whether it is open, beyond doubt."""
        return self.is_open_on(day) and not self.is_overdue_on(day)

    @property
    def can_be_named(self) -> bool:
        """Whether it has a name in every language and case in which replies name it."""
        return all(self.names.get(language) for language in LANGUAGES) and all(map(self.cases.get, SAID_CASES))


Events = Mapping[str, Sequence[Event]]  # by id, the latest version first


def event_on(events: Events, event_id: str, day: date) -> Event | None:
    """The version of an event that was known on a day; None where none was."""
    return next((version for version in events.get(event_id, ()) if version.is_known_on(day)), None)


def events_known_on(events: Events, day: date) -> list[Event]:
    """Every event in the version that was known on a day, in the order in which they began."""
    known = (event_on(events, event_id, day) for event_id in events)
    return sorted((event for event in known if event), key=lambda event: (event.began_on, event.id))


def later_namesake(events: Iterable[Event], former: Event, day: date) -> Event | None:
    """The event of the same kind, called the same, that has followed one, or will; None once it is over."""
    names = _folded(former)
    later = [one for one in events if one.began_on > former.began_on and not one.is_over_on(day)]
    return next((one for one in later if one.id != former.id and names & _folded(one) and one.can_be_named), None)


def _folded(event: Event) -> set[str]:
    return {name.casefold() for name in event.names.values()}


def read_events(session: Session) -> Events:
    """Every version of every event that was not taken back."""
    latest = select(EmergencyEvent.id.label("id"), *(getattr(EmergencyEvent, name) for name in _COLUMNS))
    later = exists().where(EmergencyEvent.id == EventVersion.event_id, EmergencyEvent.number > EventVersion.number)
    earlier = select(EventVersion.event_id.label("id"), *(getattr(EventVersion, name) for name in _COLUMNS))
    rows = [*session.execute(latest), *session.execute(earlier.where(later))]
    rows.sort(key=lambda row: (row.id, -row.number))
    found: dict[str, list[Event]] = defaultdict(list)
    for event_id, versions in groupby(rows, key=lambda row: str(row.id)):
        until: date | None = None
        for row in versions:
            since = row.known_from or row.began_on
            if until is None or since <= until:
                if not row.retracted:
                    found[event_id].append(_event(row, since, until))
                until = since - timedelta(days=1)
    return dict(found)


def _event(row: Any, since: date, until: date | None) -> Event:
    return Event(
        id=row.id,
        names=row.names,
        cases=row.cases or {},
        began_on=row.began_on,
        ended_on=row.ended_on,
        official_end=row.official_end,
        known_from=since,
        known_until=until,
    )
