"""Limits of signing in: waits that grow with wrong attempts, counted before they are looked at.

Three counts: of a login at an address, of an address, and of a login anywhere. The last one is wide, so that a stranger
who knows a login cannot keep its owner out for long. One-time codes have a count of their own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.staff.models import StaffAttempts
from bot.storage.engine import inserting

WINDOW = timedelta(hours=1)  # after which a count starts again


@dataclass(frozen=True)
class _Limit:
    """How many wrong attempts are free, and how long the waits after further ones are: doubled up to a longest."""

    name: str
    free: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait(self, wrong: int) -> timedelta:
        if wrong < self.free:
            return timedelta(0)
        doubled: timedelta = self.first_wait * 2 ** min(wrong - self.free, 16)
        return min(doubled, self.longest_wait)


AT_ADDRESS = _Limit("login at address", 5, timedelta(seconds=15), timedelta(minutes=30))
OF_ADDRESS = _Limit("address", 20, timedelta(minutes=5), timedelta(hours=1))
OF_LOGIN = _Limit("login", 50, timedelta(minutes=1), timedelta(minutes=5))
# Of an account anywhere: only who knows its passphrase gets so far. Some ten guesses an hour, three codes of a million.
OF_CODE = _Limit("one-time code", 5, timedelta(minutes=1), timedelta(hours=1))


def count_attempt(session: Session, login: str, address: str, *, now: datetime | None = None) -> timedelta:
    """Count an attempt as wrong before its passphrase is looked at.

    It is one transaction of its own, committed before; of attempts at once each waits for the others' counts.

    Returns:
        How long to wait; zero where the attempt may be looked at now.
    """
    now = now or datetime.now(UTC)
    waits = [_count(session, limit, subject, now) for limit, subject in _subjects(login, address)]
    return max(waits)


def count_code(session: Session, account_id: int, *, now: datetime | None = None) -> timedelta:
    """Count a one-time code as wrong before it is looked at, as `count_attempt` does; returns how long to wait."""
    return _count(session, OF_CODE, _of_codes(account_id), now or datetime.now(UTC))


def forget_codes(session: Session, account_id: int) -> None:
    """The code was right, or there is a new secret: the count starts afresh."""
    session.execute(delete(StaffAttempts).where(StaffAttempts.subject == _of_codes(account_id)))


def forget_attempts(session: Session, login: str, address: str) -> None:
    """The attempt was right: it does not count, and the login starts afresh at this address."""
    (_, at_address), *others = _subjects(login, address)
    session.execute(delete(StaffAttempts).where(StaffAttempts.subject == at_address))
    of_others = StaffAttempts.subject.in_([subject for _, subject in others])
    session.execute(
        update(StaffAttempts).where(of_others, StaffAttempts.wrong > 0).values(wrong=StaffAttempts.wrong - 1)
    )


def without_effect(now: datetime) -> object:
    """The condition of counts that have no effect any more, for the purge."""
    return StaffAttempts.since < now - 2 * WINDOW


def _subjects(login: str, address: str) -> list[tuple[_Limit, str]]:
    login = login.strip().lower()
    named = ((AT_ADDRESS, (login, address)), (OF_ADDRESS, (address,)), (OF_LOGIN, (login,)))
    return [(limit, keyed_hash("staff attempts", limit.name, *parts)) for limit, parts in named]


def _of_codes(account_id: int) -> str:
    return keyed_hash("staff attempts", OF_CODE.name, str(account_id))


def _count(session: Session, limit: _Limit, subject: str, now: datetime) -> timedelta:
    new = inserting(session, StaffAttempts).values(subject=subject, wrong=0, since=now)
    session.execute(new.on_conflict_do_nothing(index_elements=[StaffAttempts.subject]))
    row = session.execute(select(StaffAttempts).where(StaffAttempts.subject == subject).with_for_update()).scalar_one()
    if row.until and row.until > now:
        return row.until - now  # type: ignore[no-any-return]
    if row.since < now - WINDOW:
        row.wrong, row.since = 0, now
    row.wrong += 1
    wait = limit.wait(row.wrong)
    row.until = now + wait if wait else None
    return timedelta(0)
