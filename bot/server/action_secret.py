"""The secret by which the Rasa server authenticates to the action server, in a header: URLs are logged, headers not."""

from typing import Any

from bot.keys.signing import key_for
from bot.settings.servers import ACTION_SECRET


def action_secret() -> str:
    """`BOT_ACTION_SECRET`, else one derived from the signing key, which servers on one machine share anyway.

    Raises:
        SettingsError: it is too short, or has characters that a header cannot have.
    """
    return ACTION_SECRET.value() or key_for("actions").hex()


def authorization(shared: str) -> str:
    """The Authorization header's value for a secret."""
    return f"Bearer {shared}"


def show_secret(endpoint: Any) -> None:
    """Let requests to Rasa's action endpoint carry the secret, unless its configuration has authentication of its own.

    That is an Authorization header or `basic_auth`, as for a gateway in front of the action server.
    """
    if endpoint is not None and not endpoint.basic_auth:
        endpoint.headers = {"Authorization": authorization(action_secret()), **endpoint.headers}
