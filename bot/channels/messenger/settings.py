"""The page that this installation answers for: read from the environment (docs/messenger.md)."""

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from bot.settings import SettingsError, secret

SECRETS = ("BOT_MESSENGER_PAGE_TOKEN", "BOT_MESSENGER_APP_SECRET", "BOT_MESSENGER_VERIFY_TOKEN")
GRAPH_URL, GRAPH_VERSION = "https://graph.facebook.com", "v26.0"
PAGE_INBOX = "263902037430900"  # the app id of every page's inbox, by Meta's documentation of conversation routing


@dataclass(frozen=True)
class MessengerSettings:
    """How to talk with Messenger.

    Attributes:
        page_token, app_secret, verify_token: from the app's dashboard.
        graph_url, graph_version: `BOT_GRAPH_URL`, `BOT_GRAPH_VERSION`.
        inbox_app: whom a thread is passed to when a person is wanted (`BOT_MESSENGER_INBOX_APP`); "" for nobody.
        held_for: how long people may be silent before the assistant answers again (`BOT_MESSENGER_RETURN_MINUTES`).
    """

    page_token: str
    app_secret: str
    verify_token: str
    graph_url: str
    graph_version: str
    inbox_app: str
    held_for: timedelta


@lru_cache(maxsize=1)
def messenger_settings() -> MessengerSettings | None:
    """The settings, or None where Messenger is not set up.

    Raises:
        SettingsError: only some of the secrets are set, or a value cannot be used.
    """
    secrets = [secret(name) for name in SECRETS]
    if not any(secrets):
        return None
    if not all(secrets):
        raise SettingsError(f"Set all of {', '.join(SECRETS)}, or none.")
    page_token, app_secret, verify_token = secrets
    version = os.environ.get("BOT_GRAPH_VERSION") or GRAPH_VERSION
    if not version.removeprefix("v").replace(".", "", 1).isdecimal() or not version.startswith("v"):
        raise SettingsError(f"BOT_GRAPH_VERSION={version!r} is no version; write it like {GRAPH_VERSION}.")
    minutes = os.environ.get("BOT_MESSENGER_RETURN_MINUTES") or "60"
    if not (minutes.isascii() and minutes.isdecimal() and 0 < int(minutes) < 10**5):
        raise SettingsError(f"BOT_MESSENGER_RETURN_MINUTES={minutes!r} cannot be used; it is a number from 1 to 99999.")
    return MessengerSettings(
        page_token=page_token,
        app_secret=app_secret,
        verify_token=verify_token,
        graph_url=(os.environ.get("BOT_GRAPH_URL") or GRAPH_URL).rstrip("/"),
        graph_version=version,
        inbox_app=os.environ.get("BOT_MESSENGER_INBOX_APP", PAGE_INBOX),
        held_for=timedelta(minutes=int(minutes)),
    )
