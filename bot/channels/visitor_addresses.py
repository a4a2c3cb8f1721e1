"""A visitor's client IP address, also behind trusted proxies; nobody can choose it by sending a header."""

import hashlib
import hmac
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from sanic.request import Request

from bot.keys.signing import key_for
from bot.known_channels import Channel
from bot.settings.channels import TRUSTED_PROXIES
from bot.settings.parsers import Network

SUBSCRIBER = 64  # prefix length in bits of one subscriber's IPv6 network; the subscriber chooses the rest


def visitor_address(request: Request) -> str:
    """The address that rate limits count a visitor by: the IPv4 address, or the /64 network of an IPv6 subscriber.

    Behind the proxies named in `BOT_TRUSTED_PROXIES` it is the last entry of X-Forwarded-For that is not a proxy: the
    visitor may have forged the entries before it. Where no proxies are named, Sanic's own settings decide.
    """
    trusted = trusted_proxies()
    if not trusted:
        return subscriber(request.remote_addr or request.ip)
    return address_behind(request.ip, request.headers.getall("X-Forwarded-For", []), trusted)


def address_behind(peer: str, forwarded: list[str], trusted: tuple[Network, ...]) -> str:
    """The address behind trusted proxies.

    Args:
        peer: the address that the connection comes from.
        forwarded: the values of X-Forwarded-For, in order.
    """
    address = peer
    for hop in reversed(",".join(forwarded).split(",")):
        if not _is_trusted(address, trusted) or not hop.strip():
            break
        address = hop.strip()
    return subscriber(address)


@lru_cache(maxsize=1)
def trusted_proxies() -> tuple[Network, ...]:
    """`BOT_TRUSTED_PROXIES`: addresses or networks, such as "127.0.0.1 10.0.0.0/8"; none where it is not set.

    Raises:
        SettingsError: an entry is neither an address nor a network.
    """
    return TRUSTED_PROXIES.value()


def hashed(channel: Channel, address: str) -> str:
    """Keyed hash (HMAC-SHA256) of an address: a visitor's IP address, a Messenger person's id, or a phone number."""
    return hmac.new(
        key_for("addresses"), f"{channel.name}\0{address}".encode(errors="replace"), hashlib.sha256
    ).hexdigest()


def subscriber(address: str) -> str:
    """An address without the part that its owner can change at will; text that is not an IP address is kept."""
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
