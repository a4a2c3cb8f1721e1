"""How much a visitor of the website may send, and for how long."""

import os
from dataclasses import dataclass
from datetime import timedelta

from bot.settings import SettingsError

CHARACTERS = 2_000
BODY = 64 * 1024  # bytes


class TooMany(Exception):
    """More messages than a minute allows; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many messages; wait {wait} s.")
        self.wait = wait


@dataclass(frozen=True)
class Limits:
    """Messages a minute of one conversation and from one address, and other requests a minute from one address."""

    conversation: int
    address: int
    requests: int


def limits() -> Limits:
    """`BOT_LIMIT_CONVERSATION` (20), `BOT_LIMIT_ADDRESS` (60) and `BOT_LIMIT_REQUESTS` (120).

    Raises:
        SettingsError: one is no number above zero.
    """
    return Limits(
        _number("BOT_LIMIT_CONVERSATION", 20), _number("BOT_LIMIT_ADDRESS", 60), _number("BOT_LIMIT_REQUESTS", 120)
    )


def session_lifetime() -> timedelta:
    """How long a session is good after it began: `BOT_SESSION_HOURS` (24).

    Raises:
        SettingsError: it is no number above zero.
    """
    return timedelta(hours=_number("BOT_SESSION_HOURS", 24))


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 10**6):
        raise SettingsError(f"{name}={value!r} cannot be used; it is a number from 1 to 999999.")
    return int(value)
