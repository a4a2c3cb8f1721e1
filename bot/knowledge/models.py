"""Tables of the knowledge: sources, events, fact records and their versions."""

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, Text, false
from sqlalchemy.orm import declared_attr, relationship

from bot.storage.engine import Base, UtcDateTime


class FactSource(Base):
    """Where facts come from: a published text with title, address and date."""

    __tablename__ = "fact_sources"

    id = Column(String(80), primary_key=True)
    titles = Column(JSON, nullable=False)  # {"lv": …, "en": …}
    spoken_titles = Column(JSON, nullable=False)
    url = Column(String(500))
    published_on = Column(Date)


class EventColumns:
    """The columns that an event and each of its versions have."""

    names = Column(JSON, nullable=False)  # {"lv": nominative, "en": …}
    cases = Column(JSON)  # the other cases of the Latvian name: {"genitive": …, "accusative": …}
    began_on = Column(Date, nullable=False)
    ended_on = Column(Date)  # the last day on which it was still in force
    official_end = Column(Date)  # the last day that an authority set; after it, answers add a caution
    # The day from which the version was known; None: as early as the event began.
    known_from = Column(Date)
    # Taken back (undone): as if there were no such event.
    retracted = Column(Boolean, nullable=False, default=False, server_default=false())
    announcement_id = Column(String(80))  # the announcement that made this version
    number = Column(Integer, nullable=False, default=1, server_default="1")  # of the version, from 1


class EmergencyEvent(EventColumns, Base):
    """A situation that facts depend on, open until it is ended: its last version."""

    __tablename__ = "emergency_events"

    id = Column(String(80), primary_key=True)
    changed_by = Column(String(120))
    changed_at = Column(UtcDateTime)


class EventVersion(EventColumns, Base):
    """A version of an event, as it was or is; written with each change and never changed (a trigger refuses it)."""

    __tablename__ = "event_versions"

    event_id = Column(String(80), primary_key=True)
    number = Column(Integer, primary_key=True, autoincrement=False)
    act = Column(String(20), nullable=False)  # bot.knowledge.event_versions.EventAct
    who = Column(String(120), nullable=False)
    why = Column(Text)
    changed_at = Column(UtcDateTime, nullable=False)


class PlaceColumns:
    """The columns that a place and each of its versions have: its names, and the words by which it is recognised."""

    names = Column(JSON, nullable=False)  # {"lv": nominative, "en": …}
    cases = Column(JSON)  # the other cases of the Latvian name
    called = Column(JSON, nullable=False)  # [other names and slips]
    known_from = Column(Date, nullable=False)
    # Taken back or withdrawn: from then on as if there were no such place.
    retracted = Column(Boolean, nullable=False, default=False, server_default=false())
    announcement_id = Column(String(80), nullable=False)  # the announcement that made this version
    number = Column(Integer, nullable=False, default=1, server_default="1")  # of the version, from 1
    changed_at = Column(UtcDateTime, nullable=False)


class PublishedPlace(PlaceColumns, Base):
    """A place that an announcement brought: its last version."""

    __tablename__ = "published_places"

    id = Column(String(80), primary_key=True)


class PlaceVersion(PlaceColumns, Base):
    """A version of a place, as it was or is; written with each change and never changed (a trigger refuses it)."""

    __tablename__ = "place_versions"

    place_id = Column(String(80), primary_key=True)
    number = Column(Integer, primary_key=True, autoincrement=False)
    act = Column(String(20), nullable=False)  # bot.knowledge.place_versions.PlaceAct
    who = Column(String(120), nullable=False)
    why = Column(Text)


class FactContent:
    """The columns that a fact and each of its versions have: what is said, of what, and on which days."""

    key = Column(String(80), nullable=False, index=True)
    kind = Column(String(20), nullable=False)
    rows = Column(JSON, nullable=False)
    quote = Column(Text)
    texts = Column(JSON, nullable=False)
    shorts = Column(JSON)
    ended_texts = Column(JSON)
    coming_texts = Column(JSON)  # said from the day on which it is known until the day before it begins
    coming_shorts = Column(JSON)
    covers = Column(JSON)  # {key of an answer: {"coming": opening, "then": opening}}: answers that it takes over
    valid_from = Column(Date, nullable=False)
    valid_until = Column(Date)  # the last day on which it is valid
    withdrawn_from = Column(Date)  # the first day on which it is no longer valid
    replaced_by = Column(String(80))
    approved_by = Column(String(120), nullable=False)
    from_files = Column(Boolean, nullable=False)
    # Withdrawn only because it left the files, not by an operator: it is valid again when it returns to the files.
    left_files = Column(Boolean, nullable=False, default=False, server_default=false())
    # The day from which the version was known; None: as early as the record is valid.
    known_from = Column(Date)
    # Taken back (undone): as if there were no such record.
    retracted = Column(Boolean, nullable=False, default=False, server_default=false())
    announcement_id = Column(String(80))  # the announcement that made this version
    number = Column(Integer, nullable=False, default=1, server_default="1")  # of the version, from 1
    changed_at = Column(UtcDateTime, nullable=False)

    @declared_attr
    def source_id(cls) -> Any:  # noqa: N805 (SQLAlchemy passes the class)
        """The source of what is said."""
        return Column(String(80), ForeignKey("fact_sources.id"), nullable=False)

    @declared_attr
    def until_event_id(cls) -> Any:  # noqa: N805 (SQLAlchemy passes the class)
        """The event with whose end it ends."""
        return Column(String(80), ForeignKey("emergency_events.id"))

    @declared_attr
    def source(cls) -> Any:  # noqa: N805 (SQLAlchemy passes the class)
        """The row of the source."""
        return relationship(FactSource)

    @declared_attr
    def until_event(cls) -> Any:  # noqa: N805 (SQLAlchemy passes the class)
        """The row of the event."""
        return relationship(EmergencyEvent)


class Fact(FactContent, Base):
    """One statement that the assistant may make, with its source and the days on which it is valid: its last version.

    Several records may share a `key` (the slot in an answer that they fill); at most one of them is valid on a day.
    """

    __tablename__ = "facts"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR until_event_id IS NULL", name="one_end"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="order"),
    )

    id = Column(String(80), primary_key=True)


class FactVersion(FactContent, Base):
    """A version of a fact, as it was or is; written with each change and never changed (a trigger refuses it)."""

    __tablename__ = "fact_versions"

    fact_id = Column(String(80), primary_key=True)
    number = Column(Integer, primary_key=True, autoincrement=False)
    act = Column(String(20), nullable=False)  # bot.knowledge.fact_versions.VersionAct
    who = Column(String(120), nullable=False)
    why = Column(Text)


class TopicQuestions(Base):
    """How customers ask about the facts of a key, which makes it a topic (`bot.knowledge.published_topics`)."""

    __tablename__ = "topic_questions"

    key = Column(String(80), primary_key=True)
    titles = Column(JSON, nullable=False)  # of its button: {"lv": …, "en": …}
    questions = Column(JSON, nullable=False)  # examples: {"lv": [sentence, …], "en": […]}
    changed_at = Column(UtcDateTime, nullable=False)


class KnowledgeVersion(Base):
    """The version of the other tables, one row; database triggers change it whenever one of them changes."""

    __tablename__ = "knowledge_version"

    id = Column(Integer, primary_key=True)
    version = Column(String(32), nullable=False)
