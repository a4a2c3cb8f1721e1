"""The table of what belongs together here and in Chatwoot: numbers only, nothing that anybody said."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, false

from bot.desk.models import REFERENCE
from bot.storage.engine import Base, UtcDateTime


class ChatwootConversation(Base):
    """A request of ours, and its conversation in Chatwoot.

    Attributes:
        source_id: the contact's key in Chatwoot's inbox. Whoever knows it and the inbox's identifier can read and write
            as the contact, so it is random; the same for all requests of a conversation of ours.
        number: the conversation's number in Chatwoot (`display_id`); None until there is one.
        opened_with: the id of the first message that we put into it for this request; what is older belongs to others.
        seen: the highest id of a message that was looked at.
        told: how many messages of the customer it has heard.
        look_at: when to look next at what agents did; None: not before a webhook says so.
        is_resolved_there: the request was closed because an agent resolved the conversation.
    """

    __tablename__ = "chatwoot_conversations"

    id = Column(Integer, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    source_id = Column(String(64), nullable=False)
    number = Column(Integer, index=True)
    opened_with = Column(BigInteger)
    seen = Column(BigInteger, nullable=False, default=0)
    told = Column(Integer, nullable=False, default=0)
    look_at = Column(UtcDateTime, index=True)
    is_resolved_there = Column(Boolean, nullable=False, default=False, server_default=false())
    created_at = Column(UtcDateTime, nullable=False)
