"""Rate limiting of costly requests, by address."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.allowance import Allowance
from bot.channels.http.problems import problem
from bot.channels.visitor_addresses import visitor_address

# Names of the handlers through which a stranger's request reaches the database, another system or much CPU time.
# Messages have exact limits of their own (bot.channels.web.web_turns).
COSTLY = {
    "session": "session",
    "sign_in": "sign_in",
    "sign_out": "sign_out",
    "history": "history",
    "facts": "announcement",
    "desk": "desk",
    "desk_events": "desk_events",
    "desk_typing": "desk_typing",
    "desk_back": "desk",
    "desk_share": "desk",
    "desk_call_back": "desk_call_back",
    "desk_rating": "desk",
}


def limit_requests(routes: Blueprint, most: int) -> None:
    """Let an address make `most` requests a minute of each costly kind."""
    allowance = Allowance(most)

    @routes.middleware("request")
    async def _refuse(request: Request) -> HTTPResponse | None:
        kind = COSTLY.get(request.route.name.rsplit(".", 1)[-1]) if request.route else None
        wait = await allowance.wait(kind, visitor_address(request)) if kind else 0
        return too_many(wait) if wait else None


def too_many(wait: int) -> HTTPResponse:
    """429 with Retry-After: the client may try again in so many seconds."""
    return problem(429, "Too many", f"Too many; wait {wait} s.", {"Retry-After": str(wait)}, wait=wait)
