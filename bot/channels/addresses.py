"""From which address a visitor comes, also behind proxies; nobody can choose it by sending a header."""

import os
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sanic.request import Request

from bot.settings import SettingsError

TRUSTED = "BOT_TRUSTED_PROXIES"
SUBSCRIBER = 64  # bits of an IPv6 address that one subscriber shares; the rest he chooses himself
Network = IPv4Network | IPv6Network


def visitor_address(request: Request) -> str:
    """The address that a visitor is counted by: a whole one of IPv4, the network of a subscriber of IPv6.

    Behind proxies that are named in `BOT_TRUSTED_PROXIES` it is the last in X-Forwarded-For that is none of them: what
    stands before it, the visitor may have written. Where none are named, Sanic's own settings decide.
    """
    trusted = trusted_proxies()
    if not trusted:
        return subscriber(request.remote_addr or request.ip)
    address = request.ip
    for hop in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        if not _is_trusted(address, trusted) or not hop.strip():
            break
        address = hop.strip()
    return subscriber(address)


@lru_cache(maxsize=1)
def trusted_proxies() -> tuple[Network, ...]:
    """`BOT_TRUSTED_PROXIES`: addresses or networks, such as "127.0.0.1 10.0.0.0/8"; none where it is not set.

    Raises:
        SettingsError: one is neither.
    """
    try:
        return tuple(ip_network(one) for one in os.environ.get(TRUSTED, "").replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(f"{TRUSTED}: {error}; write them like 127.0.0.1 10.0.0.0/8.") from error


def subscriber(address: str) -> str:
    """An address without the part that its owner can change at will; what is no address stays as it is."""
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, SUBSCRIBER), strict=False))


def _is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in trusted)
