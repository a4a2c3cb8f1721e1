"""Which billing system, senders and sign-in this installation has: read from the environment (docs/accounts.md)."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from bot.accounts.http_source import HttpAccountSource
from bot.accounts.senders import PAUSE, CodeSender, Delivery, OutboxSender, SmsGatewaySender, SmtpSender
from bot.accounts.sign_in import SignIn, SignInSettings
from bot.accounts.source import AccountSource
from bot.accounts.sql_source import SqlAccountSource
from bot.settings import PROJECT, SettingsError, port_setting, secret

OUTBOX = Path(os.environ.get("BOT_OUTBOX") or PROJECT / "var" / "outbox.jsonl")
KEYS_TIMEOUT = 3.0  # seconds
MESSENGER = ("messenger", "facebook")  # how names of its channels begin


@lru_cache(maxsize=1)
def account_source() -> AccountSource:
    """`BOT_ACCOUNTS_URL` with `BOT_ACCOUNTS_TOKEN`, else the assistant's own tables."""
    address = os.environ.get("BOT_ACCOUNTS_URL")
    return HttpAccountSource(address, secret("BOT_ACCOUNTS_TOKEN")) if address else SqlAccountSource()


@lru_cache(maxsize=1)
def delivery() -> Delivery:
    """SMS through `BOT_SMS_URL`, e-mail through `BOT_SMTP_HOST`; where neither is set, both go into the outbox."""
    phone: CodeSender | None = None
    email: CodeSender | None = None
    if address := os.environ.get("BOT_SMS_URL"):
        phone = SmsGatewaySender(address, secret("BOT_SMS_TOKEN"))
    if host := os.environ.get("BOT_SMTP_HOST"):
        email = SmtpSender(
            host,
            port_setting("BOT_SMTP_PORT", 587),
            os.environ.get("BOT_SMTP_FROM", ""),
            user=os.environ.get("BOT_SMTP_USER", ""),
            password=secret("BOT_SMTP_PASSWORD"),
            starttls=os.environ.get("BOT_SMTP_STARTTLS", "yes") != "no",
        )
    if phone is None and email is None:
        phone = email = OutboxSender(OUTBOX)
    return Delivery(phone, email, PAUSE)


@lru_cache(maxsize=1)
def sign_in() -> SignIn | None:
    """The website's sign-in: `BOT_SIGNIN_ISSUER`, `BOT_SIGNIN_AUDIENCE`, `BOT_SIGNIN_KEYS`; None where it has none.

    Raises:
        SettingsError: only some of the three are set.
    """
    names = ("BOT_SIGNIN_ISSUER", "BOT_SIGNIN_AUDIENCE", "BOT_SIGNIN_KEYS")
    issuer, audience, keys = (os.environ.get(name, "") for name in names)
    if not any((issuer, audience, keys)):
        return None
    if not all((issuer, audience, keys)):
        raise SettingsError(f"Set all of {', '.join(names)}, or none.")
    return SignIn(SignInSettings(issuer, audience, lambda: _keys(keys)))


def _keys(place: str) -> dict[str, Any]:
    """A JWK set from an https address or a file."""
    if place.startswith("https://"):
        answer = requests.get(place, timeout=KEYS_TIMEOUT)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
    read: dict[str, Any] = json.loads(Path(place).read_text(encoding="utf-8"))
    return read


def shows_accounts(channel: str | None) -> bool:
    """Whether a channel may show what an account holds: every channel, but Messenger only where it is switched on."""
    if not (channel or "").startswith(MESSENGER):
        return True
    return os.environ.get("BOT_MESSENGER_REVEAL_ACCOUNT_DATA", "no").lower() in {"yes", "true", "1"}


def website() -> str:
    """Where a customer goes on who may not see the account here: `BOT_WEBSITE`."""
    return os.environ.get("BOT_WEBSITE") or "https://www.elektrum.lv/"
