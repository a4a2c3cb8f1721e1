"""Settings of Rasa that our replacements of its parts do not read: refused by name, instead of being ignored.

Collected from Rasa 3.6.21 and rasa_sdk 3.6.2; docs/settings.md says what becomes of each.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.data_files import read_yaml
from bot.settings import SettingsError
from bot.settings.of_rasa import READ_BY_RASA
from bot.settings.setting import variable

OURS = "bot."  # prefix of our own classes' names
ACTION, TYPES = "action_endpoint", ("type", "store_type")
# The equivalents here.
INSTEAD = {
    "nlg": "texts are in data/responses",
    "tracker_store": "DATABASE_URL says where conversations are stored",
    "event_broker": "RABBITMQ_URL says where events go",
    "lock_store": "REDIS_URL says where locks are",
}
NOT_HERE = {
    "models": "a model comes from a file that is signed (BOT_MODELS)",
    "nlu": "the server itself runs the NLU model",
}
OF_ACTIONS = {
    "url",
    "enable_selective_domain",
    "headers",
    "params",
    "token",
    "token_name",
    "basic_auth",
    "cafile",
}
CREDENTIALS = {"username", "password"}
# Variables by name: the value that is allowed all the same, and the equivalent here.
VARIABLES = {
    "TICKET_LOCK_LIFETIME": ("", "a conversation is locked for 5 seconds at most"),
    "POSTGRESQL_SCHEMA": ("", "PostgreSQL does that: ALTER ROLE user SET search_path = schema"),
    "SQL_POOL_SIZE": ("", "a server keeps up to 15 connections (docs/deployment.md)"),
    "SQL_MAX_OVERFLOW": ("", "a server keeps up to 15 connections (docs/deployment.md)"),
    "FORCE_JSON_LOGGING": ("", "BOT_LOG_FORMAT=json does that"),
    "LOG_LEVEL": ("WARNING", "warnings and errors are logged, since Rasa's other lines contain what customers write"),
    "SANIC_HOST": ("", "BOT_HOST does that"),
    "ACTION_SERVER_SANIC_WORKERS": ("1", "start another action server (docs/deployment.md)"),
}


def check_variables() -> None:
    """Check that no variable of Rasa's is set that is ignored here, or that Rasa could not parse.

    Raises:
        SettingsError: one is; the message names it, and what to set instead.
    """
    for setting in READ_BY_RASA:
        setting.value()  # Rasa parses it only when it needs it, and then fails for everybody
    for name, (harmless, instead) in VARIABLES.items():
        value = variable(name) or ""
        if value not in {"", harmless}:
            raise SettingsError(f"{name}={value!r} is Rasa's and not read here: {instead}. Unset it.")


def check_endpoints(path: Path) -> None:
    """Check that an endpoints file has no key that our parts would ignore; keys of Rasa's own parts are not checked.

    Raises:
        DataFileError: it cannot be read.
        SettingsError: it has one; the message names it and says why.
    """
    for reason in _reasons(read_yaml(path)):
        raise SettingsError(f"{path}: {reason}.")


def check_credentials(path: Path) -> None:
    """Check that our channels have no credentials in the file, since they read the environment.

    Raises:
        DataFileError: it cannot be read.
        SettingsError: a channel of ours has some; the message names them.
    """
    for channel, given in read_yaml(path).items():
        if str(channel).startswith(OURS) and given:
            keys = ", ".join(map(str, given)) if isinstance(given, dict) else given
            raise SettingsError(f"{path}: {channel} does not read '{keys}'; channels are set up by docs/settings.md.")


def _reasons(endpoints: dict[str, Any]) -> Iterator[str]:
    for name, content in endpoints.items():
        given = {} if content is None else content
        if name in NOT_HERE:
            yield f"'{name}' is not read: {NOT_HERE[name]}"
        elif name not in {ACTION, *INSTEAD}:
            yield f"'{name}' is not known; Rasa 3.6 reads {', '.join([ACTION, *INSTEAD])}"
        elif not isinstance(given, dict):
            yield f"'{name}' is a mapping"
        elif name == ACTION:
            yield from _reasons_of_actions(given)
        elif any(str(given.get(key, "")).startswith(OURS) for key in TYPES):
            yield from (f"{name}: '{key}' is not read; {INSTEAD[name]}" for key in sorted(given.keys() - set(TYPES)))


def _reasons_of_actions(given: dict[str, Any]) -> Iterator[str]:
    yield from (f"{ACTION}: '{key}' is not known" for key in sorted(given.keys() - OF_ACTIONS))
    if given and not given.get("url"):
        yield f"{ACTION}: 'url' is missing"
    basic = given.get("basic_auth")
    if not basic:
        return
    if not (isinstance(basic, dict) and basic.keys() == CREDENTIALS and all(basic.values())):
        yield f"{ACTION}: 'basic_auth' needs a username and a password"
    if any(str(header).lower() == "authorization" for header in given.get("headers") or {}):
        yield f"{ACTION}: 'basic_auth' and a header 'Authorization' exclude each other"
