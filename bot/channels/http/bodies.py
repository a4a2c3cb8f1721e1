"""Request bodies: size limits, and JSON in which every text can be stored and sent on."""

import json
from typing import Any

from sanic.request import Request

from bot.channels.intake import encodable
from bot.channels.json_values import Object

MESSAGE_BYTES = 64 * 1024  # one message of a visitor or of a phone gateway
DELIVERY_BYTES = 4 * 1024 * 1024  # one delivery of Messenger, with up to 1,000 events


class MalformedRequest(ValueError):
    """A malformed request; the message tells the client what is expected, and quotes nothing of the request."""


class BodyTooLarge(MalformedRequest):
    """A request whose body is too long."""


def body_of(request: Request, most: int) -> bytes:
    """A request's body, byte for byte.

    Args:
        most: its size limit in bytes.

    Raises:
        BodyTooLarge: it is larger.
    """
    if len(request.body) > most:
        raise BodyTooLarge(f"A request may have at most {most} bytes.")
    return bytes(request.body)


def json_object(body: bytes) -> Object:
    """The body's JSON object, read as `read_json` does.

    Raises:
        MalformedRequest: it is not a JSON object.
    """
    try:
        content = read_json(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise MalformedRequest("A JSON object is expected.")
    return content


def read_json(body: bytes) -> Any:
    """JSON in UTF-8 from outside, every text in it made `encodable`.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        content = json.loads(body.decode("utf-8-sig"))
        # Lone surrogates can only come as \\udXXX escapes; as bytes they are not valid UTF-8.
        return _encodable(content) if b"\\u" in body else content
    except RecursionError as error:
        raise ValueError("The JSON is nested too deeply.") from error


def _encodable(content: Any) -> Any:
    if isinstance(content, str):
        return encodable(content)
    if isinstance(content, list):
        return [_encodable(each) for each in content]
    if isinstance(content, dict):
        return {encodable(name): _encodable(each) for name, each in content.items()}
    return content
