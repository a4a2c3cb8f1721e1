"""Whether Rasa's HTTP API is open, and to whom; light to import, since a start looks at it before Rasa is loaded."""

import os
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from bot.settings import SettingsError, port_setting, secret

API, TOKEN, HOST, PORT = "BOT_API", "BOT_API_TOKEN", "BOT_API_HOST", "BOT_API_PORT"
SHORTEST = 32  # characters


@dataclass(frozen=True)
class ApiSettings:
    """Where the API listens, and what it is opened with."""

    host: str
    port: int
    token: str


def api_settings() -> ApiSettings | None:
    """The settings; None where the API is closed.

    Raises:
        SettingsError: it is open and has no good token, or would listen on an address that strangers reach.
    """
    state = os.environ.get(API, "")
    if state not in {"", "off", "on"}:
        raise SettingsError(f"{API}={state!r} is not known; use 'on' or 'off'.")
    if state != "on":
        return None
    token, host = secret(TOKEN), os.environ.get(HOST) or "127.0.0.1"
    if len(token) < SHORTEST or not (token.isascii() and token.isprintable()):
        raise SettingsError(f"{API}=on needs {TOKEN}, at least {SHORTEST} ASCII characters.")
    if not is_internal(host):
        raise SettingsError(f"{HOST}={host!r} is no internal address; use 127.0.0.1 or one of a private network.")
    return ApiSettings(host, port_setting(PORT, 5006), token)


def is_internal(address: Any) -> bool:
    """Whether only this machine or a private network can have the address."""
    try:
        parsed = ip_address(str(address).strip("[]"))
    except ValueError:
        return bool(address == "localhost")
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return bool(parsed.is_private or parsed.is_loopback) and not parsed.is_unspecified
