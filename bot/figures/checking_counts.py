"""Counts anew what is still stored, and compares; raises what is too low. What was erased cannot be counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.figures.counted_things import Counted, CountKey, quarter_of
from bot.figures.counting_rows import add_counts
from bot.figures.models import FigureCount
from bot.figures.turn_counts import Event, turn_counts

# Counted from conversations and recorded calls; the desk's counts and lost turns are not.
CHECKED = frozenset(what for what in Counted if what.value.startswith(("conversation_", "turn"))) - {Counted.LOST}
Conversation = tuple[str, Sequence[Event]]


@dataclass(frozen=True)
class Difference:
    """A count that is not what was counted anew."""

    key: CountKey
    stored: int
    anew: int


def counted_anew(
    conversations: Iterable[Conversation],
    calls: Iterable[Mapping[CountKey, int]] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> Counter[CountKey]:
    """The counts of what is still stored, of quarters of an hour from `since` on and before `until`."""
    found: Counter[CountKey] = Counter()
    for _, events in conversations:
        found.update(turn_counts(events).counts)
    for counts in calls:
        found.update(counts)
    return Counter({key: count for key, count in found.items() if _is_within(key.at, since, until)})


def differences(
    session: Session, anew: Mapping[CountKey, int], since: datetime | None = None, until: datetime | None = None
) -> list[Difference]:
    """Where the stored counts differ, by time. Higher is what erased conversations leave; lower is never right."""
    row = FigureCount
    limits: list[Any] = [row.at >= quarter_of(since)] if since else []
    limits += [row.at < until] if until else []
    wanted = select(row.at, row.what, row.name, row.channel, row.language, row.count).where(*limits)
    stored = {
        CountKey(one.at, Counted(one.what), one.name, one.channel, one.language): int(one.count)
        for one in session.execute(wanted.where(row.what.in_(sorted(CHECKED))))
    }
    keys = sorted(stored.keys() | anew.keys())
    pairs = [Difference(key, stored.get(key, 0), anew.get(key, 0)) for key in keys]
    return [one for one in pairs if one.stored != one.anew]


def put_right(session: Session, found: Iterable[Difference]) -> int:
    """Raise the counts that are too low; returns how many. Nothing is lowered."""
    low = {one.key: one.anew - one.stored for one in found if one.stored < one.anew}
    add_counts(session, low)
    return len(low)


def _is_within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= quarter_of(since)) and (until is None or at < until)
