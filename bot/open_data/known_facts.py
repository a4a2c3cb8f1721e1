"""Every version of every fact that was ever known, as one knows it on a day: nothing that is not public yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import known_spans
from bot.knowledge.facts_on_day import FactStatus, last_day, status_on
from bot.knowledge.models import FactVersion

TAKEN_BACK = "taken back"  # a record that was undone: it was said, and counts as never announced


@dataclass(frozen=True)
class KnownVersion:
    """A version of a record.

    Attributes:
        row: the columns of `bot.knowledge.models.FactVersion`.
        known_from, known_until: the days on which it was the latest known; `known_until` None for the present one.
        last: the last day on which it holds, so far as that is known; None while it is open.
    """

    row: Any
    known_from: date
    known_until: date | None
    last: date | None


@dataclass(frozen=True)
class KnownFact:
    """A record, its versions oldest first, and its status on the day: of FactStatus, or TAKEN_BACK."""

    id: str
    versions: tuple[KnownVersion, ...]
    status: str

    @property
    def present(self) -> KnownVersion:
        """The version that is known on the day."""
        return self.versions[-1]


def known_facts(session: Session, day: date) -> list[KnownFact]:
    """All records known on a day, by key, first day and id."""
    rows = session.execute(select(FactVersion).order_by(FactVersion.fact_id, FactVersion.number.desc())).scalars()
    found = [
        fact for name, of_one in groupby(rows, key=lambda row: str(row.fact_id)) if (fact := _fact(name, of_one, day))
    ]
    return sorted(found, key=lambda fact: (fact.present.row.key, fact.present.row.valid_from, fact.id))


def _fact(name: str, latest_first: Iterator[Any], day: date) -> KnownFact | None:
    versions = [_version(*span, day) for span in known_spans(latest_first) if span[1] <= day]
    return KnownFact(name, tuple(reversed(versions)), _status(versions[0], day)) if versions else None


def _version(row: Any, since: date, until: date | None, day: date) -> KnownVersion:
    return KnownVersion(row, since, until if until is not None and until < day else None, _last(row, day))


def _last(row: Any, day: date) -> date | None:
    """As `last_day`; the end of an event is known when it is over."""
    event, last = row.until_event, last_day(row)
    if event is not None and event.ended_on is not None and event.ended_on >= day and last == event.ended_on:
        return row.valid_until if row.withdrawn_from is None else last
    return last


def _status(version: KnownVersion, day: date) -> str:
    if version.row.retracted:
        return TAKEN_BACK
    status = status_on(version.row, day)
    return FactStatus.ANNOUNCED.value if status is FactStatus.NOT_YET else status.value
