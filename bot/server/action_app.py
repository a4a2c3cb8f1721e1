"""The action server's app: rasa_sdk's, open only to callers that know the secret which both servers share."""

import logging

from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import deadlines
from bot.accounts.code_limits import code_limits
from bot.accounts.proving import REQUESTED
from bot.channels.http.bearer_tokens import shows_token
from bot.channels.http.problems import problem
from bot.channels.readiness import Readiness, database, live
from bot.observing import metrics
from bot.observing.current_turn import ADDRESS_HEADER, HEADER, go_on_with_turn
from bot.observing.error_place import place_of
from bot.server.action_secret import action_secret
from bot.server.compressed_calls import unpack
from bot.server.http_limits import ACTION_BODY, limit

logger = logging.getLogger(__name__)
OPEN = {"/health", "/health/live", "/health/ready"}  # for probes, without authentication; they reveal nothing


def action_app() -> Sanic:
    """The app, with all actions.

    Raises:
        SettingsError: the secret, or a limit of one-time codes, cannot be used.
    """
    app = create_app("actions", cors_origins=[])
    limit(app, ACTION_BODY, RESPONSE_TIMEOUT=deadlines.ACTION_REQUEST)
    metrics.CODES_BUDGET.set(code_limits().budget)
    for outcome in REQUESTED:
        metrics.CODES.labels(outcome)  # create the counter at 0, or Prometheus would miss its first increment
    shared, readiness = action_secret(), Readiness({"database": database})

    @app.middleware("request")
    async def note_turn(request: Request) -> None:
        go_on_with_turn(request.headers.get(HEADER, ""), request.headers.get(ADDRESS_HEADER, ""))

    @app.middleware("request")
    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        if request.path in OPEN:
            return None
        if not shows_token(request, shared):
            return problem(401, "Not allowed", "The secret of the action server is missing or wrong.")
        return unpack(request)

    @app.get("/health/ready", name="health_ready")
    async def ready(_: Request) -> HTTPResponse:
        return await readiness.answer()

    app.add_route(live, "/health/live", name="health_live")
    # Replaces rasa_sdk's handler, which returns the error's text and the whole conversation, which Rasa then logs.
    app.error_handler.add(Exception, _failed)
    return app


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """The problem document of an error, without anything of the request."""
    if isinstance(error, SanicException) and error.status_code < 500:
        # Rasa takes 400 for a rejected action execution (a form), so a malformed request gets another status.
        status = 422 if error.status_code == 400 else error.status_code
        return problem(status, "Not taken", "The action server does not take this request.")
    logger.error("An action failed: %s at %s.", type(error).__name__, place_of(error))
    metrics.failed(error)
    return problem(500, "Failed", "The action failed; the action server's log says where.")
