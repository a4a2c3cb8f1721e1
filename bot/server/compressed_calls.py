"""Decompresses calls of actions (`COMPRESS_ACTION_SERVER_REQUEST`), up to the size limit of a call (no zip bombs)."""

import zlib

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.http.problems import problem
from bot.server.http_limits import ACTION_BODY

ENCODING, DEFLATE = "Content-Encoding", "deflate"  # the only encoding that Rasa sends: zlib's format, named "deflate"


def unpack(request: Request) -> HTTPResponse | None:
    """Replace a request's body by its decompressed content; returns the refusal where that is impossible.

    It replaces rasa_sdk's decompression, which has no size limit.
    """
    if ENCODING not in request.headers:
        return None
    if request.headers[ENCODING].strip().lower() != DEFLATE:
        return problem(415, "Not taken", f"Bodies are taken as they are, or compressed with '{DEFLATE}'.")
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(request.body, ACTION_BODY + 1)
    except zlib.error:
        return problem(422, "Not taken", "The body is not what its Content-Encoding says.")
    if len(content) > ACTION_BODY:
        return problem(413, "Too large", "The call is too large.")
    if not unpacking.eof:
        return problem(422, "Not taken", "The body is cut off.")
    request.body = content
    del request.headers[ENCODING]
    return None
