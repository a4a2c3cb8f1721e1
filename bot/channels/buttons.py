"""Choices as they go out: opaque references to what was offered, good in their conversation only."""

from bot.sealing import Seal


class Buttons:
    """Makes and reads references to choices: encrypted, so that they tell nothing and nobody else can make one."""

    def __init__(self) -> None:
        self._seal = Seal("buttons")

    def reference(self, conversation: str, payload: str, title: str) -> str:
        """A reference to a choice that was offered in a conversation."""
        return self._seal.close([conversation, payload, title])

    def pressed(self, conversation: str, reference: object) -> tuple[str, str] | None:
        """What a choice means (payload) and says (title), or None where it was not offered in this conversation."""
        content = self._seal.open(reference) if isinstance(reference, str) else None
        return (content[1], content[2]) if content and content[0] == conversation else None
