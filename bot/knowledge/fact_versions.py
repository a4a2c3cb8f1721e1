"""The versions of facts: each change of a record adds one, none is ever changed or deleted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.models import Fact, FactVersion

# Names of the columns that facts and their versions share.
CONTENT: tuple[str, ...] = tuple(column.name for column in Fact.__table__.columns if column.name != "id")
MARKS = ("number", "changed_at", "announcement_id", "known_from")  # of which these tell of the change itself


class VersionAct(StrEnum):
    """What made a version of a record."""

    FILES = "files"  # data/knowledge, at the start or by `bot facts load`
    PUBLISHED = "published"
    CORRECTED = "corrected"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    REPLACED = "replaced"  # another record takes its place, or no longer does
    UNDONE = "undone"


@dataclass(frozen=True)
class Signed:
    """Who makes a change, and why.

    Attributes:
        known_from: the first day on which the change is known; None: as early as the record is valid.
        announcement: id of the announcement that makes it.
    """

    who: str = "operator"
    why: str | None = None
    known_from: date | None = None
    announcement: str | None = None

    def known_by(self, day: date) -> "Signed":
        """Known on a day at the latest."""
        return replace(self, known_from=min(self.known_from or day, day))


BY_FILES = Signed("data/knowledge")


@dataclass(frozen=True)
class VersionInForce:
    """A version of a record, with the time in which it was the one that was answered from.

    Attributes:
        in_force_from, in_force_until: moments; `in_force_until` is None for the latest.
        content: the values of CONTENT.
    """

    fact_id: str
    number: int
    act: VersionAct
    who: str
    why: str | None
    announcement: str | None
    in_force_from: datetime
    in_force_until: datetime | None
    content: dict[str, Any]


def add_version(session: Session, fact: Fact, act: VersionAct, signed: Signed) -> None:
    """Append the present state of a changed or new record as a version."""
    fact.number = (fact.number or 0) + 1  # a record that is new has none yet
    fact.known_from, fact.announcement_id = signed.known_from, signed.announcement
    fact.changed_at = datetime.now(UTC)
    content = {name: getattr(fact, name) for name in CONTENT}
    session.add(FactVersion(**content, fact_id=fact.id, act=act, who=signed.who[:120], why=signed.why))


def state_of(row: Fact | FactVersion) -> dict[str, Any]:
    """What is said and when, without who changed it: two versions with the same state say the same."""
    return {name: getattr(row, name) for name in CONTENT if name not in MARKS}


def restore_state(fact: Fact, version: FactVersion) -> None:
    """Set a record back to a version's state; the caller appends that as a version."""
    for name, value in state_of(version).items():
        setattr(fact, name, value)


def known_spans(latest_first: Iterable[Any]) -> Iterator[tuple[Any, date, date | None]]:
    """The versions of one record that were ever the latest known, each with the first and the last day of that.

    Each is known until the day before the next one was; a version that was never the latest known is left out.
    """
    until = None
    for row in latest_first:
        since = row.known_from or row.valid_from
        if until is None or since <= until:
            yield row, since, until
            until = since - timedelta(days=1)


def versions_of(session: Session, fact_id: str) -> list[VersionInForce]:
    """All versions of a record, oldest first; empty for a record that never was."""
    query = select(FactVersion).where(FactVersion.fact_id == fact_id).order_by(FactVersion.number)
    rows = list(session.execute(query).scalars())
    ends = [*(row.changed_at for row in rows[1:]), None]
    return [_in_force(row, end) for row, end in zip(rows, ends, strict=False)]


def _in_force(row: FactVersion, end: datetime | None) -> VersionInForce:
    return VersionInForce(
        fact_id=row.fact_id,
        number=row.number,
        act=VersionAct(row.act),
        who=row.who,
        why=row.why,
        announcement=row.announcement_id,
        in_force_from=row.changed_at,
        in_force_until=end,
        content={name: getattr(row, name) for name in CONTENT},
    )
