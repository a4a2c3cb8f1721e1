"""Lockout after wrong codes: of conversations, addresses, contracts at an address, each as a keyed hash."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.accounts.verification_models import VerificationLock
from bot.storage.engine import inserting

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Locks:
    """Lockouts, in one database session."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        self._session, self._clock = session, clock

    def hold(self, *subjects: str) -> None:
        """Lock the subjects' rows until the transaction ends, so that concurrent requests count one after the other.

        All callers lock the contract first, then the conversation, then the address, so that there is no deadlock.
        """
        for subject in subjects:
            row = inserting(self._session, VerificationLock).values(subject=subject, until=LONG_AGO)
            held = row.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
            self._session.execute(held)

    def left(self, *subjects: str) -> timedelta:
        """How much longer one of the subjects is locked out; zero where none is."""
        now = self._clock()
        of_them = (VerificationLock.subject.in_(subjects), VerificationLock.until > now)
        until = self._session.execute(select(VerificationLock.until).where(*of_them)).scalars().all()
        return max(until) - now if until else timedelta()

    def lock(self, subject: str, time: timedelta) -> None:
        """Lock out a subject whose row is locked; a longer lockout stays."""
        until = self._clock() + time
        shorter = (VerificationLock.subject == subject, VerificationLock.until < until)
        self._session.execute(update(VerificationLock).where(*shorter).values(until=until))
