"""Tables of recorded calls: redacted turns and their analysis."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.storage.engine import Base, UtcDateTime

LOW_CONFIDENCE, OUT_OF_SCOPE, CORRECTED = "low_confidence", "out_of_scope", "corrected"  # problems of a turn
CORRECTION = "correction"  # source of a sentence that a reviewer added, and nobody said in a call (bot review correct)


class RecordedCall(Base):
    """A call that was transcribed and imported.

    Attributes:
        id: of the file that it was read from (`RecordedFile`).
        source: the transcript's format.
        held_at: when the call was held or transcribed; the file's time where the transcript has none.
        model: the model that the call was analysed with.
        language: lv, en or another code; None where it is unknown.
        topics: [{"intent", "confidence", "turns"}] of the customer's turns, the most frequent first.
        requests: intents of what the customer requested, such as request_human.
        answered: whether every question of the customer was followed by an answer; None where roles are not known.
        mood: afraid, angry or thankful, where the customer's words say so.
        summary: one or two sentences generated from these.
        name, words: keyed digests of the recording's name and of all its words, which identify the same call in
            another format (bot/calls/identity.py); None for calls imported before these columns existed.
        begins, ends: seconds of its first and its last turn, where the format has times.
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
    name = Column(String(32))
    words = Column(String(32), index=True)
    begins = Column(Float)
    ends = Column(Float)


class RecordedFile(Base):
    """A file that contains a call, so that it is recognised when it is imported again.

    Attributes:
        id: a keyed digest of its content and its recording's name.
    """

    __tablename__ = "recorded_files"

    id = Column(String(32), primary_key=True)
    call_id = Column(ForeignKey("recorded_calls.id", ondelete="CASCADE"), nullable=False, index=True)


class RecordedTurn(Base):
    """One turn of a speaker; every text is redacted before it is stored here.

    Attributes:
        role: customer or agent; None where it is unknown.
        started, ended: seconds since the call began.
        confidence: the recogniser's, from 0 to 1.
        alternatives: other hypotheses of the recogniser.
        intent, intent_confidence, entities: the model's parse; for customers' turns only.
        problem: low_confidence, out_of_scope or None: why the assistant would not have answered it; corrected: a
            reviewer added it to be learnt (bot review).
        answered: whether an answer followed; for questions only.
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
    """A reviewer's decision about a sentence that was not understood, so that it is not reviewed again.

    Attributes:
        key: a digest of the redacted text without case and diacritics.
        intent: the intent it was accepted as; None where it was rejected.
    """

    __tablename__ = "review_decisions"

    key = Column(String(64), primary_key=True)
    intent = Column(String(60))
    decided_at = Column(UtcDateTime, nullable=False)
    decided_by = Column(String(80), nullable=False)
