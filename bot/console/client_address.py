"""The network address of somebody who signs in, also behind trusted proxies, for the limits."""

from starlette.requests import Request

from bot.channels.visitor_addresses import address_behind, trusted_proxies


def client_address(request: Request) -> str:
    """The address, as attempts are counted: what the first proxy that is not ours says, if anything."""
    peer = request.client.host if request.client else "unknown"
    return address_behind(peer, request.headers.getlist("X-Forwarded-For"), trusted_proxies())
