"""The connection to Chatwoot, read from the environment (docs/chatwoot.md)."""

from dataclasses import dataclass, field
from functools import lru_cache

from bot.settings import SettingsError
from bot.settings.chatwoot import (
    CHATWOOT_ACCOUNT,
    CHATWOOT_INBOX,
    CHATWOOT_TOKEN,
    CHATWOOT_URL,
    CHATWOOT_WEBHOOK_SECRET,
)
from bot.settings.desk import CHATWOOT, DESK

NEEDED = (CHATWOOT_URL, CHATWOOT_INBOX, CHATWOOT_TOKEN, CHATWOOT_WEBHOOK_SECRET)


@dataclass(frozen=True)
class ChatwootSettings:
    """The connection.

    Attributes:
        url: of the server, without a trailing slash.
        account: its number.
        inbox: the identifier of the API inbox.
        token: of an agent of the inbox.
        webhook_secret: with which webhooks are signed.
    """

    url: str
    account: int
    inbox: str
    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)


@lru_cache(maxsize=1)
def chatwoot_settings() -> ChatwootSettings | None:
    """The settings, or None where people answer at the own desk.

    Raises:
        SettingsError: one is missing, or cannot be used.
    """
    if DESK.value() != CHATWOOT:
        return None
    missing = [each.name for each in NEEDED if not each.value()]
    if missing:
        raise SettingsError(f"{DESK.name}={CHATWOOT} needs {', '.join(missing)} too (docs/chatwoot.md).")
    return ChatwootSettings(
        CHATWOOT_URL.value(),
        CHATWOOT_ACCOUNT.value(),
        CHATWOOT_INBOX.value(),
        CHATWOOT_TOKEN.value(),
        CHATWOOT_WEBHOOK_SECRET.value(),
    )
