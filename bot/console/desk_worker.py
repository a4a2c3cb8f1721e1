"""Gives back what agents held whose browsers have died, in the console's process."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.desk.claiming import expire_leases
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)


async def give_back_what_is_lost() -> None:
    """Look every second until cancelled; several consoles may do so at once."""
    while True:
        try:
            await in_time(_expire)
        except (SQLAlchemyError, OSError) as error:
            logger.error("Lost agents cannot be looked for: %s.", type(error).__name__)
        await asyncio.sleep(deadlines.LOST_AGENTS_LOOK)


def _expire() -> None:
    with session_scope() as session:
        expire_leases(session, datetime.now(UTC))
