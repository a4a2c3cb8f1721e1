"""Where things are and how the assistant is set up: one place that reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("lv", "en")
FILE = "_FILE"  # what is added to a secret's name where a file holds it


@dataclass(frozen=True)
class Settings:
    """Settings of one process, read from the environment when asked for.

    Attributes:
        database_url: SQLAlchemy URL of the assistant's own database (`DATABASE_URL`).
        host: address that both servers listen on (`BOT_HOST`).
        port: port of the Rasa server, which also serves the page (`BOT_PORT`).
        action_port: port of the action server (`BOT_ACTION_PORT`).
        action_url: where the Rasa server finds the action server (`BOT_ACTION_URL`), without a slash at its end.
        models: folder of trained models (`BOT_MODELS`).
        endpoints: what the Rasa server talks to, such as an event broker (`BOT_ENDPOINTS`).
        logs: folder of the servers' logs (`BOT_LOGS`).
    """

    database_url: str
    host: str
    port: int
    action_port: int
    action_url: str
    models: Path
    endpoints: Path
    logs: Path


class SettingsError(ValueError):
    """A setting in the environment cannot be used; the message says which and why."""


def port_setting(name: str, default: int) -> int:
    """A port number from the environment.

    Raises:
        SettingsError: it is none.
    """
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 6) or not 0 < int(value) < 65536:
        raise SettingsError(f"{name}={value!r} is not a port number; use 1 to 65535.")
    return int(value)


def secret(name: str) -> str:
    """A secret: the variable `name`, or what is in the file that `name`_FILE names, stripped; "" for none.

    Raises:
        SettingsError: both are set, or the file cannot be read or is empty.
    """
    given, place = os.environ.get(name, ""), os.environ.get(f"{name}{FILE}", "")
    if not place:
        return given
    if given:
        raise SettingsError(f"{name} and {name}{FILE} are both set; set one of them.")
    try:
        held = Path(place).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"{name}{FILE}: the file {place} cannot be read: {reason}.") from error
    if not held:
        raise SettingsError(f"{name}{FILE}: the file {place} is empty.")
    return held


def in_production() -> bool:
    """Whether real customers are served: `ENVIRONMENT` is "production" ("development" or nothing otherwise).

    Raises:
        SettingsError: it is something else, which could be a slip for "production".
    """
    value = os.environ.get("ENVIRONMENT", "")
    if value not in {"", "development", "production"}:
        raise SettingsError(f"ENVIRONMENT={value!r} is not known; use 'production' or 'development'.")
    return value == "production"


def settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a variable holds something that cannot be used.
    """
    action_port = port_setting("BOT_ACTION_PORT", 5055)
    return Settings(
        database_url=secret("DATABASE_URL") or f"sqlite:///{PROJECT / 'var' / 'assistant.db'}",
        host=os.environ.get("BOT_HOST") or "127.0.0.1",
        port=port_setting("BOT_PORT", 5005),
        action_port=action_port,
        action_url=_url("BOT_ACTION_URL", f"http://127.0.0.1:{action_port}"),
        models=Path(os.environ.get("BOT_MODELS") or PROJECT / "models"),
        endpoints=Path(os.environ.get("BOT_ENDPOINTS") or PROJECT / "endpoints.yml"),
        logs=Path(os.environ.get("BOT_LOGS") or PROJECT / "var" / "log"),
    )


def _url(name: str, default: str) -> str:
    value = os.environ.get(name) or default
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise SettingsError(f"{name}={value!r} is not an address; it looks like http://actions:5055.")
    return value.rstrip("/")


def rabbitmq_url() -> str | None:
    """`RABBITMQ_URL`, such as amqp://user:password@host:5672; None where no events are published.

    Raises:
        SettingsError: it is no such address.
    """
    url = secret("RABBITMQ_URL") or None
    parts = urlsplit(url or "")
    if url and not (parts.scheme in {"amqp", "amqps"} and parts.hostname and parts.username and parts.password):
        raise SettingsError("RABBITMQ_URL cannot be used; it looks like amqp://user:password@host:5672.")
    return url
