"""Readiness: whether a server can really answer, by model, database, action server, and Redis where there is one."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import aiohttp
from redis.exceptions import RedisError
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.channels.http.problems import problem
from bot.knowledge.models import Fact
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope
from bot.storage.redis_server import redis_client, redis_url

if TYPE_CHECKING:  # the action server runs without Rasa
    from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)
GOOD_FOR, BAD_FOR = 1.0, 0.2  # seconds that a result is cached, so that probes cannot overload the server
NOT_KEPT = {"Cache-Control": "no-store"}
Check = Callable[[], Awaitable[str | None]]


class Readiness:
    """Checks all parts together, and caches the result for a moment, however many probes come."""

    def __init__(self, checks: dict[str, Check]) -> None:
        """
        Args:
            checks: by the part's name, a function that returns why the part is not ready, or None.
        """
        self._checks = checks
        self._found: dict[str, str] = {}
        self._until = 0.0
        self._looking = asyncio.Lock()

    async def failures(self) -> dict[str, str]:
        """Why messages cannot be answered, by part; empty when they can."""
        async with self._looking:
            if time.monotonic() >= self._until:
                reasons = await asyncio.gather(*(self._look(name) for name in self._checks))
                self._found = {name: why for name, why in zip(self._checks, reasons, strict=True) if why}
                self._until = time.monotonic() + (BAD_FOR if self._found else GOOD_FOR)
        return self._found

    async def answer(self) -> HTTPResponse:
        """200, or a problem document (503) with the reasons in `detail` and the parts in `failed`."""
        found = await self.failures()
        if found:
            return problem(503, "Not ready", " ".join(found.values()), NOT_KEPT, failed=list(found))
        return response.json({"ready": True}, headers=NOT_KEPT)

    async def _look(self, name: str) -> str | None:
        try:
            return await asyncio.wait_for(self._checks[name](), deadlines.READINESS_LOOK)
        except Exception as error:
            logger.error("Not ready, %s: %s.", name, type(error).__name__)
            return f"The {name.replace('_', ' ')} could not be checked."


async def live(_: Request) -> HTTPResponse:
    """Liveness: the event loop runs. A container's restart policy should probe this, and nothing else."""
    return response.json({"alive": True}, headers=NOT_KEPT)


async def of_rasa_server(request: Request) -> HTTPResponse:
    """Whether the Rasa server that got the request can answer messages."""
    app = request.app
    if not hasattr(app.ctx, "readiness"):
        app.ctx.readiness = Readiness(
            {
                "model": lambda: _model(app.ctx),
                "database": database,
                "action_server": lambda: action_server(
                    getattr(getattr(app.ctx, "agent", None), "action_endpoint", None)
                ),
                "redis": _redis,
            }
        )
    answer: HTTPResponse = await app.ctx.readiness.answer()
    return answer


async def database() -> str | None:
    """Whether the database answers and holds facts."""
    try:
        holds_facts = await in_time(_holds_facts, deadline=deadlines.READINESS_PART)
        return None if holds_facts else "The database holds no facts."
    except (SQLAlchemyError, OSError) as error:
        logger.error("The database does not answer: %s.", type(error).__name__)
        return "The database does not answer."


def _holds_facts() -> bool:
    with session_scope() as session:
        return session.execute(select(Fact.id).limit(1)).first() is not None


async def _model(context: Any) -> str | None:
    agent = getattr(context, "agent", None)
    return None if agent is not None and agent.is_ready() else "The model is not loaded."


async def action_server(endpoint: "EndpointConfig | None") -> str | None:
    """Why the action server of this endpoint cannot run actions, or None."""
    if endpoint is None:
        return "No action server is configured."
    url = endpoint.url.removesuffix("/webhook") + "/health/ready"
    try:
        timeout = aiohttp.ClientTimeout(total=deadlines.READINESS_PART)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as answer:
            return None if answer.status == 200 else "The action server is not well."
    except (aiohttp.ClientError, TimeoutError):
        return "The action server does not answer."


async def _redis() -> str | None:
    if not redis_url():
        return None
    try:
        await redis_client().ping()
    except (RedisError, OSError):
        return "Redis does not answer."
    return None
