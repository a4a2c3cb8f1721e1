"""Signing in with login and passphrase, and with a one-time code where the account has them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.keys.sealing import Seal
from bot.staff.models import StaffAccount
from bot.staff.passphrases import hashed_passphrase, is_outdated, is_passphrase
from bot.staff.permissions import roles_of
from bot.staff.sign_in_attempts import count_attempt, count_code, forget_attempts, forget_codes
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_codes import use_code
from bot.staff.staff_sessions import begin_session

Transaction = Callable[[], AbstractContextManager[Session]]
CODE_AWAITED = timedelta(minutes=5)  # after the passphrase
HALF = "staff: half signed in"


@dataclass(frozen=True)
class SignInResult:
    """How signing in went.

    Attributes:
        token: of the new session; None where it was refused, or where a code is still asked for.
        half: proves for `CODE_AWAITED` that the passphrase was right; a one-time code is asked for.
        wait: before the next attempt is looked at; zero where the login, the passphrase or the code was wrong.
        is_late: it must be begun anew, with the passphrase.
    """

    token: str | None = None
    half: str | None = None
    wait: timedelta = timedelta(0)
    is_late: bool = False


def sign_in_with_passphrase(
    transaction: Transaction,
    login: str,
    passphrase: str,
    address: str,
    visitor: str = "",
    *,
    now: datetime | None = None,
) -> SignInResult:
    """Sign in; an unknown login, a wrong passphrase and a disabled account cannot be told apart, also not by time.

    Args:
        transaction: returns a session in a transaction of its own, such as `session_scope`; several are used, so that
            no row is locked while a passphrase is hashed.
        address: of the network, as it is counted.
        visitor: a secret of the browser, to which what comes next is bound.
    """
    now = now or datetime.now(UTC)
    with transaction() as session:
        wait = count_attempt(session, login, address, now=now)
        found = select(StaffAccount).where(StaffAccount.login == login.strip().lower())
        account = session.execute(found).scalars().first()
        number, kept = (account.id, account.passphrase) if account else (None, None)
        if wait:
            note_act(session, AuditedAct.LOCKED_OUT, number, now=now)
            return SignInResult(wait=wait)
        is_able = account is not None and not account.is_disabled
    is_right = is_passphrase(passphrase, kept if is_able else None)
    fresh = hashed_passphrase(passphrase) if is_right and kept and is_outdated(kept) else None
    with transaction() as session:
        if not is_right or number is None:
            note_act(session, AuditedAct.SIGN_IN_REFUSED, number, now=now)
            return SignInResult()
        account = session.get(StaffAccount, number)
        if fresh:
            account.passphrase = fresh
        forget_attempts(session, login, address)
        if account.codes_since is not None:
            return SignInResult(half=_half(account, visitor, now))
        return _begun(session, account, now)


def sign_in_with_code(
    transaction: Transaction, half: str, code: str, visitor: str, *, now: datetime | None = None
) -> SignInResult:
    """Go on with what `sign_in_with_passphrase` began, with a one-time code or a recovery code.

    Args:
        half: as it was given.
        visitor: the same secret of the browser.
    """
    now = now or datetime.now(UTC)
    opened = Seal(HALF, visitor).open(half)
    if not isinstance(opened, list):
        return SignInResult(is_late=True)
    number, until, passphrase = opened
    with transaction() as session:
        account = session.get(StaffAccount, number)
        is_same = account is not None and not account.is_disabled and passphrase == _fingerprint(account)
        if not is_same or account.codes_since is None or now.timestamp() > until:
            return SignInResult(is_late=True)
        # Counted in a transaction of its own, before the code is looked at.
        if wait := count_code(session, number, now=now):
            note_act(session, AuditedAct.LOCKED_OUT, number, now=now)
            return SignInResult(half=half, wait=wait)
    with transaction() as session:
        is_from_app = use_code(session, number, code, now=now)
        if is_from_app is None:
            note_act(session, AuditedAct.CODE_REFUSED, number, now=now)
            return SignInResult(half=half)
        account = session.get(StaffAccount, number, populate_existing=True)
        if not is_from_app:
            note_act(session, AuditedAct.RECOVERY_CODE_USED, number, roles_of(account.roles), now=now)
        forget_codes(session, number)
        return _begun(session, account, now)


def _begun(session: Session, account: StaffAccount, now: datetime) -> SignInResult:
    note_act(session, AuditedAct.SIGNED_IN, account.id, roles_of(account.roles), now=now)
    return SignInResult(begin_session(session, account.id, now=now))


def _half(account: StaffAccount, visitor: str, now: datetime) -> str:
    until = (now + CODE_AWAITED).timestamp()
    return Seal(HALF, visitor).close([account.id, until, _fingerprint(account)])


def _fingerprint(account: StaffAccount) -> str:
    """Differs once the passphrase is set anew: whoever knew the old one does not get in with it."""
    return keyed_hash("staff half signed in", str(account.passphrase))
