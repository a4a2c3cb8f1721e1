"""Settings that every process reads at its start: where the database, the servers, models and logs are."""

from dataclasses import dataclass
from pathlib import Path

from bot.settings.servers import (
    ACTION_PORT,
    ACTION_URL,
    DATABASE_URL,
    ENDPOINTS,
    ENVIRONMENT,
    HOST,
    LOGS,
    MODELS,
    PORT,
    PRODUCTION,
)


@dataclass(frozen=True)
class Settings:
    """Settings of one process, read from the environment when asked for.

    Attributes:
        database_url: SQLAlchemy URL of the assistant's own database (`DATABASE_URL`).
        host: address that both servers listen on (`BOT_HOST`).
        port: port of the Rasa server, which also serves the page (`BOT_PORT`).
        action_port: port of the action server (`BOT_ACTION_PORT`).
        action_url: URL of the action server (`BOT_ACTION_URL`), without a trailing slash.
        models: folder of trained models (`BOT_MODELS`).
        endpoints: file that names what the Rasa server talks to, such as an event broker (`BOT_ENDPOINTS`).
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


def settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    action_port = ACTION_PORT.value()
    return Settings(
        database_url=DATABASE_URL.value(),
        host=HOST.value(),
        port=PORT.value(),
        action_port=action_port,
        action_url=ACTION_URL.value() or f"http://127.0.0.1:{action_port}",
        models=MODELS.value(),
        endpoints=ENDPOINTS.value(),
        logs=LOGS.value(),
    )


def in_production() -> bool:
    """Whether real customers are served: `ENVIRONMENT` is "production" ("development" or nothing otherwise).

    Raises:
        SettingsError: it is something else, which could be a misspelt "production".
    """
    return ENVIRONMENT.value() == PRODUCTION
