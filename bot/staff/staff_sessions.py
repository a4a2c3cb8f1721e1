"""Sessions of people who are signed in: kept on the server, ended by idleness, by age, and by hand."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.staff.models import StaffAccount, StaffSession
from bot.staff.staff_accounts import StaffPerson, person_of

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(seconds=60)  # that a session is used is written no more often


def begin_session(session: Session, account_id: int, *, now: datetime | None = None) -> str:
    """The token of a new session, for the cookie; only its keyed hash is stored."""
    now = now or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    times = {"began_at": now, "used_at": now, "until": now + LONGEST}
    session.add(StaffSession(token=_kept(token), account_id=account_id, **times))
    return token


# Built once: every request to the console runs it.
_SIGNED_IN = (
    select(StaffAccount, StaffSession.used_at)
    .join(StaffSession, StaffSession.account_id == StaffAccount.id)
    .where(
        StaffSession.token == bindparam("token"),
        StaffSession.used_at > bindparam("idle_since"),
        StaffSession.until > bindparam("now"),
        StaffAccount.is_disabled.is_(False),
    )
)


def signed_in_person(
    session: Session, token: str, *, by_hand: bool = True, now: datetime | None = None
) -> StaffPerson | None:
    """Who is signed in with a token; None where the session has ended or the account is disabled.

    Args:
        by_hand: whether the person did something; a page that only keeps itself up to date does not keep a session.
    """
    now = now or datetime.now(UTC)
    row = session.execute(_SIGNED_IN, {"token": _kept(token), "idle_since": now - IDLE, "now": now}).first()
    if row is None:
        return None
    account, used_at = row
    if by_hand and now - used_at > NOTED_EVERY:
        session.execute(update(StaffSession).where(StaffSession.token == _kept(token)).values(used_at=now))
    return person_of(account)


def end_session(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(delete(StaffSession).where(StaffSession.token == _kept(token)))


def end_sessions_of(session: Session, account_id: int) -> None:
    """Sign an account out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.account_id == account_id))


def ended(now: datetime) -> object:
    """The condition of sessions that have ended, for the purge."""
    return or_(StaffSession.until < now, StaffSession.used_at < now - IDLE)


def form_token(token: str) -> str:
    """What every form of a session carries (CSRF): a keyed hash of its token, so that nothing more is stored."""
    return keyed_hash("staff form", token)


def is_form_token(given: str, token: str) -> bool:
    """Whether it is the session's, in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), form_token(token).encode())


def _kept(token: str) -> str:
    return keyed_hash("staff session", token)
