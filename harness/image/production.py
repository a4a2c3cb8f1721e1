"""What compose.yml gives a container: settings, secrets in files, writable folders."""

import secrets
from pathlib import Path
from typing import Any

import yaml

from bot.settings import FILE
from harness.image import COMPOSE
from harness.image.contained import SECRETS
from harness.ports import free_port

HERE = "127.0.0.1"
# Stands for deploy/assistant.env, which each installation writes; nothing is sent to it here.
OF_THE_INSTALLATION = {"BOT_SMS_URL": "https://sms.example/send"}


def service(name: str) -> dict[str, Any]:
    """A service of compose.yml."""
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"][name])


def ports() -> dict[str, str]:
    """The ports and URLs of the two servers in this machine's network."""
    actions = str(free_port())
    found = {"BOT_PORT": str(free_port()), "BOT_ACTION_PORT": actions, "BOT_ACTION_URL": f"http://{HERE}:{actions}"}
    return found | {"BOT_METRICS_PORT": str(free_port()), "BOT_ACTION_METRICS_PORT": str(free_port())}


def environment(of_service: dict[str, Any], given: dict[str, str], here: dict[str, str]) -> dict[str, str]:
    """The settings of a service, with this machine's addresses.

    Args:
        given: secrets, by the name of their setting; a setting without one is left out.
    """
    named = {name: value for name, value in of_service["environment"].items() if not str(value).startswith("${")}
    needless = {name for name in named if name.endswith(FILE) and name.removesuffix(FILE) not in given}
    # Loopback only, since this machine may have no firewall.
    local = {"BOT_HOST": HERE, "BOT_METRICS_HOST": HERE, "BOT_TRUSTED_PROXIES": HERE}
    return {name: value for name, value in named.items() if name not in needless} | OF_THE_INSTALLATION | local | here


def secret_values(database_url: str, redis_url: str, model_public_key: str) -> dict[str, str]:
    """The secrets of an installation, by the name of their setting. The optional RabbitMQ is left out."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "BOT_SIGNING_KEY": secrets.token_urlsafe(48),
        "BOT_ACTION_SECRET": secrets.token_urlsafe(48),
        "BOT_MODEL_PUBLIC_KEY": model_public_key,
    }


def write_secrets(folder: Path, given: dict[str, str], of_service: dict[str, Any]) -> None:
    """Secrets as files in a new folder, by the names that the settings of a service expect."""
    folder.mkdir(mode=0o700)
    for name, value in given.items():
        place = Path(of_service["environment"][f"{name}{FILE}"])
        (folder / place.relative_to(SECRETS)).write_text(value, encoding="utf-8")
