"""The table of conversations' events."""

from sqlalchemy import Column, Float, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime


class ConversationEvent(Base):
    """One event of a conversation, with the columns of Rasa's `SQLTrackerStore.SQLEvent`.

    Attributes:
        position: of the event in its conversation, from 0 and without gaps. It is unique, so that of two servers that
            write a conversation concurrently one gets an error (optimistic locking).
        timestamp: seconds since 1970.
        data: the event as JSON, redacted (bot.rasa.redacted_events).
        amended_at: when it was redacted and published once more, because a later message showed more of it to be
            personal; None where that never happened.
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
    amended_at = Column(UtcDateTime)
