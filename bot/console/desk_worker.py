"""What the console's process does beside its pages: gives back what lost agents held, counts, and alerts staff."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.desk.alerting import alert_staff
from bot.desk.claiming import expire_leases
from bot.desk.desk_figures import count_desk
from bot.settings.staff_console import console_address
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)


async def give_back_what_is_lost() -> None:
    """Look every second until cancelled, and count what waits; several consoles may do so at once."""
    while True:
        try:
            await in_time(_expire)
        except (SQLAlchemyError, OSError) as error:
            logger.error("Lost agents cannot be looked for: %s.", type(error).__name__)
        await asyncio.sleep(deadlines.LOST_AGENTS_LOOK)


def _expire() -> None:
    with session_scope() as session:
        expire_leases(session, datetime.now(UTC))
        count_desk(session)


async def alert_to_what_waits() -> None:
    """Send the alerts that are due, until cancelled; of several consoles one sends each."""
    link = f"{console_address()}/desk"
    while True:
        try:
            await asyncio.to_thread(alert_staff, session_scope, link=link)
        except (SQLAlchemyError, OSError) as error:
            logger.error("Staff cannot be alerted: %s.", type(error).__name__)
        await asyncio.sleep(deadlines.ALERTS_LOOK)
