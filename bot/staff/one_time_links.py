"""One-time links that set a passphrase: only a keyed hash of a link is stored, and it is good once, for a while."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.staff.models import StaffAccount, StaffLink, StaffSession
from bot.staff.passphrases import hashed_passphrase
from bot.staff.staff_accounts import StaffError, StaffPerson, person_of

LINK_LIFE = timedelta(hours=48)


def make_link(session: Session, account: StaffAccount, *, now: datetime | None = None) -> str:
    """A token that sets the account's passphrase once within 48 hours; earlier ones of the account are void.

    Raises:
        StaffError: the account is disabled, or the company's directory signs it in.
    """
    if account.is_disabled:
        raise StaffError(f"The account {account.login!r} is disabled.")
    if account.subject is not None:
        raise StaffError(f"{account.login!r} signs in with the company's directory and has no passphrase here.")
    session.execute(delete(StaffLink).where(StaffLink.account_id == account.id))
    token = secrets.token_urlsafe(32)
    session.add(StaffLink(token=_kept(token), account_id=account.id, until=(now or datetime.now(UTC)) + LINK_LIFE))
    return token


def owner_of_link(session: Session, token: str, *, now: datetime | None = None) -> StaffPerson | None:
    """Whose link it is; None where it is unknown, used or too old."""
    good = (StaffLink.token == _kept(token), StaffLink.until > (now or datetime.now(UTC)))
    found = select(StaffAccount).join(StaffLink, StaffLink.account_id == StaffAccount.id).where(*good)
    account = session.execute(found.where(StaffAccount.is_disabled.is_(False))).scalars().first()
    return person_of(account) if account else None


def use_link(session: Session, token: str, passphrase: str, *, now: datetime | None = None) -> StaffPerson | None:
    """Set the passphrase; the link is used up, and the account is signed out everywhere. None as `owner_of_link`."""
    owner = owner_of_link(session, token, now=now)
    if owner is None or not _used_up(session, token):
        return None
    account = session.get(StaffAccount, owner.id)
    account.passphrase = hashed_passphrase(passphrase)
    session.execute(delete(StaffSession).where(StaffSession.account_id == owner.id))
    return owner


def _used_up(session: Session, token: str) -> bool:
    """Whether it is this transaction that deleted the link: of two at once, one."""
    done = session.execute(
        delete(StaffLink).where(StaffLink.token == _kept(token)).execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)


def _kept(token: str) -> str:
    return keyed_hash("staff link", token)
