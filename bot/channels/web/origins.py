"""CORS: which other websites' pages may use the chat: exactly the origins that are named."""

from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings.channels import ORIGINS

HERE = b"/chat/"  # everything of the channel
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
SHOWN = {"Access-Control-Expose-Headers": "Retry-After"}


def origins() -> frozenset[str]:
    """`BOT_ORIGINS`, such as "https://www.elektrum.lv https://elektrum.lv"; none where it is not set.

    Raises:
        SettingsError: an entry is not an origin (scheme, host and perhaps port).
    """
    return ORIGINS.value()


def allow(routes: Blueprint, allowed: frozenset[str]) -> None:
    """Answer CORS requests and preflights of those origins; no cookies are used, so no credentials are allowed.

    As middleware of the whole server and not of the routes, since errors have no route (404, 405, 413).
    """

    async def preflight(request: Request) -> HTTPResponse | None:
        if request.method != "OPTIONS" or not _is_ours(request):
            return None
        return response.empty(headers=PREFLIGHT if request.headers.get("Origin") in allowed else None)

    async def mark(request: Request, answer: HTTPResponse) -> None:
        if not _is_ours(request):
            return
        answer.headers["Vary"] = ", ".join(filter(None, (answer.headers.get("Vary"), "Origin")))
        origin = request.headers.get("Origin")
        if origin in allowed:
            answer.headers.update({**SHOWN, "Access-Control-Allow-Origin": origin})

    @routes.listener("before_server_start")
    async def begin(app: Sanic, _: Any) -> None:
        # Before all other middleware: `rasa run` has Sanic-CORS, which answers OPTIONS and allows no headers.
        app.request_middleware.appendleft(preflight)
        app.register_middleware(mark, "response")


def _is_ours(request: Request) -> bool:
    return bytes(request.raw_url).startswith(HERE)
