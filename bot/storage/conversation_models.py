"""Tables of the conversations: what was said, on the website too, and which contracts were opened in which one."""

from sqlalchemy import Column, Float, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime


class ConversationEvent(Base):
    """One event of a conversation, with the columns of Rasa's `SQLTrackerStore.SQLEvent`.

    Attributes:
        position: of the event in its conversation, from 0 and without gaps; two servers that write a conversation at
            once cannot both have it.
        timestamp: in seconds since 1970.
        data: the event as JSON, redacted (bot.privacy.events).
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("sender_id", "position"),)

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(255), nullable=False)
    position = Column(Integer, nullable=False)
    type_name = Column(String(255), nullable=False)
    timestamp = Column(Float, index=True)
    intent_name = Column(String(255))
    action_name = Column(String(255))
    data = Column(Text)


class ConversationContract(Base):
    """That a contract was opened in a conversation, so that a customer's conversations can be found and erased.

    `contract` is a keyed hash of the contract's number.
    """

    __tablename__ = "conversation_contracts"
    __table_args__ = (UniqueConstraint("conversation_id", "contract"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    contract = Column(String(64), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)


class WebTurn(Base):
    """A message of a visitor and what was answered; the pair of ids makes sure that none is answered twice.

    Attributes:
        message_id: made by the client.
        address: keyed hash of the address that it came from.
        ended_at: None while it is being answered.
        sealed: message and replies, encrypted with the visitor's secret; nobody else can read them.
    """

    __tablename__ = "web_turns"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False)
    message_id = Column(String(64), nullable=False)
    address = Column(String(64), nullable=False, index=True)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    ended_at = Column(UtcDateTime)
    sealed = Column(Text)
