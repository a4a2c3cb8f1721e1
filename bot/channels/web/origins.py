"""Which other websites' pages may use the chat: exactly those that are named."""

import os

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import SettingsError

PATHS = ("/session", "/sign-in", "/messages", "/history")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


def origins() -> frozenset[str]:
    """`BOT_ORIGINS`, such as "https://www.elektrum.lv https://elektrum.lv"; none where it is not set.

    Raises:
        SettingsError: one is not scheme, host and perhaps port.
    """
    named = os.environ.get("BOT_ORIGINS", "").split()
    for origin in named:
        scheme, _, host = origin.partition("://")
        if scheme not in {"http", "https"} or not host or set(host) & set("/*?# "):
            raise SettingsError(f"BOT_ORIGINS: {origin!r} is no origin; write it like https://www.elektrum.lv.")
    return frozenset(named)


def allow(routes: Blueprint, allowed: frozenset[str]) -> None:
    """Answer the browsers of pages of those origins; no cookies are used, so none are allowed."""

    def preflight(_: Request) -> HTTPResponse:
        return response.empty(headers=PREFLIGHT)

    for path in PATHS:
        routes.add_route(preflight, path, methods=["OPTIONS"], name=f"preflight{path.replace('/', '_')}")

    @routes.middleware("response")
    async def _mark(request: Request, answer: HTTPResponse) -> None:
        answer.headers["Vary"] = ", ".join(filter(None, (answer.headers.get("Vary"), "Origin")))
        origin = request.headers.get("Origin")
        if origin in allowed:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
