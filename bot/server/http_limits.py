"""Size limits of requests and time limits of connections, for both servers."""

from typing import Any

from bot import deadlines
from bot.channels.http.bodies import DELIVERY_BYTES
from bot.settings.setting import variable

MEGABYTE = 1024 * 1024
# Channels have smaller limits of their own for gateways' and pages' requests (bot.channels.http.bodies).
BODY, MESSENGER_BODY = MEGABYTE, DELIVERY_BYTES
ACTION_BODY = 16 * MEGABYTE  # a whole conversation, with the parse of each message
SECONDS = {
    "REQUEST_TIMEOUT": deadlines.HTTP_REQUEST,
    "RESPONSE_TIMEOUT": deadlines.HTTP_RESPONSE,
    "KEEP_ALIVE_TIMEOUT": deadlines.HTTP_KEEP_ALIVE,
    "GRACEFUL_SHUTDOWN_TIMEOUT": deadlines.GRACEFUL_STOP,
}


def limit(app: Any, body: int, **seconds: int) -> None:
    """Set a Sanic app's limits, unless Sanic's own variables (`SANIC_REQUEST_MAX_SIZE` …) say otherwise.

    Args:
        body: the largest request body in bytes; a larger one is refused with 413 before it is read.
        seconds: time limits that differ from `SECONDS`.
    """
    for name, value in {"REQUEST_MAX_SIZE": body, **SECONDS, **seconds}.items():
        if variable(f"SANIC_{name}") is None:
            app.config[name] = value
