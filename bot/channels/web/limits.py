"""Rate limits of the website's visitors, and the lifetime of a session."""

from dataclasses import dataclass
from datetime import timedelta

from bot.settings.channels import LIMIT_ADDRESS, LIMIT_CONVERSATION, LIMIT_REQUESTS, LIMIT_WORK, SESSION_HOURS


class TooMany(Exception):
    """A rate limit is exceeded; `wait` is in seconds, `what` is "messages", or "work" for too much CPU time."""

    def __init__(self, wait: int, what: str = "messages") -> None:
        super().__init__(f"Too many {what}; wait {wait} s.")
        self.wait, self.what = wait, what


@dataclass(frozen=True)
class Limits:
    """The limits per minute.

    Attributes:
        conversation, address: messages of one conversation, and from one address.
        requests: other requests from one address.
        work: milliseconds of CPU time for understanding messages from one address.
    """

    conversation: int
    address: int
    requests: int
    work: int


def limits() -> Limits:
    """`BOT_LIMIT_CONVERSATION`, `BOT_LIMIT_ADDRESS`, `BOT_LIMIT_REQUESTS` and `BOT_LIMIT_WORK`.

    Raises:
        SettingsError: one is not a number above zero.
    """
    return Limits(LIMIT_CONVERSATION.value(), LIMIT_ADDRESS.value(), LIMIT_REQUESTS.value(), LIMIT_WORK.value())


def session_lifetime() -> timedelta:
    """How long a session is valid after it began: `BOT_SESSION_HOURS`.

    Raises:
        SettingsError: it is not a number above zero.
    """
    return timedelta(hours=SESSION_HOURS.value())
