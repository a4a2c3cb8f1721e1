"""The secret that the Rasa server shows to the action server, in a header: addresses are logged, headers are not."""

from typing import Any

from bot.settings import SettingsError, secret
from bot.signing import key_for

ACTION_SECRET = "BOT_ACTION_SECRET"  # noqa: S105 (the variable's name)
SHORTEST = 16  # characters


def action_secret() -> str:
    """`BOT_ACTION_SECRET`, or one derived from the signing key, which servers of one machine share anyway.

    Raises:
        SettingsError: it is too short, or would not fit into a header.
    """
    given = secret(ACTION_SECRET)
    if not given:
        return key_for("actions").hex()
    if len(given) < SHORTEST or not (given.isascii() and given.isprintable()):
        raise SettingsError(f"{ACTION_SECRET} cannot be used; it is at least {SHORTEST} ASCII characters.")
    return given


def authorization(shared: str) -> str:
    """The header that shows a secret."""
    return f"Bearer {shared}"


def show_secret(endpoint: Any) -> None:
    """Let requests to an action endpoint of Rasa carry the secret, unless its configuration has a header of its own."""
    if endpoint is not None:
        endpoint.headers = {"Authorization": authorization(action_secret()), **endpoint.headers}
