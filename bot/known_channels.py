"""The channels through which customers reach the assistant, and what each can show."""

from dataclasses import dataclass, replace
from typing import Literal

Medium = Literal["phone"]  # a text may have a variant for it (data/responses)
SPOKEN: Medium = "phone"


@dataclass(frozen=True)
class Channel:
    """A channel through which customers reach the assistant.

    Attributes:
        name: Rasa's name for the input channel; also the label in metrics.
        medium: SPOKEN for the ear, None for the eye.
        shows_sources: whether its client itself shows a reply's sources as links; otherwise the text names them.
        shows_buttons: whether choices are shown as buttons; otherwise the text names them.
        shows_accounts: whether it may show account data without a setting that allows it
            (`bot.accounts.setup.shows_accounts`).
    """

    name: str
    medium: Medium | None = None
    shows_sources: bool = False
    shows_buttons: bool = True
    shows_accounts: bool = True


WEB = Channel("web", shows_sources=True)
MESSENGER = Channel("messenger", shows_accounts=False)
PHONE = Channel("phone", medium=SPOKEN, shows_buttons=False)
CONSOLE = Channel("console")
CHANNELS = (WEB, MESSENGER, PHONE, CONSOLE)
# Prefixes of the names of further channels of a kind, such as Rasa's own `facebook`.
_KINDS = {PHONE.name: PHONE, MESSENGER.name: MESSENGER, "facebook": MESSENGER}
_BY_NAME = {channel.name: channel for channel in CHANNELS}


def channel_named(name: str | None) -> Channel:
    """The channel by Rasa's name; an unknown channel shows only texts and choices."""
    given = name or "unknown"
    like = next((channel for begins, channel in _KINDS.items() if given.startswith(begins)), None)
    return _BY_NAME.get(given) or (replace(like, name=given) if like else Channel(given))
