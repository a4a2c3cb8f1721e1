"""Signing in with login and passphrase."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff.models import StaffAccount
from bot.staff.passphrases import hashed_passphrase, is_outdated, is_passphrase
from bot.staff.permissions import roles_of
from bot.staff.sign_in_attempts import count_attempt, forget_attempts
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_sessions import begin_session

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class SignInResult:
    """How signing in went.

    Attributes:
        token: of the new session; None where it was refused.
        wait: before the next attempt is looked at; zero where the login or the passphrase was wrong.
    """

    token: str | None = None
    wait: timedelta = timedelta(0)


def sign_in_with_passphrase(
    transaction: Transaction, login: str, passphrase: str, address: str, *, now: datetime | None = None
) -> SignInResult:
    """Sign in; an unknown login, a wrong passphrase and a disabled account cannot be told apart, also not by time.

    Args:
        transaction: returns a session in a transaction of its own, such as `session_scope`; several are used, so that
            no row is locked while a passphrase is hashed.
        address: of the network, as it is counted.
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
        note_act(session, AuditedAct.SIGNED_IN, number, roles_of(account.roles), now=now)
        return SignInResult(begin_session(session, number, now=now))
