"""Tables of Messenger: threads, the inbox of events, the outbox of replies."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime


class MessengerThread(Base):
    """A person's thread with the page.

    Attributes:
        person: the page-scoped id (PSID), needed to answer.
        conversation_id: of the stored conversation; does not reveal the person without the server's key.
        language: lv or en, chosen by the link that led here.
        heard_at: when the person last wrote; replies are allowed for 24 hours after that.
        held_until: until then people hold the thread, and the assistant is silent.
        claimed_by, claimed_until: the worker that has claimed the person, and when its lease expires.
        rests_until: the back-off after a failure; nothing is tried before.
    """

    __tablename__ = "messenger_threads"

    person = Column(String(64), primary_key=True)
    # Unique in fact, but without a constraint: PostgreSQL's ON CONFLICT can name only one.
    conversation_id = Column(String(255), nullable=False, index=True)
    language = Column(String(2))
    heard_at = Column(UtcDateTime, nullable=False)
    held_until = Column(UtcDateTime)
    claimed_by = Column(String(64))
    claimed_until = Column(UtcDateTime)
    rests_until = Column(UtcDateTime)


class MessengerEvent(Base):
    """An event from Messenger; `key` is the idempotency key: it is stored once however often it is delivered.

    Attributes:
        at: when it happened, by Messenger's clock; a person's events are processed in this order.
        sealed: its content, encrypted; None once it is done.
        tries: how often a worker has begun to process it.
        replied_at: when its replies were stored in `messenger_replies`.
        set_aside_at: when it became a dead letter, which is not retried; `problem` says why, without personal data.
    """

    __tablename__ = "messenger_events"

    id = Column(Integer, primary_key=True)
    key = Column(String(64), nullable=False, unique=True)
    person = Column(String(64), nullable=False)
    kind = Column(String(20), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    received_at = Column(UtcDateTime, nullable=False, index=True)
    sealed = Column(Text)
    tries = Column(Integer, nullable=False, default=0)
    replied_at = Column(UtcDateTime)
    done_at = Column(UtcDateTime)
    set_aside_at = Column(UtcDateTime)
    problem = Column(String(200))


_open = (MessengerEvent.done_at.is_(None)) & (MessengerEvent.set_aside_at.is_(None))
Index("ix_messenger_events_open", MessengerEvent.person, MessengerEvent.at, sqlite_where=_open, postgresql_where=_open)


class MessengerDesk(Base):
    """How far the desk's events have been put into the inbox, in one row.

    Attributes:
        number: of the latest event that was looked at.
        at: the time that the latest one was given; never earlier than that of the one before.
    """

    __tablename__ = "messenger_desk"

    id = Column(Integer, primary_key=True)
    number = Column(BigInteger, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class MessengerReply(Base):
    """Something to be sent in answer to an event, encrypted; deleted when the event is done."""

    __tablename__ = "messenger_replies"
    __table_args__ = (UniqueConstraint("event_id", "position"),)

    id = Column(Integer, primary_key=True)
    event_id = Column(ForeignKey("messenger_events.id", ondelete="CASCADE"), nullable=False)
    position = Column(Integer, nullable=False)
    sealed = Column(Text, nullable=False)
    sent_at = Column(UtcDateTime)
