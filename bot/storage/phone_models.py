"""Tables of the phone line: calls, and answers to what a gateway may send again."""

from sqlalchemy import Column, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime


class PhoneCall(Base):
    """A call.

    Attributes:
        language: to listen for.
        unclear, silent: how often in a row the caller was not understood, or said nothing.
    """

    __tablename__ = "phone_calls"

    conversation_id = Column(String(255), primary_key=True)
    language = Column(String(2), nullable=False)
    unclear = Column(Integer, nullable=False, default=0)
    silent = Column(Integer, nullable=False, default=0)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    ended_at = Column(UtcDateTime)


class PhoneTurn(Base):
    """A message of a gateway and its answer, encrypted with the server's key; None while it is being answered."""

    __tablename__ = "phone_turns"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False)
    message_id = Column(String(64), nullable=False)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    sealed = Column(Text)
