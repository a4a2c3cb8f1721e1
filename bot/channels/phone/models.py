"""Tables of the phone line: calls, and the answers to messages that a gateway may resend."""

from sqlalchemy import Column, Integer, String, Text

from bot.channels.claims import ClaimedMessage
from bot.storage.engine import Base, UtcDateTime


class PhoneCall(Base):
    """A call.

    Attributes:
        language: to listen for.
        unclear, silent: how often in a row the caller was not understood, or said nothing.
        unreached: how often a transfer was not answered.
        sealed: the caller's number and keys pressed so far, encrypted with the server's key; deleted at the end.
    """

    __tablename__ = "phone_calls"

    conversation_id = Column(String(255), primary_key=True)
    language = Column(String(2), nullable=False)
    unclear = Column(Integer, nullable=False, default=0)
    silent = Column(Integer, nullable=False, default=0)
    unreached = Column(Integer, nullable=False, default=0, server_default="0")
    sealed = Column(Text)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    ended_at = Column(UtcDateTime)


class PhoneTurn(ClaimedMessage, Base):
    """A message of a gateway and its answer, which is sealed with the server's key.

    Attributes:
        message_id: a digest of the gateway's id.
        content: a keyed digest (HMAC) of its content, where a gateway may resend it with another id.
        answered_at: None while it is being answered.
    """

    __tablename__ = "phone_turns"

    content = Column(String(64))
    answered_at = Column(UtcDateTime)
