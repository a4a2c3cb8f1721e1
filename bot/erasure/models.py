"""The audit table of erasures: what was erased, when, and by whom."""

from sqlalchemy import JSON, Column, Integer, String

from bot.storage.engine import Base, UtcDateTime


class PrivacyAudit(Base):
    """One erasure.

    Attributes:
        subject: a keyed hash (HMAC) of what was erased, or for a purge the age, such as `30d`.
        erased: the number of rows by table.
        operator: who did it.
    """

    __tablename__ = "privacy_audit"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    action = Column(String(40), nullable=False)
    subject = Column(String(64), nullable=False)
    erased = Column(JSON, nullable=False)
    operator = Column(String(80), nullable=False)
