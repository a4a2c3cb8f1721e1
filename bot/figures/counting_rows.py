"""Writes counts: one statement for all of a turn, in the transaction that stores it, so none is lost or doubled."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import case, delete, or_
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.figures.counted_things import Counted, CountKey
from bot.figures.models import ConversationFacts, FigureCount, FoldedDay
from bot.figures.turn_counts import TurnCounts
from bot.storage.engine import INSERTS, inserting

LATE = timedelta(hours=4)  # for so long a day must be over before it is summed; no turn takes longer
_OF_FACTS = {
    "answered": Counted.ANSWERED,
    "asked_back": Counted.ASKED_BACK,
    "not_understood": Counted.NOT_UNDERSTOOD,
    "out_of_scope": Counted.OUT_OF_SCOPE,
    "failed": Counted.FAILED,
}


def add_counts(session: Session, counts: Mapping[CountKey, int]) -> None:
    """Add to the counts. Call it last in a transaction: until that ends, other turns wait that count the same.

    Rows are written in the order of their keys, so that no two transactions wait for each other.
    """
    rows = [{**key._asdict(), "count": count} for key, count in sorted(counts.items()) if count]
    if not rows:
        return
    _sum_again(session, {row["at"].astimezone(RIGA).date() for row in rows})
    session.execute(_upsert_counts(session.connection().dialect.name), rows)


def add_turns(session: Session, conversation_id: str, found: TurnCounts) -> None:
    """Add the turns of a conversation to its facts and to the counts."""
    rows = [
        {
            "conversation_id": conversation_id,
            **{name: getattr(one, name) for name in ("begun_at", "last_at", "channel", "language", "first_topic")},
            "turns": one.turns,
            "handed_over": one.handed_over,
            **{column: one.outcomes[what] for column, what in _OF_FACTS.items()},
        }
        for one in found.conversations.values()
    ]
    if rows:
        session.execute(_upsert_facts(session.connection().dialect.name), rows)
    add_counts(session, found.counts)


def open_since(now: datetime) -> date:
    """The first day (Riga) that is not summed yet, since turns are still counted for it."""
    return (now - LATE).astimezone(RIGA).date()


def _sum_again(session: Session, days: set[date]) -> None:
    """Note that days of which something is counted late must be summed again."""
    for day in sorted(day for day in days if day < open_since(datetime.now(UTC))):
        # Inserted first, since that waits for whoever sums the day just now.
        session.execute(inserting(session, FoldedDay).values(day=day).on_conflict_do_nothing())
        session.execute(delete(FoldedDay.__table__).where(FoldedDay.day == day))


@lru_cache(maxsize=2)
def _upsert_counts(dialect: str) -> Any:
    adding = INSERTS[dialect](FigureCount.__table__)
    return adding.on_conflict_do_update(
        index_elements=list(FigureCount.__table__.primary_key.columns),
        set_={"count": FigureCount.__table__.c.count + adding.excluded.count},
    )


@lru_cache(maxsize=2)
def _upsert_facts(dialect: str) -> Any:
    table = ConversationFacts.__table__
    adding = INSERTS[dialect](table)
    new = adding.excluded
    summed = {name: table.c[name] + new[name] for name in ("turns", *_OF_FACTS)}
    return adding.on_conflict_do_update(
        index_elements=[table.c.conversation_id, table.c.begun_at],
        set_={
            **summed,
            "last_at": new.last_at,
            "language": case((new.language == "", table.c.language), else_=new.language),
            "handed_over": or_(table.c.handed_over, new.handed_over),
        },
    )
