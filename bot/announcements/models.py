"""The table of announcements: every step of each, never changed (a trigger refuses it)."""

from sqlalchemy import JSON, Column, Integer, String, Text

from bot.storage.engine import Base, UtcDateTime


class AnnouncementStep(Base):
    """One step of an announcement: proposed, approved, published, undone …, by whom and when."""

    __tablename__ = "announcement_steps"

    number = Column(Integer, primary_key=True)
    announcement_id = Column(String(80), nullable=False, index=True)
    act = Column(String(20), nullable=False)  # bot.announcements.announcement_steps.Step
    who = Column(String(120), nullable=False)
    why = Column(Text)
    at = Column(UtcDateTime, nullable=False)
    content = Column(JSON)  # of a proposal: the whole announcement
