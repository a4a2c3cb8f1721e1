"""How large a request may be, and how long a connection may take, on both servers."""

import os
from typing import Any

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
# The largest that a gateway or a page sends is 64 KB; a delivery of Messenger is larger (bot.channels.messenger).
BODY, MESSENGER_BODY = MEGABYTE, 4 * MEGABYTE
ACTION_BODY = 16 * MEGABYTE  # a whole conversation, with what was understood of each message
SECONDS = {
    "REQUEST_TIMEOUT": 15,  # for a request to come in whole
    "RESPONSE_TIMEOUT": 30,  # for an answer; a turn takes three, and the same message sent again waits for up to ten
    "KEEP_ALIVE_TIMEOUT": 75,  # longer than nginx keeps a connection to us, so that we never close one it is using
    "GRACEFUL_SHUTDOWN_TIMEOUT": 5,  # on SIGTERM what is being answered is answered; a turn has three
}


def limit(app: Any, body: int, **seconds: int) -> None:
    """Set a Sanic app's limits, unless Sanic's own variables (`SANIC_REQUEST_MAX_SIZE` …) say otherwise.

    Args:
        body: the largest request in bytes; what is larger is refused with 413 before it is read.
        seconds: other times than those of `SECONDS`.
    """
    for name, value in {"REQUEST_MAX_SIZE": body, **SECONDS, **seconds}.items():
        if f"SANIC_{name}" not in os.environ:
            app.config[name] = value
