"""Messenger's settings: the page that this installation answers for, read from the environment (docs/messenger.md)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from bot.settings import SettingsError
from bot.settings.channels import (
    GRAPH_URL,
    GRAPH_VERSION,
    IN_INBOX,
    MESSENGER_APP_SECRET,
    MESSENGER_INBOX_APP,
    MESSENGER_PAGE_TOKEN,
    MESSENGER_PEOPLE,
    MESSENGER_RETURN_MINUTES,
    MESSENGER_VERIFY_TOKEN,
)

SECRETS = (MESSENGER_PAGE_TOKEN, MESSENGER_APP_SECRET, MESSENGER_VERIFY_TOKEN)  # all together or none


@dataclass(frozen=True)
class MessengerSettings:
    """The connection to Messenger.

    Attributes:
        page_token, app_secret, verify_token: from the app's dashboard.
        graph_url, graph_version: `BOT_GRAPH_URL`, `BOT_GRAPH_VERSION`.
        inbox_app: the app that gets the thread when a person is wanted (`BOT_MESSENGER_INBOX_APP`); "" for none, and
            where people answer at the desk (`BOT_MESSENGER_PEOPLE`).
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
    secrets = [each.value() for each in SECRETS]
    if not any(secrets):
        return None
    if not all(secrets):
        raise SettingsError(f"Set all of {', '.join(each.name for each in SECRETS)}, or none.")
    page_token, app_secret, verify_token = secrets
    return MessengerSettings(
        page_token=page_token,
        app_secret=app_secret,
        verify_token=verify_token,
        graph_url=GRAPH_URL.value().rstrip("/"),
        graph_version=GRAPH_VERSION.value(),
        inbox_app=MESSENGER_INBOX_APP.value() if MESSENGER_PEOPLE.value() == IN_INBOX else "",
        held_for=timedelta(minutes=MESSENGER_RETURN_MINUTES.value()),
    )
