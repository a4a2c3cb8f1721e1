"""The table of requests that wait for a person."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Text, false

from bot.storage.engine import Base, UtcDateTime


class Handoff(Base):
    """A customer's request for a person, or a complaint. `details` contains only redacted text.

    Attributes:
        priority: whether staff should take it before the others.
        unsent_at: when the assistant last had an answer that Messenger no longer lets through; only a person can reach
            the customer now.
        call_back_to: the phone number, in E.164, of a caller for whom nobody could be reached, to call back.
    """

    __tablename__ = "handoffs"
    __table_args__ = (CheckConstraint("kind IN ('person', 'complaint')", name="kind"),)

    id = Column(Integer, primary_key=True)
    reference = Column(String(20), nullable=False, unique=True)
    kind = Column(String(20), nullable=False)
    conversation_id = Column(String(255), nullable=False, index=True)
    channel = Column(String(40), nullable=False)
    language = Column(String(2), nullable=False)
    details = Column(Text)
    priority = Column(Boolean, nullable=False, default=False, server_default=false())
    created_at = Column(UtcDateTime, nullable=False)
    unsent_at = Column(UtcDateTime)
    call_back_to = Column(String(20))
