"""The table of visitors' messages and their answers."""

from sqlalchemy import Column, String

from bot.channels.claims import ClaimedMessage
from bot.storage.engine import Base, UtcDateTime


class WebTurn(ClaimedMessage, Base):
    """A message of a visitor and what was answered, sealed with the visitor's secret: nobody else can read it.

    Attributes:
        message_id: made by the client; the idempotency key.
        address: keyed hash of the address that it came from.
        answered_at: None while it is being answered.
    """

    __tablename__ = "web_turns"

    address = Column(String(64), nullable=False, index=True)
    answered_at = Column("ended_at", UtcDateTime)
