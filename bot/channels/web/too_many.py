"""Refusing who asks too often for what costs something."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.addresses import visitor_address
from bot.channels.allowance import Allowance
from bot.channels.web.problems import problem

# By the names of their handlers: whatever of a stranger's reaches the database, another system or much arithmetic.
# Messages have limits of their own, which are exact (bot.channels.web.turns).
COSTLY = {"session": "session", "sign_in": "sign_in", "history": "history", "facts": "announcement"}


def limit_requests(routes: Blueprint, most: int) -> None:
    """Let an address make `most` requests a minute of each costly kind."""
    allowance = Allowance(most)

    @routes.middleware("request")
    async def _refuse(request: Request) -> HTTPResponse | None:
        kind = COSTLY.get(request.route.name.rsplit(".", 1)[-1]) if request.route else None
        wait = await allowance.wait(kind, visitor_address(request)) if kind else 0
        return too_many(wait) if wait else None


def too_many(wait: int) -> HTTPResponse:
    """That it is to be tried again in so many seconds."""
    return problem(429, "Too many", f"Too many; wait {wait} s.", {"Retry-After": str(wait)}, wait=wait)
