"""Counts turns of which nothing could be stored: a part was down, and the customer got only the apology.

Where the database itself is down, they wait in this process until it is back.
"""

import logging
import threading
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.figures.counted_things import Counted, CountKey, channel_of, key
from bot.figures.counting_rows import add_counts
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
_waiting: Counter[CountKey] = Counter()
_lock = threading.Lock()


async def count_lost(channel: str, language: str | None) -> None:
    """Count one; never fails."""
    with _lock:
        _waiting[key(datetime.now(UTC), Counted.LOST, channel_of(channel), language)] += 1
    try:
        await in_time(write_lost)
    except (SQLAlchemyError, OSError) as error:  # TimeoutError too
        logger.warning("A lost turn is counted later: %s.", type(error).__name__)


def write_lost() -> None:
    """Write what waits to be counted.

    Raises:
        SQLAlchemyError, OSError: the database fails; it waits on.
    """
    with _lock:
        now = Counter(_waiting)
        _waiting.clear()
    try:
        with session_scope() as session:
            add_counts(session, now)
    except BaseException:
        with _lock:
            _waiting.update(now)
        raise
