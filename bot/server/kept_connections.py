"""The action server as Rasa's core calls it, over connections that are kept; Rasa opens one for every action."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import ujson
from rasa.utils.endpoints import EndpointConfig

# Shorter than the action server keeps one that is idle (bot/server/http_limits.py), so that none is used while it is
# being closed.
IDLE = 15.0  # seconds


class ActionServer(EndpointConfig):  # type: ignore[misc]
    """An endpoint that was read from `endpoints.yml`, with one session for all its calls."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> "ActionServer":
        """The same endpoint with kept connections."""
        kept = cls()
        kept.__dict__.update(vars(endpoint))
        return kept

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        """The session, made at the first call, since it belongs to the event loop of the server."""
        if self._session is None:
            # How long a call may take is said at each call, and by the turn's own deadline.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE)
            # The whole conversation goes along each time; ujson, which Sanic uses too, takes half of json's time.
            self._session = aiohttp.ClientSession(connector=connector, json_serialize=ujson.dumps)
        yield self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
