"""Which gateways may call, and where calls are transferred: read from the environment (docs/phone.md)."""

from dataclasses import dataclass

from bot.data_files import DataFileError
from bot.desk.weekly_hours import weekly_hours
from bot.settings import SettingsError
from bot.settings.channels import (
    JAMBONZ_SECRET,
    PHONE_HOURS,
    PHONE_TOKEN,
    PHONE_TRANSFER_TO,
    PUBLIC_URL,
    TWILIO_AUTH_TOKEN,
)

SECRETS = (PHONE_TOKEN, TWILIO_AUTH_TOKEN, JAMBONZ_SECRET)
HERE = "/webhooks/phone/"


@dataclass(frozen=True)
class PhoneSettings:
    """The phone line of this installation.

    Attributes:
        token: the bearer token of AudioCodes and of the plain webhook (`BOT_PHONE_TOKEN`); "" disables both.
        twilio_token: signs Twilio's requests (`BOT_TWILIO_AUTH_TOKEN`); "" disables Twilio.
        jambonz_secret: signs Jambonz' requests (`BOT_JAMBONZ_SECRET`); "" disables Jambonz.
        public_url: where gateways reach this server (`BOT_PUBLIC_URL`), such as https://assistant.example; Twilio signs
            it, and it is the base of every URL that a gateway is given. Without it those are relative.
        transfer_to: a person's number (`BOT_PHONE_TRANSFER_TO`), such as tel:+37100000000; "" for none.
    """

    token: str
    twilio_token: str
    jambonz_secret: str
    public_url: str
    transfer_to: str

    def address(self, path: str) -> str:
        """One of our URLs as a gateway can call it; a path from `/` on where `public_url` is not set."""
        return f"{self.public_url}{HERE}{path}"


def phone_settings() -> PhoneSettings:
    """The settings.

    Raises:
        SettingsError: one of them cannot be used.
    """
    token, twilio_token, jambonz_secret = (each.value() for each in SECRETS)
    public = PUBLIC_URL.value()
    if twilio_token and not public:
        raise SettingsError(f"Set {PUBLIC_URL.name} too: Twilio signs the address that it calls.")
    if path := PHONE_HOURS.value():
        try:
            weekly_hours(path)
        except DataFileError as error:
            raise SettingsError(f"{PHONE_HOURS.name} names hours that cannot be used: {error}") from error
    return PhoneSettings(token, twilio_token, jambonz_secret, public, PHONE_TRANSFER_TO.value())
