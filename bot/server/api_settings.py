"""Whether Rasa's HTTP API is on, and its token; without heavy imports, since it is read before Rasa is loaded."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from bot.settings import SettingsError
from bot.settings.servers import API, API_HOST, API_PORT, API_TOKEN

SHORTEST = 32  # characters


@dataclass(frozen=True)
class ApiSettings:
    """The API's host, port and token."""

    host: str
    port: int
    token: str


def api_settings() -> ApiSettings | None:
    """The settings; None where the API is off.

    Raises:
        SettingsError: it is on without a long enough token, or would listen on a public address.
    """
    if API.value() != "on":
        return None
    token, host = API_TOKEN.value(), API_HOST.value()
    if len(token) < SHORTEST or not (token.isascii() and token.isprintable()):
        raise SettingsError(f"{API.name}=on needs {API_TOKEN.name}, at least {SHORTEST} ASCII characters.")
    if not is_internal(host):
        raise SettingsError(
            f"{API_HOST.name}={host!r} is no internal address; use 127.0.0.1 or one of a private network."
        )
    return ApiSettings(host, API_PORT.value(), token)


def is_internal(address: Any) -> bool:
    """Whether an IP address is loopback or private."""
    try:
        parsed = ip_address(str(address).strip("[]"))
    except ValueError:
        return bool(address == "localhost")
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return bool(parsed.is_private or parsed.is_loopback) and not parsed.is_unspecified
