"""Buttons as they are sent: opaque references to an offered choice, valid only in their conversation."""

from bot.channels.intake import Payload
from bot.keys.sealing import Seal


class Buttons:
    """Makes and reads references to choices: encrypted, so that they reveal nothing and cannot be forged."""

    def __init__(self) -> None:
        self._seal = Seal("buttons")

    def reference(self, conversation: str, payload: str, title: str) -> str:
        """A reference to a choice that was offered in a conversation."""
        return self._seal.close([conversation, payload, title])

    def pressed(self, conversation: str, reference: object) -> tuple[Payload, str] | None:
        """The payload and title of a choice, or None where it was not offered in this conversation."""
        content = self._seal.open(reference) if isinstance(reference, str) else None
        return (Payload(content[1]), content[2]) if content and content[0] == conversation else None
