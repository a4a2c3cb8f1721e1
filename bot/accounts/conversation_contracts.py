"""The table of contracts that were opened in conversations."""

from sqlalchemy import Column, Integer, String, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime


class ConversationContract(Base):
    """A contract that was opened in a conversation, so that a customer's conversations can be found and erased.

    `contract` is a keyed hash of the contract's number.
    """

    __tablename__ = "conversation_contracts"
    __table_args__ = (UniqueConstraint("conversation_id", "contract"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    contract = Column(String(64), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)
