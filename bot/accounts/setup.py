"""Which billing system, senders and sign-in this installation has: read from the environment (docs/accounts.md)."""

import json
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from bot import deadlines
from bot.accounts.http_source import HttpAccountSource
from bot.accounts.senders import PAUSE, CodeSender, Delivery, OutboxSender, SmsGatewaySender, SmtpSender
from bot.accounts.sign_in import SignIn, SignInSettings
from bot.accounts.source import AccountSource
from bot.accounts.sql_source import SqlAccountSource
from bot.known_channels import Channel
from bot.settings import SettingsError
from bot.settings.accounts import (
    ACCOUNTS_TOKEN,
    ACCOUNTS_URL,
    OUTBOX,
    SIGNIN_AUDIENCE,
    SIGNIN_ISSUER,
    SIGNIN_KEYS,
    SIGNIN_MINUTES,
    SMS_TOKEN,
    SMS_URL,
    SMTP_FROM,
    SMTP_HOST,
    SMTP_PASSWORD,
    SMTP_PORT,
    SMTP_STARTTLS,
    SMTP_USER,
    WEBSITE,
)
from bot.settings.channels import MESSENGER_REVEAL_ACCOUNT_DATA

SIGN_IN = (SIGNIN_ISSUER, SIGNIN_AUDIENCE, SIGNIN_KEYS)  # all together or none


@lru_cache(maxsize=1)
def account_source() -> AccountSource:
    """The billing system of `BOT_ACCOUNTS_URL` with `BOT_ACCOUNTS_TOKEN`, else the assistant's own tables."""
    address = ACCOUNTS_URL.value()
    return HttpAccountSource(address, ACCOUNTS_TOKEN.value()) if address else SqlAccountSource()


@lru_cache(maxsize=1)
def delivery() -> Delivery:
    """SMS through `BOT_SMS_URL`, e-mail through `BOT_SMTP_HOST`; without either, both go to the outbox."""
    phone: CodeSender | None = None
    email: CodeSender | None = None
    if address := SMS_URL.value():
        phone = SmsGatewaySender(address, SMS_TOKEN.value())
    if host := SMTP_HOST.value():
        email = SmtpSender(
            host,
            SMTP_PORT.value(),
            SMTP_FROM.value(),
            user=SMTP_USER.value(),
            password=SMTP_PASSWORD.value(),
            starttls=SMTP_STARTTLS.value(),
        )
    if phone is None and email is None:
        phone = email = OutboxSender(OUTBOX.value())
    return Delivery(phone, email, PAUSE)


@lru_cache(maxsize=1)
def sign_in() -> SignIn | None:
    """The website's sign-in: `BOT_SIGNIN_ISSUER`, `BOT_SIGNIN_AUDIENCE`, `BOT_SIGNIN_KEYS`; None where it has none.

    Raises:
        SettingsError: only some of the three are set, or `BOT_SIGNIN_MINUTES` is not a number above zero.
    """
    issuer, audience, keys = (each.value() for each in SIGN_IN)
    if not any((issuer, audience, keys)):
        return None
    if not all((issuer, audience, keys)):
        raise SettingsError(f"Set all of {', '.join(each.name for each in SIGN_IN)}, or none.")
    lifetime = timedelta(minutes=SIGNIN_MINUTES.value())
    return SignIn(SignInSettings(issuer, audience, lambda: _keys(keys), lifetime))


def _keys(place: str) -> dict[str, Any]:
    """A JWK set from an https URL or a file."""
    if place.startswith("https://"):
        answer = requests.get(place, timeout=deadlines.SIGN_IN_KEYS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
    read: dict[str, Any] = json.loads(Path(place).read_text(encoding="utf-8"))
    return read


def shows_accounts(channel: Channel) -> bool:
    """Whether a channel may show account data; Messenger may only where a setting enables it."""
    if channel.shows_accounts:
        return True
    return MESSENGER_REVEAL_ACCOUNT_DATA.value()


def website() -> str:
    """The page for customers who may not see the account here: `BOT_WEBSITE`."""
    return WEBSITE.value()
