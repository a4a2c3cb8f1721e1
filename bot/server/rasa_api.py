"""Rasa's HTTP API: off by default; where it is on, it has an internal address and a port of its own.

It reads and changes conversations, models and training data. Rasa itself reads the token from the URL, which is logged,
and serves the API on the customers' port; here it has a socket of its own, and the token is in a header.
"""

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

from bot import deadlines
from bot.channels.http.bearer_tokens import shows_token
from bot.channels.http.problems import problem
from bot.server.api_settings import ApiSettings, is_internal
from bot.server.http_limits import ACTION_BODY, limit

Listener = Callable[[Sanic, AbstractEventLoop], Coroutine[Any, Any, None]]


def serve_api(settings: ApiSettings, endpoints: AvailableEndpoints) -> tuple[Listener, Listener]:
    """The listeners that start and stop the API, for a server's `after_server_start` and `before_server_stop`."""

    async def begin(app: Sanic, _: AbstractEventLoop) -> None:
        api = guarded_api(settings.token, endpoints)
        # Both apps share a context: a model that the API loads answers customers too.
        training, api.ctx = api.ctx.active_training_processes, app.ctx
        app.ctx.active_training_processes = training
        app.ctx.api = await api.create_server(
            host=settings.host, port=settings.port, return_asyncio_server=True, access_log=False
        )
        # As in Sanic's own start, without its patching of its own classes, which works only once per process.
        api.signalize()
        api.finalize()
        api.state.is_started = True
        await app.ctx.api.start_serving()

    async def end(app: Sanic, _: AbstractEventLoop) -> None:
        app.ctx.api.close()
        await app.ctx.api.wait_closed()

    return begin, end


def guarded_api(token: str, endpoints: AvailableEndpoints) -> Sanic:
    """Rasa's API, with all routes behind the token."""
    with _logging_as_it_was():
        api = server.create_app(cors_origins=[], endpoints=endpoints)
    # The channels ask Sanic for the only app, without a name, so this one must not be registered.
    Sanic._app_registry.pop(api.name)
    limit(api, ACTION_BODY, RESPONSE_TIMEOUT=deadlines.RASA_API_RESPONSE)

    @api.middleware("request")
    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        if not is_internal(request.ip):
            return problem(403, "Not allowed", "The API is for internal addresses only.")
        if "token" in request.args:
            return problem(400, "Not taken", "A token in the address is logged; send it as 'Authorization: Bearer …'.")
        if not shows_token(request, token):
            return problem(401, "Not allowed", "The API's token is missing or wrong.")
        return None

    return api


@contextmanager
def _logging_as_it_was() -> Iterator[None]:
    """Restore the logging settings: making an app turns Sanic's access log on, with visitors' addresses."""
    loggers = [logging.getLogger(f"sanic.{name}") for name in ("root", "error", "access")]
    before = [(logger, logger.level, logger.propagate, [*logger.handlers]) for logger in loggers]
    yield
    for logger, level, propagate, handlers in before:
        logger.setLevel(level)
        logger.propagate, logger.handlers = propagate, handlers
