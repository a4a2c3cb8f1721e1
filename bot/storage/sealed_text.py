"""An encrypted column: its text is readable only with the server's key, not from the database's file or a backup."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from bot.keys.sealing import Seal


class SealedText(TypeDecorator):  # type: ignore[misc]
    """Text that is encrypted on writing; reads as None where there is none, or where it was sealed with another key.

    Encryption is not deterministic: the same text differs each time, so rows cannot be looked up by it.
    """

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        """Take the purpose of the text; text that was sealed for another purpose cannot be opened."""
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else Seal(self.purpose).close(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        opened = Seal(self.purpose).open(value)
        return opened if isinstance(opened, str) else None
