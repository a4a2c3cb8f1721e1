"""Tables of recorded calls: what was said, redacted, and what was made of it."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime

LOW_CONFIDENCE, OUT_OF_SCOPE, CORRECTED = "low_confidence", "out_of_scope", "corrected"  # problems of a turn
CORRECTION = "correction"  # source of what nobody said in a call, but a person added (bot review correct)


class RecordedCall(Base):
    """A call that was transcribed and imported.

    Attributes:
        id: of the transcript's bytes, so that the same file is known when it comes again.
        source: the transcript's format.
        held_at: when the call was; of the file where the transcript does not say.
        model: the model that the call was analysed with.
        language: lv, en or another code; None where it cannot be told.
        topics: [{"intent", "confidence", "turns"}] of the customer's turns, the most frequent first.
        requests: intents by which the customer wanted something done, such as request_human.
        answered: whether every question of the customer was followed by an answer; None where roles are not known.
        mood: afraid, angry or thankful, where the customer's words say so.
        summary: a sentence or two made from these.
    """

    __tablename__ = "recorded_calls"

    id = Column(String(32), primary_key=True)
    source = Column(String(40), nullable=False)
    held_at = Column(UtcDateTime, nullable=False, index=True)
    imported_at = Column(UtcDateTime, nullable=False)
    model = Column(String(80), nullable=False)
    language = Column(String(8))
    topics = Column(JSON, nullable=False)
    requests = Column(JSON, nullable=False)
    answered = Column(Boolean)
    mood = Column(String(20))
    summary = Column(Text, nullable=False)


class RecordedTurn(Base):
    """What one speaker said at a time; every text is redacted before it gets here.

    Attributes:
        role: customer or agent; None where it cannot be told.
        started, ended: seconds since the call began.
        confidence: the recogniser's, from 0 to 1.
        alternatives: other guesses of the recogniser.
        intent, intent_confidence, entities: as the model understands the turn; of a customer's only.
        problem: low_confidence, out_of_scope or None: why the assistant would not have answered it; corrected: a person
            added it to be learnt (bot review).
        answered: whether an answer followed; of questions only.
    """

    __tablename__ = "recorded_turns"
    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        Index("ix_recorded_turns_problem", "problem"),
    )

    id = Column(Integer, primary_key=True)
    call_id = Column(ForeignKey("recorded_calls.id", ondelete="CASCADE"), nullable=False)
    position = Column(Integer, nullable=False)
    role = Column(String(10))
    started = Column(Float)
    ended = Column(Float)
    text = Column(Text, nullable=False)
    confidence = Column(Float)
    alternatives = Column(JSON, nullable=False)
    language = Column(String(8))
    intent = Column(String(60))
    intent_confidence = Column(Float)
    entities = Column(JSON, nullable=False)
    problem = Column(String(20))
    answered = Column(Boolean)


class ReviewDecision(Base):
    """What a person decided of a turn that was not understood, so that it is not asked about again.

    Attributes:
        key: of the redacted text, without case and diacritics.
        intent: what it was accepted as; None where it was rejected.
    """

    __tablename__ = "review_decisions"

    key = Column(String(64), primary_key=True)
    intent = Column(String(60))
    decided_at = Column(UtcDateTime, nullable=False)
    decided_by = Column(String(80), nullable=False)
