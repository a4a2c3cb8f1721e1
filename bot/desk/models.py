"""The desk's tables. Whatever customers and agents say is sealed (encrypted with the server's key)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)

from bot.desk.kinds import About, RequestKind, RequestState
from bot.storage.engine import Base, UtcDateTime
from bot.storage.sealed_text import SealedText

NUMBER_TO_CALL, SAID, UNDERSTOOD, SHARED_TURNS, FOR_ANOTHER_DESK = (
    f"desk: {purpose}" for purpose in ("number to call", "said", "understood", "shared turns", "for another desk")
)


# Ours has 12 characters; a wish to pay later has the number that billing gave it.
REFERENCE = String(80)


def _one_of(column: str, values: type) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]


class Handoff(Base):
    """A request for a person, a complaint, a wish to pay later …. `details` contains only redacted text.

    Attributes:
        priority: whether staff should take it before the others.
        unsent_at: when the assistant last had an answer that Messenger no longer lets through; only a person can reach
            the customer now.
        is_live: held by somebody who talks with the customer in the conversation, so that the assistant is silent.
        agent_id: who holds it, or held it when it was closed: chosen by the caller, negative for other desks.
        agent_name: the first name that customers are shown.
        taken_at: when it was first taken.
        held_since: when the one who holds it got it.
        lost_at: when an agent's connection was lost; it then waits again, before the others.
        lease_until: for so long the agent's last sign of life counts.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint(_one_of("kind", RequestKind), name="kind"),
        CheckConstraint(_one_of("state", RequestState), name="state"),
    )

    id = Column(Integer, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    kind = Column(String(20), nullable=False)
    conversation_id = Column(String(255), nullable=False, index=True)
    channel = Column(String(40), nullable=False)
    language = Column(String(2), nullable=False)
    details = Column(Text)
    priority = Column(Boolean, nullable=False, default=False, server_default=false())
    created_at = Column(UtcDateTime, nullable=False)
    unsent_at = Column(UtcDateTime)
    state = Column(
        String(10), nullable=False, default=RequestState.WAITING, server_default=RequestState.WAITING, index=True
    )
    outcome = Column(String(20))
    is_live = Column(Boolean, nullable=False, default=False, server_default=false())
    agent_id = Column(Integer)
    agent_name = Column(String(80))
    taken_at = Column(UtcDateTime)
    held_since = Column(UtcDateTime)
    first_answer_at = Column(UtcDateTime)
    lost_at = Column(UtcDateTime)
    lease_until = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)


class DeskCounter(Base):
    """The number of the latest event, in one row that every transaction with an event locks."""

    __tablename__ = "desk_counter"

    id = Column(Integer, primary_key=True)
    number = Column(BigInteger, nullable=False)


class DeskEventRow(Base):
    """Something that happened; see `bot.desk.desk_events.DeskEvent`.

    Attributes:
        understood: of a customer's message, what the assistant understands (Rasa's parse result as JSON), for drafts.
    """

    __tablename__ = "desk_events"
    __table_args__ = (UniqueConstraint("conversation_id", "kind", "client_id"),)

    number = Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    conversation_id = Column(String(255), nullable=False, index=True)
    reference = Column(REFERENCE)
    kind = Column(String(20), nullable=False)
    agent_id = Column(Integer)
    agent_name = Column(String(80))
    client_id = Column(String(64))
    is_urgent = Column(Boolean, nullable=False, default=False)
    text = Column(SealedText(SAID))
    understood = Column(SealedText(UNDERSTOOD))
    at = Column(UtcDateTime, nullable=False)


class CallBackRow(Base):
    """A call that was asked for. The number is erased when it has been made.

    Attributes:
        wished_from: the customer's wish, with `wished_until`; None: any time.
        consent_at: when the customer agreed to being called; None in rows of versions that did not ask callers.
    """

    __tablename__ = "call_backs"

    reference = Column(REFERENCE, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    number = Column(SealedText(NUMBER_TO_CALL))
    wished_from = Column(UtcDateTime)
    wished_until = Column(UtcDateTime)
    consent_at = Column(UtcDateTime)
    asked_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime)


class DeskRating(Base):
    """A customer's one answer to one question; `value` is None while it has only been asked."""

    __tablename__ = "desk_ratings"
    __table_args__ = (
        CheckConstraint(_one_of("about", About), name="about"),
        CheckConstraint("value BETWEEN 1 AND 5", name="value"),
    )

    reference = Column(REFERENCE, primary_key=True)
    about = Column(String(20), primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    value = Column(Integer)
    at = Column(UtcDateTime, nullable=False)


class DeskPresence(Base):
    """An agent who is there; `languages` are separated by spaces."""

    __tablename__ = "desk_presence"

    agent_id = Column(Integer, primary_key=True, autoincrement=False)
    name = Column(String(80), nullable=False)
    languages = Column(String(40), nullable=False)
    is_available = Column(Boolean, nullable=False)
    seen_at = Column(UtcDateTime, nullable=False)


class DeskTyping(Base):
    """When somebody last typed in a conversation: "customer", or an agent's id."""

    __tablename__ = "desk_typing"

    conversation_id = Column(String(255), primary_key=True)
    who = Column(String(20), primary_key=True)
    at = Column(UtcDateTime, nullable=False)


class SharedConversation(Base):
    """What a customer let the person read, as JSON."""

    __tablename__ = "desk_shared"

    conversation_id = Column(String(255), primary_key=True)
    turns = Column(SealedText(SHARED_TURNS), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class DeskOutboxRow(Base):
    """Something that another desk must hear, in the order of the ids.

    Attributes:
        set_aside_at: when the other desk refused it for good; it is not sent again, and delays nothing.
    """

    __tablename__ = "desk_outbox"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    kind = Column(String(20), nullable=False)
    payload = Column(SealedText(FOR_ANOTHER_DESK), nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    next_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime, index=True)
    set_aside_at = Column(UtcDateTime)


class HoursException(Base):
    """The hours of one day, instead of those that follow from weekday and holiday; no intervals: closed.

    Attributes:
        intervals: `[["08:00", "12:00"], …]`, in Riga.
    """

    __tablename__ = "desk_hours_exceptions"

    day = Column(Date, primary_key=True)
    intervals = Column(JSON, nullable=False)
    note = Column(String(200))


class DeskAlert(Base):
    """How often staff were alerted to a request, and when they are next."""

    __tablename__ = "desk_alerts"

    reference = Column(REFERENCE, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    times = Column(Integer, nullable=False)
    alerted_at = Column(UtcDateTime, nullable=False)
    next_at = Column(UtcDateTime, nullable=False)
