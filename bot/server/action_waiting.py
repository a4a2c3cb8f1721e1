"""A Rasa server listens only once its action server answers: until then a message could only get an apology."""

import asyncio
import logging
import time

from rasa.utils.endpoints import EndpointConfig

from bot import deadlines
from bot.channels.readiness import action_server

logger = logging.getLogger(__name__)
LOOK = 0.2  # seconds between two looks


async def await_action_server(endpoint: EndpointConfig | None) -> None:
    """Wait until the action server answers, up to `deadlines.ACTIONS_AWAITED`; logs when it does not.

    The chat keeps what it could not deliver and retries by itself. Delivered to a server without actions, the message
    would be used up by an apology.
    """
    if endpoint is None:
        return
    until = time.monotonic() + deadlines.ACTIONS_AWAITED
    while reason := await action_server(endpoint):
        if time.monotonic() >= until:
            logger.error("%s The Rasa server starts without it, and apologises to customers.", reason)
            return
        await asyncio.sleep(LOOK)
