"""Rasa's HTTP API: closed, unless it is switched on; then on an address and port of its own that only insiders reach.

It reads and changes conversations, models and training data. Rasa takes its token from the address, which is logged,
and serves it where customers come; here it has a socket of its own, and the token comes in a header.
"""

import hmac
import logging
from asyncio import AbstractEventLoop
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from rasa import server
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web.problems import problem
from bot.server.api_settings import ApiSettings, is_internal
from bot.server.http_limits import ACTION_BODY, limit
from bot.storage.conversations import fail_loudly

LONGEST_ANSWER = 3600  # seconds; training takes its time
Listener = Callable[[Sanic, AbstractEventLoop], Coroutine[Any, Any, None]]


def serve_api(settings: ApiSettings, endpoints: AvailableEndpoints) -> tuple[Listener, Listener]:
    """What begins and ends serving the API, for a server's `after_server_start` and `before_server_stop`."""

    async def begin(app: Sanic, _: AbstractEventLoop) -> None:
        api = guarded_api(settings.token, endpoints)
        # One context for both: a model that the API loads answers customers too.
        training, api.ctx = api.ctx.active_training_processes, app.ctx
        app.ctx.active_training_processes = training
        app.ctx.api = await api.create_server(
            host=settings.host, port=settings.port, return_asyncio_server=True, access_log=False
        )
        # As Sanic's own start does, but for its rewriting of its own classes, which it can do once in a process.
        api.signalize()
        api.finalize()
        api.state.is_started = True
        await app.ctx.api.start_serving()

    async def end(app: Sanic, _: AbstractEventLoop) -> None:
        app.ctx.api.close()
        await app.ctx.api.wait_closed()

    return begin, end


def guarded_api(token: str, endpoints: AvailableEndpoints) -> Sanic:
    """Rasa's API, every route of it behind the token."""
    with _logging_as_it_was():
        api = server.create_app(cors_origins=[], endpoints=endpoints)
    # The channels ask Sanic for *the* app, by no name.
    Sanic._app_registry.pop(api.name)
    limit(api, ACTION_BODY, RESPONSE_TIMEOUT=LONGEST_ANSWER)
    expected = f"Bearer {token}".encode()

    @api.middleware("request")
    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        if not is_internal(request.ip):
            return problem(403, "Not allowed", "The API is for internal addresses only.")
        if "token" in request.args:
            return problem(400, "Not taken", "A token in the address is logged; send it as 'Authorization: Bearer …'.")
        given = request.headers.get("Authorization", "").encode(errors="replace")
        if not hmac.compare_digest(given, expected):
            return problem(401, "Not allowed", "The API's token is missing or wrong.")
        return None

    @api.middleware("response")
    async def keep_failing_loudly(_: Request, __: HTTPResponse) -> None:
        """The API may have put another agent in place."""
        if api.ctx.agent is not None and api.ctx.agent.tracker_store is not None:
            fail_loudly(api.ctx.agent)

    return api


@contextmanager
def _logging_as_it_was() -> Iterator[None]:
    """Sanic switches a log of all requests on, with visitors' addresses, whenever an app is made."""
    loggers = [logging.getLogger(f"sanic.{name}") for name in ("root", "error", "access")]
    before = [(logger, logger.level, logger.propagate, [*logger.handlers]) for logger in loggers]
    yield
    for logger, level, propagate, handlers in before:
        logger.setLevel(level)
        logger.propagate, logger.handlers = propagate, handlers
