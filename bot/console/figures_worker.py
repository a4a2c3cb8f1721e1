"""What the console's process does for the figures: counts the desk's events, sums days, and looks for surges."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import deadlines
from bot.figures import desk_counts
from bot.figures.alike_sentences import LATELY, NotUnderstood
from bot.figures.counted_things import QUARTER
from bot.figures.desk_counts import count_desk_events
from bot.figures.folding import fold
from bot.figures.surge_telling import tell_of_surges
from bot.figures.surge_watch import all_surges, notice, take_look, with_examples
from bot.figures.surges import WINDOW, Surge, SurgeKind
from bot.rasa.said_sentences import examples_of, not_understood
from bot.settings.staff_console import console_address
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
COMPARED = timedelta(days=7)  # of sentences that were not understood
EXAMPLES = 5


async def keep_figures() -> None:
    """Count, sum and look until cancelled; several consoles may do so at once."""
    while True:
        try:
            await asyncio.to_thread(work, datetime.now(UTC))
        except (SQLAlchemyError, OSError) as error:
            logger.error("The figures cannot be kept: %s.", type(error).__name__)
        await asyncio.sleep(deadlines.FIGURES_LOOK)


def work(now: datetime) -> list[Surge]:
    """Do what is due; returns new surges, of which staff were told."""
    counted = desk_counts.AT_ONCE
    while counted == desk_counts.AT_ONCE:
        with session_scope() as session:
            counted = count_desk_events(session)
    with session_scope() as session:
        fold(session, now)
    with session_scope() as session:
        if not take_look(session, now):
            return []
    with session_scope() as session:
        found = [
            with_examples(one, _examples(session, one, now)) for one in all_surges(session, _unclear(session, now), now)
        ]
        new = notice(session, found, now)
    tell_of_surges(new, f"{console_address()}/surges", now)  # outside of a transaction
    return new


def _unclear(session: Session, now: datetime) -> list[NotUnderstood]:
    return not_understood(session, now - max(COMPARED, LATELY))


def _examples(session: Session, one: Surge, now: datetime) -> list[str]:
    since = now - WINDOW * QUARTER
    if one.kind is SurgeKind.OF_TOPIC:
        return list(examples_of(session, since, EXAMPLES, intent=one.name))
    return list(examples_of(session, since, EXAMPLES, place=one.name)) if one.kind is SurgeKind.OF_PLACE else []
