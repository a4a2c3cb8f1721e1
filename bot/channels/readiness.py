"""Whether the server can really answer: model loaded, database there, action server answering."""

import asyncio
import logging

import aiohttp
from rasa.core.agent import Agent
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.models import Fact
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
PATIENCE = aiohttp.ClientTimeout(total=3)


async def not_ready(agent: Agent | None) -> str | None:
    """The reason why messages cannot be answered yet; None when they can."""
    if agent is None or not agent.is_ready():
        return "The model is not loaded."
    if not await asyncio.to_thread(_facts):
        return "The database holds no facts."
    endpoint = agent.action_endpoint
    if endpoint is None:
        return "No action server is configured."
    try:
        url = endpoint.url.removesuffix("/webhook") + "/health"
        async with aiohttp.ClientSession(timeout=PATIENCE) as client, client.get(url) as answer:
            return None if answer.status == 200 else "The action server is not well."
    except (aiohttp.ClientError, TimeoutError):
        return "The action server does not answer."


def _facts() -> int:
    try:
        with session_scope() as session:
            return int(session.execute(select(func.count()).select_from(Fact)).scalar_one())
    except SQLAlchemyError as error:
        logger.error("The database does not answer: %s.", type(error).__name__)
        return 0
