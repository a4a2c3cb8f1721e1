"""Parsers of settings: each takes the variable's text and returns the value, or raises `Unusable`."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from bot.settings.setting import Unusable

Network = IPv4Network | IPv6Network
MOST = 999_999  # largest number, unless a setting names another
HIGHEST_PORT = 65_535


def text(given: str) -> str:
    """Any text."""
    return given


def port(given: str) -> int:
    """A port number."""
    if not (_is_number(given) and len(given) <= len(str(HIGHEST_PORT)) and 0 < int(given) <= HIGHEST_PORT):
        raise Unusable(f"is not a port number; use 1 to {HIGHEST_PORT}")
    return int(given)


def number(most: int = MOST) -> Callable[[str], int]:
    """A whole number from 1 to `most`."""

    def parse(given: str) -> int:
        if not (_is_number(given) and 0 < int(given) <= most):
            raise Unusable(f"cannot be used; it is a number from 1 to {most}")
        return int(given)

    return parse


def count(given: str) -> int:
    """A whole number, 1 or more."""
    if not (_is_number(given) and int(given) > 0):
        raise Unusable("is not a number; use 1 or more")
    return int(given)


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, as they are written."""

    def parse(given: str) -> str:
        if given not in words:
            raise Unusable(f"is not known; use {' or '.join(map(repr, words))}")
        return given

    return parse


def yes(given: str) -> bool:
    """Whether it is "yes"; anything else counts as no."""
    return given.lower() in {"yes", "true", "1"}


def unless_no(given: str) -> bool:
    """Whether it is anything but "no"."""
    return given != "no"


def truth(given: str) -> bool:
    """True or false, as Rasa takes them."""
    if given.lower() not in {"true", "false", "1", "0"}:
        raise Unusable("is not known; use 'true' or 'false'")
    return given.lower() in {"true", "1"}


def server_address(given: str) -> str:
    """An HTTP URL with a host, without a trailing slash."""
    if urlsplit(given).scheme not in {"http", "https"} or not urlsplit(given).hostname:
        raise Unusable("is not an address; it looks like http://actions:5055")
    return given.rstrip("/")


def public_address(given: str) -> str:
    """A public URL of ours, without a trailing slash."""
    if not given.startswith(("https://", "http://")):
        raise Unusable("is no address; write it like https://assistant.example")
    return given.rstrip("/")


def phone_address(given: str) -> str:
    """An address that a call can be transferred to."""
    if not given.startswith(("tel:", "sip:", "sips:")):
        raise Unusable("is no address of a phone; write it like tel:+37100000000")
    return given


def header_secret(shortest: int) -> Callable[[str], str]:
    """A secret that is sent in a header: at least `shortest` characters, ASCII only."""

    def parse(given: str) -> str:
        if len(given) < shortest or not (given.isascii() and given.isprintable()):
            raise Unusable(f"cannot be used; it is at least {shortest} ASCII characters")
        return given

    return parse


def long_secret(shortest: int) -> Callable[[str], str]:
    """A secret of at least `shortest` characters."""

    def parse(given: str) -> str:
        if len(given) < shortest:
            raise Unusable(f"is too short; use at least {shortest} characters")
        return given

    return parse


def graph_version(given: str) -> str:
    """A version of Meta's Graph API."""
    if not given.removeprefix("v").replace(".", "", 1).isdecimal() or not given.startswith("v"):
        raise Unusable("is no version; write it like v26.0")
    return given


def origins(given: str) -> frozenset[str]:
    """Origins of websites, separated by spaces: scheme, host and optionally port."""
    for origin in given.split():
        scheme, _, host = origin.partition("://")
        if scheme not in {"http", "https"} or not host or set(host) & set("/*?# "):
            raise Unusable("is no origin; write it like https://www.elektrum.lv", origin)
    return frozenset(given.split())


def networks(given: str) -> tuple[Network, ...]:
    """IP addresses or networks, separated by spaces or commas."""
    found = []
    for one in given.replace(",", " ").split():
        try:
            found.append(ip_network(one))
        except ValueError as error:
            raise Unusable("is no address or network; write them like 127.0.0.1 10.0.0.0/8", one) from error
    return tuple(found)


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal()
