"""Looks for surges once a minute, whatever number of consoles runs, and remembers which staff were told of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.figures.alike_sentences import NotUnderstood, alike
from bot.figures.counted_things import QUARTER, RECORDED_CALLS, Counted, quarter_of
from bot.figures.models import FigureCount, FigureCursor, SurgeNotice
from bot.figures.surges import LEAST, WINDOW, Surge, SurgeKind, needed, surge
from bot.storage.engine import inserting

THE_LOOK = 2  # the row of `FigureCursor` with the second of the latest look
EVERY = timedelta(minutes=1)
OVER = timedelta(hours=2)  # for so long it must be usual again until it counts as a new surge
KINDS = {Counted.TOPIC: SurgeKind.OF_TOPIC, Counted.PLACE: SurgeKind.OF_PLACE}


@dataclass(frozen=True)
class NoticedSurge:
    """A surge as the console shows it; see `SurgeNotice`."""

    id: int
    kind: SurgeKind
    name: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    count: int
    usual: float
    examples: tuple[str, ...]
    dismissed_by: str | None


def take_look(session: Session, now: datetime) -> bool:
    """Whether this caller looks now; of several one does, once a minute."""
    second, row = int(now.timestamp()), FigureCursor
    session.execute(inserting(session, row).values(id=THE_LOOK, number=0).on_conflict_do_nothing())
    due = (row.id == THE_LOOK, row.number <= second - EVERY.total_seconds())
    taken = update(row).where(*due).values(number=second).execution_options(synchronize_session=False)
    return bool(session.execute(taken).rowcount)


def counted_surges(session: Session, now: datetime) -> list[Surge]:
    """Topics and places that are far above the usual now; recorded calls, which come in batches, do not count."""
    row, current = FigureCount, quarter_of(now)
    own = row.channel != RECORDED_CALLS
    lately = select(row.what, row.name).where(row.at > current - WINDOW * QUARTER, row.what.in_(KINDS), own)
    rising = session.execute(lately.group_by(row.what, row.name).having(func.sum(row.count) >= LEAST)).all()
    first = session.execute(select(func.min(row.at))).scalar()
    if not rising:
        return []
    series: dict[tuple[str, str], dict[datetime, int]] = {}
    wanted = select(row.at, row.what, row.name, func.sum(row.count)).where(row.at.in_(needed(current, first)), own)
    wanted = wanted.where(row.what.in_(KINDS), row.name.in_(sorted({name for _, name in rising})))
    for at, what, name, count in session.execute(wanted.group_by(row.at, row.what, row.name)):
        series.setdefault((what, name), {})[at] = int(count)
    found = [surge(KINDS[Counted(what)], name, series[what, name], now, first) for what, name in rising]
    return [one for one in found if one]


def all_surges(session: Session, sentences: Sequence[NotUnderstood], now: datetime) -> list[Surge]:
    """All surges, with those of sentences that were not understood."""
    return [*counted_surges(session, now), *alike(sentences, now)]


def notice(session: Session, found: Iterable[Surge], now: datetime) -> list[Surge]:
    """Remember what was found; returns those that are new, of which staff must be told."""
    row = SurgeNotice
    current = list(session.execute(select(row).where(row.ended_at.is_(None))).scalars())
    new = []
    for one in found:
        known = next((each for each in current if _is_same(each, one)), None)
        if known is None:
            session.add(
                row(
                    kind=one.kind,
                    name=one.name,
                    began_at=now,
                    seen_at=now,
                    count=one.count,
                    usual=one.usual,
                    examples="\n".join(one.examples),
                )
            )
            new.append(one)
        else:
            known.seen_at, known.count = now, max(known.count, one.count)
            known.examples = "\n".join(one.examples) or known.examples
    for each in current:
        if each.seen_at < now - OVER:
            each.ended_at = each.seen_at
    session.flush()
    return new


def noticed(session: Session, since: datetime) -> list[NoticedSurge]:
    """The surges that began at `since` or later, or have not ended; the latest first."""
    row = SurgeNotice
    wanted = select(row).where((row.began_at >= since) | row.ended_at.is_(None)).order_by(row.id.desc())
    return [_noticed(one) for one in session.execute(wanted).scalars()]


def dismiss(session: Session, number: int, login: str, now: datetime) -> bool:
    """Note that a surge needs nothing more; returns whether there is one that nobody has dismissed yet."""
    row = SurgeNotice
    this = update(row).where(row.id == number, row.dismissed_at.is_(None))
    done = this.values(dismissed_at=now, dismissed_by=login[:80]).execution_options(synchronize_session=False)
    return bool(session.execute(done).rowcount)


def with_examples(one: Surge, texts: Sequence[str]) -> Surge:
    """A surge with sentences, where it has none of its own."""
    return one if one.examples else replace(one, examples=tuple(texts))


def _is_same(known: SurgeNotice, one: Surge) -> bool:
    if known.kind != one.kind:
        return False
    # The sentence in the middle of a cluster may change.
    return bool(known.name == one.name or known.name in one.examples or one.name in known.examples.split("\n"))


def _noticed(row: SurgeNotice) -> NoticedSurge:
    return NoticedSurge(
        row.id,
        SurgeKind(row.kind),
        row.name,
        row.began_at,
        row.seen_at,
        row.ended_at,
        row.count,
        row.usual,
        tuple(row.examples.split("\n")) if row.examples else (),
        row.dismissed_by,
    )
