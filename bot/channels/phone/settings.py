"""Which gateways may call, and where calls are transferred: read from the environment (docs/phone.md)."""

import os
from dataclasses import dataclass

from bot.settings import SettingsError, secret

SECRETS = ("BOT_PHONE_TOKEN", "BOT_TWILIO_AUTH_TOKEN", "BOT_JAMBONZ_SECRET")
SHORTEST_SECRET = 16  # characters


@dataclass(frozen=True)
class PhoneSettings:
    """The phone line of this installation.

    Attributes:
        token: that AudioCodes and the plain webhook send as a bearer token (`BOT_PHONE_TOKEN`); "" shuts both.
        twilio_token: with which Twilio signs (`BOT_TWILIO_AUTH_TOKEN`); "" shuts it.
        jambonz_secret: with which Jambonz signs (`BOT_JAMBONZ_SECRET`); "" shuts it.
        public_url: under which gateways reach this server (`BOT_PUBLIC_URL`), such as https://assistant.example; Twilio
            signs it.
        transfer_to: where a person answers (`BOT_PHONE_TRANSFER_TO`), such as tel:+37100000000; "" for nobody.
    """

    token: str
    twilio_token: str
    jambonz_secret: str
    public_url: str
    transfer_to: str


def phone_settings() -> PhoneSettings:
    """The settings.

    Raises:
        SettingsError: one of them cannot be used.
    """
    for name in SECRETS:
        if 0 < len(secret(name)) < SHORTEST_SECRET:
            raise SettingsError(f"{name} is too short; use at least {SHORTEST_SECRET} characters.")
    token, twilio_token, jambonz_secret = (secret(name) for name in SECRETS)
    public, to = os.environ.get("BOT_PUBLIC_URL", "").rstrip("/"), os.environ.get("BOT_PHONE_TRANSFER_TO", "")
    if public and not public.startswith(("https://", "http://")):
        raise SettingsError(f"BOT_PUBLIC_URL={public!r} is no address; write it like https://assistant.example.")
    if twilio_token and not public:
        raise SettingsError("Set BOT_PUBLIC_URL too: Twilio signs the address that it calls.")
    if to and not to.startswith(("tel:", "sip:", "sips:")):
        raise SettingsError(f"BOT_PHONE_TRANSFER_TO={to!r} is no address of a phone; write it like tel:+37100000000.")
    return PhoneSettings(token, twilio_token, jambonz_secret, public, to)
