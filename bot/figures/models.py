"""Tables of figures. Counts contain nothing of a customer; a conversation's facts are erased with the conversation."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, String, Text, false

from bot.storage.engine import Base, UtcDateTime

_FEW = String(40)  # a count's channel and what it counts
# On SQLite in the order of the key, so that a year is read in one go.
_BY_KEY = {"sqlite_with_rowid": False}
_NAME, _LANGUAGE = String(80), String(8)


class FigureCount(Base):
    """How often something happened in a quarter of an hour.

    Attributes:
        at: when the quarter of an hour began.
        what: a `bot.figures.counted_things.Counted`.
        name: which one, such as an intent; "" where there is only one.
        language: lv, en, or "" where it is unknown.
    """

    __tablename__ = "figure_counts"
    __table_args__ = _BY_KEY

    at = Column(UtcDateTime, primary_key=True)
    what = Column(_FEW, primary_key=True)
    name = Column(_NAME, primary_key=True)
    channel = Column(_FEW, primary_key=True)
    language = Column(_LANGUAGE, primary_key=True)
    count = Column(BigInteger, nullable=False)


class FigureDay(Base):
    """The sums of a day in Riga, made of `FigureCount` once the day is over, so that a year is read at once."""

    __tablename__ = "figure_days"
    __table_args__ = _BY_KEY

    day = Column(Date, primary_key=True)
    what = Column(_FEW, primary_key=True)
    name = Column(_NAME, primary_key=True)
    channel = Column(_FEW, primary_key=True)
    language = Column(_LANGUAGE, primary_key=True)
    count = Column(BigInteger, nullable=False)


class FoldedDay(Base):
    """A day whose sums are in `FigureDay`. What is counted for it later erases this row, and it is summed again."""

    __tablename__ = "figure_folded_days"

    day = Column(Date, primary_key=True)


class FigureCursor(Base):
    """The number of the latest event of the desk that was counted, in one row that each count locks."""

    __tablename__ = "figure_cursor"

    id = Column(Integer, primary_key=True)
    number = Column(BigInteger, nullable=False)


class ConversationFacts(Base):
    """What became of one conversation, without what was said; erased with the conversation.

    Attributes:
        begun_at: of its first message; after a break (`session_config` of `domain.yml`) it begins anew.
        first_topic: the intent of the first message.
    """

    __tablename__ = "conversation_facts"

    conversation_id = Column(String(255), primary_key=True)
    begun_at = Column(UtcDateTime, primary_key=True, index=True)
    last_at = Column(UtcDateTime, nullable=False)
    channel = Column(_FEW, nullable=False)
    language = Column(_LANGUAGE, nullable=False)
    first_topic = Column(_NAME, nullable=False)
    turns = Column(Integer, nullable=False)
    answered = Column(Integer, nullable=False)
    asked_back = Column(Integer, nullable=False)
    not_understood = Column(Integer, nullable=False)
    out_of_scope = Column(Integer, nullable=False)
    failed = Column(Integer, nullable=False)
    handed_over = Column(Boolean, nullable=False, default=False, server_default=false())


class SurgeNotice(Base):
    """A surge that staff were told of.

    Attributes:
        kind: a `bot.figures.surges.SurgeKind`.
        name: the intent, the place, or the sentence in the middle of a cluster.
        count: in the last half hour when it was highest; `usual`: at such an hour of the week.
        examples: redacted sentences, one a line.
        ended_at: when it was no longer far above the usual.
        dismissed_by: the login of who has said that it needs nothing more.
    """

    __tablename__ = "surge_notices"

    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)
    name = Column(String(200), nullable=False)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    seen_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)
    count = Column(Integer, nullable=False)
    usual = Column(Float, nullable=False)
    examples = Column(Text, nullable=False)
    dismissed_at = Column(UtcDateTime)
    dismissed_by = Column(String(80))
