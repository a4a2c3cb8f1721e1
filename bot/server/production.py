"""Checks of `ENVIRONMENT=production`: what must be set before real customers are served, and what must not."""

from collections.abc import Callable, Iterator

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.channels.messenger import settings as messenger
from bot.channels.phone import settings as phone
from bot.keys.model_signatures import public_key_text
from bot.server.api_settings import api_settings
from bot.settings import FILE, Setting, SettingsError, in_production
from bot.settings.accounts import ACCOUNTS_TOKEN, SMS_TOKEN, SMS_URL, SMTP_HOST, SMTP_PASSWORD, SMTP_STARTTLS
from bot.settings.servers import (
    ACTION_SECRET,
    API_TOKEN,
    AS_OF,
    DATABASE_URL,
    ENVIRONMENT,
    MODEL_PUBLIC_KEY,
    MODEL_SIGNING_KEY,
    SHORTEST_ACTION_SECRET,
    SIGNING_KEY,
)
from bot.settings.staff_console import CONSOLE_URL, OIDC_SECRET
from bot.settings.table import SETTINGS

SHORTEST_KEY = 32  # characters of the signing key; a shorter one could be brute-forced from a session's signature
# Placeholders of examples, as a whole secret or as its prefix.
PLACEHOLDERS = ("change", "demo", "dev", "example", "password", "placeholder", "secret", "test", "todo", "xxx", "your")
WEAK_PASSWORDS = {"admin", "assistant", "elektrum", "postgres", "postgresql", "root", "user"}


def check_production(*, rasa: bool = True, actions: bool = True, console: bool = True) -> None:
    """Refuse to serve customers with missing, weak or public secrets; does nothing outside production.

    Args:
        rasa: whether this process runs or starts the Rasa server.
        actions: whether it runs or starts the action server.
        console: whether it runs or starts the console.

    Raises:
        SettingsError: all problems, in one message.
    """
    if not in_production():
        return
    found = [*_of_both()]
    if rasa:
        found += _of_rasa()
    if actions:
        found += _of_actions()
    if console:
        found += _secret(OIDC_SECRET)
    if console and not (rasa or actions) and not CONSOLE_URL.value():
        found.append(f"{CONSOLE_URL.name} is missing, by which the console knows its own host")
    if found:
        raise SettingsError(
            f"{ENVIRONMENT.name}=production, but {'; '.join(found)}. Each secret can be in a file instead, named by "
            f"the variable with {FILE} (docs/settings.md)."
        )


def _of_both() -> Iterator[str]:
    yield from _secret(SIGNING_KEY, shortest=SHORTEST_KEY)
    yield from _secret(ACTION_SECRET, shortest=SHORTEST_ACTION_SECRET)
    yield from _database()
    if AS_OF.text():
        yield f"{AS_OF.name} (or --as-of) pretends another day"
    for setting in SETTINGS.values():
        if setting.needs_https and setting.text().startswith("http://"):
            yield f"{setting.name} is not encrypted (https)"


def _of_rasa() -> Iterator[str]:
    if not _given(MODEL_PUBLIC_KEY):
        yield from _secret(MODEL_PUBLIC_KEY)
    if _given(MODEL_SIGNING_KEY):
        yield f"{MODEL_SIGNING_KEY.name} is set, which belongs to the build only"
    for setting in (*messenger.SECRETS, *phone.SECRETS, API_TOKEN):
        yield from _secret(setting)
    readers: list[Callable[[], object]] = [messenger.messenger_settings, phone.phone_settings, api_settings]
    if _given(MODEL_PUBLIC_KEY):
        readers.append(public_key_text)
    for read in readers:
        try:
            read()
        except SettingsError as error:
            yield str(error).rstrip(".")


def _of_actions() -> Iterator[str]:
    if not (SMS_URL.value() or SMTP_HOST.value()):
        yield f"one-time codes would go into a file only, because neither {SMS_URL.name} nor {SMTP_HOST.name} is set"
    if SMTP_HOST.value() and not SMTP_STARTTLS.value():
        yield f"{SMTP_STARTTLS.name}=no sends one-time codes unencrypted"
    for setting in (ACCOUNTS_TOKEN, SMS_TOKEN, SMTP_PASSWORD):
        yield from _secret(setting)


def _database() -> Iterator[str]:
    name, given = DATABASE_URL.name, _given(DATABASE_URL)
    if given is None:
        yield from _secret(DATABASE_URL)
        return
    try:
        url = make_url(given or "sqlite://")
    except ArgumentError:
        yield f"{name} is no address of a database"
        return
    password = str(url.password or "")
    if url.get_backend_name() == "sqlite":
        yield f"{name} is not PostgreSQL"
    elif password and (_is_placeholder(password) or password in WEAK_PASSWORDS | {url.username}):
        yield f"the password in {name} is one that everybody knows"


def _secret(setting: Setting[str], *, shortest: int = 0) -> Iterator[str]:
    name = setting.name
    try:
        value = setting.text()  # the raw text, since a value that is too short has a message of its own here
    except SettingsError as error:
        yield str(error).rstrip(".")
        return
    if not value and setting.is_needed:
        yield f"{name} is missing"
    elif value and _is_placeholder(value):
        yield f"{name} is one that everybody knows"
    elif value and len(value) < shortest:
        yield f"{name} has fewer than {shortest} characters"


def _given(setting: Setting[str]) -> str | None:
    """A secret; None where it cannot be read."""
    try:
        return setting.text()
    except SettingsError:
        return None


def _is_placeholder(value: str) -> bool:
    """Whether a value looks like a placeholder; a random one mixes upper and lower case, or is hexadecimal."""
    written = value.strip("<>[]{} ")
    by_hand = written[1:].islower() or written.isupper()
    return (by_hand and written.casefold().startswith(PLACEHOLDERS)) or len(set(value)) < 3
