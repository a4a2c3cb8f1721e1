"""One-time codes of people with a passphrase (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds), as apps make them."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from bot.settings import in_production
from bot.settings.staff_console import STAFF_CODES
from bot.staff.models import StaffAccount, StaffRecoveryCode
from bot.staff.recovery_codes import is_recovery_code, new_recovery_codes
from bot.staff.staff_accounts import StaffPerson
from bot.staff.staff_sessions import end_sessions_of

STEP = 30  # seconds
STEPS_OFF = 1  # by which a phone's clock may differ, either way


@dataclass(frozen=True)
class NewSecret:
    """A secret that is to be put into an authenticator app: as text, and as the address in a QR code."""

    secret: str
    address: str

    @property
    def spaced(self) -> str:
        """In groups of four, to be typed."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


def are_codes_compulsory() -> bool:
    """Whether people with a passphrase must set up codes before they can do anything else."""
    wanted = STAFF_CODES.value()
    return in_production() if wanted is None else wanted


def must_set_up(person: StaffPerson) -> bool:
    """Whether somebody must set up codes first; the company's directory has its own second factor."""
    return not (person.has_codes or person.is_from_directory) and are_codes_compulsory()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, the latest of those that a clock may show now; None: it is none of them."""
    current, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    steps = range(current + STEPS_OFF, current - STEPS_OFF - 1, -1)
    given = code.encode(errors="replace")
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)), None)


def begin_codes(session: Session, person: StaffPerson, issuer: str) -> NewSecret:
    """Make a secret for somebody who has no codes; none is asked for before `confirm_codes`.

    The same secret is given again until then, so that a page that is loaded again does not change it.

    Args:
        issuer: the name that the app shows.
    """
    account = _locked(session, person.id)
    if account.codes_since is None and account.code_secret is None:
        account.code_secret, account.code_step = pyotp.random_base32(), None
    secret = account.code_secret or ""
    return NewSecret(secret, pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=issuer))


def is_begun(session: Session, person: StaffPerson) -> bool:
    """Whether a secret was made that the person has not yet proved to have."""
    account = session.get(StaffAccount, person.id)
    return not person.has_codes and account.code_secret is not None


def confirm_codes(session: Session, person: StaffPerson, code: str, *, now: datetime | None = None) -> list[str] | None:
    """Ask for codes from now on, since a first one is right.

    Returns:
        Recovery codes, which are shown once; None where the code is not right.
    """
    now = now or datetime.now(UTC)
    if not _locked(session, person.id).code_secret or not _use_step(session, person.id, _tidy(code), now):
        return None
    session.get(StaffAccount, person.id).codes_since = now
    return new_recovery_codes(session, person.id)


def use_code(session: Session, account_id: int, given: str, *, now: datetime | None = None) -> bool | None:
    """Use up a one-time code, or a recovery code.

    Returns:
        True for a one-time code, False for a recovery code, None for neither; a code that was used is neither.
    """
    now, tidy = now or datetime.now(UTC), _tidy(given)
    if _use_step(session, account_id, tidy, now):
        return True
    return False if is_recovery_code(session, account_id, tidy) else None


def reset_codes(session: Session, account_id: int) -> None:
    """Ask for no codes any more, as when a phone is lost; signs the account out everywhere."""
    end_sessions_of(session, account_id)
    drop_codes(session, account_id)


def drop_codes(session: Session, account_id: int) -> None:
    """Forget secret and recovery codes."""
    account = _locked(session, account_id)
    account.code_secret = account.codes_since = account.code_step = None
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account_id))


def _use_step(session: Session, account_id: int, code: str, now: datetime) -> bool:
    account = session.get(StaffAccount, account_id)
    step = step_of(account.code_secret, code, now) if account and account.code_secret else None
    if step is None:
        return False
    # One UPDATE, so that of two who use the same code at once one does.
    unused = or_(StaffAccount.code_step.is_(None), StaffAccount.code_step < step)
    used = update(StaffAccount).where(StaffAccount.id == account_id, unused).values(code_step=step)
    return bool(session.execute(used.execution_options(synchronize_session=False)).rowcount)


def _tidy(given: str) -> str:
    return "".join(given.split()).replace("-", "").upper()


def _locked(session: Session, account_id: int) -> StaffAccount:
    found: StaffAccount = session.get(StaffAccount, account_id, with_for_update=True, populate_existing=True)
    return found
