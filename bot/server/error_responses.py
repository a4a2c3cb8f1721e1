"""Errors of requests are answered with problem documents (RFC 9457), instead of Sanic's HTML pages."""

import logging
from http import HTTPStatus

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.http.problems import problem
from bot.observing import metrics
from bot.observing.error_place import place_of

logger = logging.getLogger(__name__)
DETAILS = {
    400: "This request cannot be read; it is not valid HTTP.",
    404: "There is nothing at this address.",
    405: "This method is not for this address; the header Allow names those that are.",
    408: "The request took too long to come in.",
    413: "The request is too large.",
    503: "No answer was ready in time. Try again.",
}
FAILED = "Something went wrong here; the server's log says where. Try again later."


def refuse_with_problems(app: Sanic) -> None:
    """Let a server answer errors with problem documents."""
    app.error_handler.add(Exception, refused)


def refused(_: Request, error: Exception) -> HTTPResponse:
    """The problem document of an error, which quotes nothing of the request."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        logger.error("A request failed: %s at %s.", type(error).__name__, place_of(error))
        metrics.failed(error)
    headers = dict(getattr(error, "headers", {}))
    if "GET" in headers.get("Allow", ""):
        headers["Allow"] += ", HEAD"
    return problem(status, HTTPStatus(status).phrase, DETAILS.get(status, FAILED), headers)
