"""The action server's endpoint with keep-alive connections; Rasa itself opens a new one for every action."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import ujson
from rasa.utils.endpoints import EndpointConfig

from bot import deadlines


class ActionServer(EndpointConfig):  # type: ignore[misc]
    """An endpoint from `endpoints.yml`, with one client session for all its calls."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> "ActionServer":
        """The same endpoint with keep-alive connections."""
        kept = cls()
        kept.__dict__.update(vars(endpoint))
        return kept

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        """The client session, made at the first call, since it belongs to the server's event loop."""
        if self._session is None:
            # No timeout here: each call has one, and so has the turn.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=deadlines.ACTION_CONNECTION_IDLE)
            # Each call contains the whole conversation; ujson, which Sanic uses too, takes half of json's time.
            basic = self.basic_auth
            auth = aiohttp.BasicAuth(basic["username"], basic["password"]) if basic else None
            self._session = aiohttp.ClientSession(
                headers=self.headers, auth=auth, connector=connector, json_serialize=ujson.dumps
            )
        yield self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
