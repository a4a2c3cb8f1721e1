"""The action server's app: rasa_sdk's, closed to whoever does not know the secret that both servers share."""

import hmac
import logging

from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import metrics
from bot.channels.readiness import Readiness, database, live
from bot.channels.web.problems import problem
from bot.current_turn import HEADER, go_on_with_turn
from bot.error_place import place_of
from bot.server.action_secret import action_secret, authorization
from bot.server.http_limits import ACTION_BODY, limit

logger = logging.getLogger(__name__)
OPEN = {"/health", "/health/live", "/health/ready"}  # for probes; they tell nothing
DEADLINE = 5  # seconds for an action; core has given up by then


def action_app() -> Sanic:
    """The app, with all actions.

    Raises:
        SettingsError: the secret cannot be used.
    """
    app = create_app("actions", cors_origins=[])
    limit(app, ACTION_BODY, RESPONSE_TIMEOUT=DEADLINE)
    expected, readiness = authorization(action_secret()), Readiness({"database": database})

    @app.middleware("request")
    async def note_turn(request: Request) -> None:
        go_on_with_turn(request.headers.get(HEADER, ""))

    @app.middleware("request")
    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        if request.path in OPEN:
            return None
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
            return problem(401, "Not allowed", "The secret of the action server is missing or wrong.")
        if "Content-Encoding" in request.headers:
            # rasa_sdk would unpack it, whatever it becomes.
            return problem(415, "Not taken", "Compressed bodies are not taken.")
        return None

    @app.get("/health/ready", name="health_ready")
    async def ready(_: Request) -> HTTPResponse:
        return await readiness.answer()

    app.add_route(live, "/health/live", name="health_live")
    # In place of rasa_sdk's, which sends the error's text and the whole conversation back, where core logs them.
    app.error_handler.add(Exception, _failed)
    return app


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """What went wrong, in words that hold nothing of what was sent."""
    if isinstance(error, SanicException) and error.status_code < 500:
        # Core reads 400 as a form that refuses a value, so a request that makes no sense is no 400.
        status = 422 if error.status_code == 400 else error.status_code
        return problem(status, "Not taken", "The action server does not take this request.")
    logger.error("An action failed: %s at %s.", type(error).__name__, place_of(error))
    metrics.failed(error)
    return problem(500, "Failed", "The action failed; the action server's log says where.")
