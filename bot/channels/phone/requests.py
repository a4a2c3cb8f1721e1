"""What the phone's routes read of a request, and how they answer."""

from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.http.bodies import MESSAGE_BYTES, MalformedRequest, body_of, json_object
from bot.channels.http.problems import problem


def json_of(request: Request) -> dict[str, object]:
    """A request's JSON object.

    Raises:
        MalformedRequest: there is none, or it is too long.
    """
    return json_object(body_of(request, MESSAGE_BYTES))


def made(content: Any) -> HTTPResponse:
    """An answer in JSON."""
    return response.json(content, headers={"Cache-Control": "no-store"}, ensure_ascii=False)


def refused() -> HTTPResponse:
    """403: the request is not authenticated as a gateway's."""
    return problem(403, "Not allowed", "Token or signature is missing or wrong.")


def malformed(error: MalformedRequest) -> HTTPResponse:
    """400, with what is wrong; also for a body that is too long, since gateways do not tell the statuses apart."""
    return problem(400, "Not understood", str(error))
