"""Request parsing where Sanic 21.12 goes wrong.

Sanic drops the connection at a URL that it cannot parse (behind a proxy that becomes a 503), hangs on bodies with an
ambiguous end (`bot.rasa.http_framing`), answers HEAD only where a route names it, and passes on headers that cannot be
encoded again.
"""

from typing import NoReturn

from httptools import HttpParserInvalidURLError
from sanic.compat import Header
from sanic.exceptions import InvalidUsage
from sanic.http import HTTP_CONTINUE, Http

from bot.channels.intake import encodable
from bot.rasa.http_framing import chunk_begins, is_framed


class CarefulHttp(Http):  # type: ignore[misc]
    """Sanic's HTTP connection, hardened against malformed requests."""

    async def http1_request_header(self) -> None:
        """Read a request's head.

        Raises:
            InvalidUsage: it is malformed or ambiguous.
        """
        try:
            await super().http1_request_header()
        except (ValueError, KeyError, HttpParserInvalidURLError):
            self.url = None  # Sanic would parse it again for the error response, and fail again
            raise InvalidUsage("unreadable") from None
        if not is_framed(self.request.head):
            self._give_up()
        if self.head_only:
            self.request.method = "GET"  # the same response; Sanic omits its body
        if not self.request.head.isascii():
            self.request.headers = Header([(name, encodable(value)) for name, value in self.request.headers.items()])

    async def read(self) -> bytes | None:
        """Read some bytes of a body.

        Raises:
            InvalidUsage: its end is ambiguous.
        """
        if self.request_body == "chunked" and not self.request_bytes_left:
            while (begins := chunk_begins(self.recv_buffer)) is None:
                await self._ask_for_body()
                await self._receive_more()
            if not begins:
                self._give_up()
        data: bytes | None = await super().read()
        return data

    async def _ask_for_body(self) -> None:
        """Answer a client's `Expect: 100-continue`."""
        if self.expecting_continue:  # type: ignore[has-type]
            self.expecting_continue = False
            await self._send(HTTP_CONTINUE)

    def _give_up(self) -> NoReturn:
        """Refuse a malformed request and close the connection, since it is unknown where the next request begins.

        Raises:
            InvalidUsage: always.
        """
        self.request_body, self.request_bytes_left, self.keep_alive = None, 0, False
        self.recv_buffer.clear()
        raise InvalidUsage("unframed")
