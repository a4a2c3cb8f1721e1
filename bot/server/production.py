"""What must be set before real customers are served (`ENVIRONMENT=production`), and what must not."""

import os
from collections.abc import Callable, Iterator

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.channels.messenger import settings as messenger
from bot.channels.phone import settings as phone
from bot.clock import AS_OF
from bot.model_signing import PUBLIC_KEY, SIGNING_KEY, public_key_text
from bot.server.action_secret import ACTION_SECRET
from bot.server.api_settings import TOKEN as API_TOKEN
from bot.server.api_settings import api_settings
from bot.settings import FILE, SettingsError, in_production, secret

SHORTEST_KEY = 32  # characters of the signing key; with fewer it could be tried out on a session's signature
# What stands in examples, as a whole secret or as the beginning of one.
PLACEHOLDERS = ("change", "demo", "dev", "example", "password", "placeholder", "secret", "test", "todo", "xxx", "your")
WEAK_PASSWORDS = {"admin", "assistant", "elektrum", "postgres", "postgresql", "root", "user"}
ENCRYPTED = ("BOT_ACCOUNTS_URL", "BOT_SMS_URL", "BOT_GRAPH_URL", "BOT_PUBLIC_URL")


def check_production(*, rasa: bool = True, actions: bool = True) -> None:
    """Refuse to serve customers with secrets that are missing, or that everybody knows; does nothing elsewhere.

    Args:
        rasa: whether this process is, or starts, the Rasa server.
        actions: whether it is, or starts, the action server.

    Raises:
        SettingsError: all that is wrong, in one message.
    """
    if not in_production():
        return
    found = [*_of_both()]
    if rasa:
        found += _of_rasa()
    if actions:
        found += _of_actions()
    if found:
        raise SettingsError(
            f"ENVIRONMENT=production, but {'; '.join(found)}. Each secret can stand in a file instead, named by the "
            f"variable with {FILE} (docs/settings.md)."
        )


def _of_both() -> Iterator[str]:
    yield from _secret("BOT_SIGNING_KEY", needed=True, shortest=SHORTEST_KEY)
    yield from _secret(ACTION_SECRET, needed=True, shortest=16)
    yield from _database()
    if os.environ.get(AS_OF):
        yield f"{AS_OF} (or --as-of) pretends another day"
    for name in ENCRYPTED:
        if os.environ.get(name, "").startswith("http://"):
            yield f"{name} is not encrypted (https)"


def _of_rasa() -> Iterator[str]:
    if not _given(PUBLIC_KEY):
        yield from _secret(PUBLIC_KEY, needed=True)
    if _given(SIGNING_KEY):
        yield f"{SIGNING_KEY} is set, which belongs to the build only"
    for name in (*messenger.SECRETS, *phone.SECRETS, API_TOKEN):
        yield from _secret(name)
    readers: list[Callable[[], object]] = [messenger.messenger_settings, phone.phone_settings, api_settings]
    if _given(PUBLIC_KEY):
        readers.append(public_key_text)
    for read in readers:
        try:
            read()
        except SettingsError as error:
            yield str(error).rstrip(".")


def _of_actions() -> Iterator[str]:
    if not (os.environ.get("BOT_SMS_URL") or os.environ.get("BOT_SMTP_HOST")):
        yield "one-time codes would go into a file only, because neither BOT_SMS_URL nor BOT_SMTP_HOST is set"
    if os.environ.get("BOT_SMTP_HOST") and os.environ.get("BOT_SMTP_STARTTLS") == "no":
        yield "BOT_SMTP_STARTTLS=no sends one-time codes unencrypted"
    for name in ("BOT_ACCOUNTS_TOKEN", "BOT_SMS_TOKEN", "BOT_SMTP_PASSWORD"):
        yield from _secret(name)


def _database() -> Iterator[str]:
    name, given = "DATABASE_URL", _given("DATABASE_URL")
    if given is None:
        yield from _secret(name)
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


def _secret(name: str, *, needed: bool = False, shortest: int = 0) -> Iterator[str]:
    try:
        value = secret(name)
    except SettingsError as error:
        yield str(error).rstrip(".")
        return
    if not value and needed:
        yield f"{name} is missing"
    elif value and _is_placeholder(value):
        yield f"{name} is one that everybody knows"
    elif value and len(value) < shortest:
        yield f"{name} has fewer than {shortest} characters"


def _given(name: str) -> str | None:
    """A secret; None where it cannot be read."""
    try:
        return secret(name)
    except SettingsError:
        return None


def _is_placeholder(value: str) -> bool:
    """Whether a value looks like one of an example; what is made at random mixes its letters, or is hexadecimal."""
    written = value.strip("<>[]{} ")
    by_hand = written[1:].islower() or written.isupper()
    return (by_hand and written.casefold().startswith(PLACEHOLDERS)) or len(set(value)) < 3
