"""Counts what happens at the desk, from its events: each once, in the order of their numbers.

The desk's events have no gaps, so a reader that stops anywhere goes on where it stopped. Rows are purged after days;
this runs every few seconds.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.kinds import DeskEventKind
from bot.desk.models import DeskEventRow, DeskRating, Handoff
from bot.figures.counted_things import Counted, CountKey, channel_of, key
from bot.figures.counting_rows import add_counts
from bot.figures.models import FigureCursor
from bot.storage.engine import inserting

THE_ROW = 1
AT_ONCE = 500  # events in a transaction
# Seconds at most; the last range is of all that take longer.
RANGES = (30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400)
LONGER = "longer"
_TAKEN = frozenset({DeskEventKind.TAKEN, DeskEventKind.ASSIGNED})


def count_desk_events(session: Session) -> int:
    """Count the events that were not counted yet, at most `AT_ONCE`; returns how many there were."""
    session.execute(inserting(session, FigureCursor).values(id=THE_ROW, number=0).on_conflict_do_nothing())
    # The row is locked: of several consoles one counts.
    after = session.execute(
        select(FigureCursor.number).where(FigureCursor.id == THE_ROW).with_for_update()
    ).scalar_one()
    row = DeskEventRow
    columns = (row.number, row.kind, row.reference, row.at)
    events = session.execute(select(*columns).where(row.number > after).order_by(row.number).limit(AT_ONCE)).all()
    if events:
        moved = update(FigureCursor).where(FigureCursor.id == THE_ROW).values(number=events[-1].number)
        session.execute(moved.execution_options(synchronize_session=False))
        add_counts(session, desk_counts(session, [(one.kind, one.reference, one.at) for one in events]))
    return len(events)


def desk_counts(session: Session, events: Iterable[tuple[str, str | None, object]]) -> Counter[CountKey]:
    """The counts of events; of requests that are erased already nothing."""
    known = [(DeskEventKind(kind), reference, at) for kind, reference, at in events if reference]
    wanted = sorted({reference for _, reference, _ in known})
    requests = {
        row.reference: row for row in session.execute(select(Handoff).where(Handoff.reference.in_(wanted))).scalars()
    }
    rated = select(DeskRating).where(DeskRating.reference.in_(wanted), DeskRating.value.is_not(None))
    ratings = session.execute(rated).scalars().all()
    counts: Counter[CountKey] = Counter()
    for kind, reference, at in known:
        request = requests.get(reference)
        if request is None:
            continue
        of_it = (channel_of(request.channel), request.language)
        if kind is DeskEventKind.REQUESTED:
            counts[key(request.created_at, Counted.REQUEST, *of_it, request.kind)] += 1
        elif kind in _TAKEN and request.taken_at == at:
            counts[key(request.taken_at, Counted.WAITED, *of_it, range_of(request.taken_at, request))] += 1
        elif kind is DeskEventKind.AGENT_SAID and request.first_answer_at == at:
            took = range_of(request.first_answer_at, request)
            counts[key(request.first_answer_at, Counted.FIRST_ANSWER, *of_it, took)] += 1
        elif kind is DeskEventKind.RATED:
            given = [one for one in ratings if one.reference == reference and one.at == at]
            counts.update(key(one.at, Counted.RATED, *of_it, f"{one.about}/{one.value}") for one in given)
    return counts


def range_of(until: object, request: Handoff) -> str:
    """The name of the range in which the time from a request to a moment is."""
    seconds = max(0.0, (until - request.created_at).total_seconds())  # type: ignore[operator]
    place = bisect_left(RANGES, seconds)
    return str(RANGES[place]) if place < len(RANGES) else LONGER


def typical(counts: dict[str, int], share: float = 0.5) -> str | None:
    """The range within which this share lies, by the counts of ranges; None where there are none."""
    total, passed = sum(counts.values()), 0
    for name in (*map(str, RANGES), LONGER):
        passed += counts.get(name, 0)
        if total and passed >= share * total:
            return name
    return None
