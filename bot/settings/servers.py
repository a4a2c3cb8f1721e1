"""Settings of the servers: storage, secrets, where they listen, logs."""

from pathlib import Path

from bot.settings.parsers import header_secret, one_of, port, server_address, text
from bot.settings.project import PROJECT
from bot.settings.setting import Setting

PRODUCTION, DEVELOPMENT = "production", "development"
THIS_MACHINE = "127.0.0.1"
DEFAULT_DATABASE = f"sqlite:///{PROJECT / 'var' / 'assistant.db'}"
SHORTEST_ACTION_SECRET = 16  # characters

ENVIRONMENT = Setting(
    "ENVIRONMENT",
    one_of(PRODUCTION, DEVELOPMENT),
    DEVELOPMENT,
    '"production" refuses to start where a setting marked * is missing, or has a value from the examples',
    without='"development"',
)
DATABASE_URL = Setting(
    "DATABASE_URL",
    text,
    DEFAULT_DATABASE,
    "the database; in production PostgreSQL with a password of its own",
    without="SQLite in var/",
    is_secret=True,
    is_needed=True,
)
REDIS_URL = Setting("REDIS_URL", text, "", "Redis, for locks across servers", is_secret=True)
RABBITMQ_URL = Setting(
    "RABBITMQ_URL",
    text,
    "",
    "RabbitMQ, where redacted conversations are published ([deployment.md](deployment.md#events-in-rabbitmq))",
    is_secret=True,
)
SIGNING_KEY = Setting(
    "BOT_SIGNING_KEY",
    text,
    "",
    "signing key of sessions, buttons and codes, at least 32 characters; the same on all servers",
    without="made in var/",
    is_secret=True,
    is_needed=True,
)
ACTION_SECRET = Setting(
    "BOT_ACTION_SECRET",
    header_secret(SHORTEST_ACTION_SECRET),
    "",
    f"secret that the Rasa server sends to the action server, at least {SHORTEST_ACTION_SECRET} characters",
    without="derived from the signing key",
    is_secret=True,
    is_needed=True,
)
MODEL_PUBLIC_KEY = Setting(
    "BOT_MODEL_PUBLIC_KEY",
    text,
    "",
    "public keys that models are verified with (base64, separated by spaces)",
    without="that of var/",
    is_secret=True,
    is_needed=True,
)
MODEL_SIGNING_KEY = Setting(
    "BOT_MODEL_SIGNING_KEY",
    text,
    "",
    "private key that `bot train` signs models with; for the build, never on a server",
    without="made in var/",
    is_secret=True,
)
HOST = Setting("BOT_HOST", text, THIS_MACHINE, "address that both servers listen on")
PORT = Setting("BOT_PORT", port, 5005, "port of the Rasa server and the page", empty_counts=True)
ACTION_PORT = Setting("BOT_ACTION_PORT", port, 5055, "port of the action server", empty_counts=True)
ACTION_URL: Setting[str | None] = Setting(
    "BOT_ACTION_URL",
    server_address,
    None,
    "URL of the action server, for the Rasa server",
    without="`http://127.0.0.1` with that port",
)
METRICS_HOST = Setting(
    "BOT_METRICS_HOST", text, THIS_MACHINE, "address that metrics are served on ([monitoring.md](monitoring.md))"
)
METRICS_PORT: Setting[int | None] = Setting(
    "BOT_METRICS_PORT", port, None, "port of the Rasa server's metrics", without="no metrics"
)
ACTION_METRICS_PORT: Setting[int | None] = Setting(
    "BOT_ACTION_METRICS_PORT", port, None, "port of the action server's metrics", without="no metrics"
)
API = Setting(
    "BOT_API",
    one_of("on", "off"),
    "off",
    '"on" opens Rasa\'s HTTP API to insiders ([security.md](security.md))',
    without="closed",
)
API_TOKEN = Setting(
    "BOT_API_TOKEN",
    text,
    "",
    "its token, at least 32 characters, sent as `Authorization: Bearer …`",
    without="the API stays closed",
    is_secret=True,
)
API_HOST = Setting("BOT_API_HOST", text, THIS_MACHINE, "address that it listens on; loopback or private")
API_PORT = Setting("BOT_API_PORT", port, 5006, "its port", empty_counts=True)
MODELS = Setting("BOT_MODELS", Path, PROJECT / "models", "folder of models", without="models/")
ENDPOINTS = Setting("BOT_ENDPOINTS", Path, PROJECT / "endpoints.yml", "Rasa's endpoints file", without="endpoints.yml")
LOGS = Setting("BOT_LOGS", Path, PROJECT / "var" / "log", "folder of the servers' logs", without="var/log/")
LOG_FORMAT = Setting(
    "BOT_LOG_FORMAT",
    one_of("json", "text"),
    "text",
    '"json" writes logs as one JSON object in each line ([monitoring.md](monitoring.md))',
)
AS_OF = Setting("BOT_AS_OF", text, "", "day to take for today; refused in production", without="today")
