"""Accounts of the company's people: made, found, changed, disabled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.settings import LANGUAGES
from bot.staff.models import StaffAccount, StaffLink, StaffSession
from bot.staff.permissions import StaffRole, roles_of

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,118}[a-z0-9]")
LONGEST_NAME = 60  # characters


class StaffError(ValueError):
    """An account cannot be made or changed so; the message says why and what to do."""


@dataclass(frozen=True)
class StaffPerson:
    """One of the company's people, as console and commands know them; `has_codes`: one-time codes are asked for."""

    id: int
    login: str
    name: str
    roles: frozenset[StaffRole]
    languages: tuple[str, ...]
    is_disabled: bool
    has_passphrase: bool
    is_from_directory: bool
    has_codes: bool


def add_account(
    session: Session, login: str, name: str, roles: Iterable[StaffRole], languages: Iterable[str] = LANGUAGES
) -> StaffPerson:
    """Make an account, without a passphrase.

    Raises:
        StaffError: the login, the name or the roles cannot be used, or the login is taken.
    """
    login, name = login.strip().lower(), " ".join(name.split())
    if not LOGIN.fullmatch(login):
        raise StaffError(f"{login!r} is no login; use 3 to 120 small letters, digits and . _ @ + -.")
    _check_name(name)
    if session.execute(select(StaffAccount.id).where(StaffAccount.login == login)).first():
        raise StaffError(f"There is an account {login!r} already.")
    account = StaffAccount(login=login, name=name, created_at=datetime.now(UTC))
    _put_roles(account, roles)
    account.languages = _known(languages)
    session.add(account)
    session.flush()
    return person_of(account)


def person_of(account: StaffAccount) -> StaffPerson:
    """The account as a value."""
    return StaffPerson(
        account.id,
        account.login,
        account.name,
        roles_of(account.roles),
        tuple(account.languages),
        account.is_disabled,
        account.passphrase is not None,
        account.subject is not None,
        account.codes_since is not None,
    )


def person_in(session: Session, account_id: int) -> StaffPerson:
    """The person of an account, as it is now.

    Raises:
        StaffError: there is no such account.
    """
    account = session.get(StaffAccount, account_id, populate_existing=True)
    if account is None:
        raise StaffError("There is no such account.")
    return person_of(account)


def everybody(session: Session) -> list[StaffPerson]:
    """All accounts by login, the disabled ones too."""
    return [person_of(one) for one in session.execute(select(StaffAccount).order_by(StaffAccount.login)).scalars()]


def is_anybody_there(session: Session) -> bool:
    """Whether there is any account."""
    return session.execute(select(StaffAccount.id).limit(1)).first() is not None


def account_named(session: Session, login: str) -> StaffAccount:
    """The account of a login.

    Raises:
        StaffError: there is none.
    """
    wanted = select(StaffAccount).where(StaffAccount.login == login.strip().lower())
    found: StaffAccount | None = session.execute(wanted).scalars().first()
    if found is None:
        raise StaffError(f"There is no account {login!r}; 'bot staff list' shows them.")
    return found


def change_account(
    session: Session,
    account_id: int,
    *,
    name: str | None = None,
    roles: Iterable[StaffRole] | None = None,
    languages: Iterable[str] | None = None,
    is_disabled: bool | None = None,
) -> StaffPerson:
    """Change an account; one that is disabled is signed out everywhere, and its links are void.

    Raises:
        StaffError: there is no such account, the values cannot be used, or nobody could manage accounts afterwards.
    """
    account = session.get(StaffAccount, account_id, with_for_update=True)
    if account is None:
        raise StaffError("There is no such account.")
    if name is not None:
        _check_name(name := " ".join(name.split()))
        account.name = name
    if roles is not None:
        _put_roles(account, roles)
    if languages is not None:
        account.languages = _known(languages)
    if is_disabled is not None:
        account.is_disabled = is_disabled
    session.flush()
    if not _administrators(session):
        raise StaffError("This is the last administrator; make another one first.")
    if account.is_disabled:
        for table in (StaffSession, StaffLink):
            session.execute(delete(table).where(table.account_id == account_id))
    return person_of(account)


def person_from_directory(
    session: Session, issuer: str, subject: str, login: str, name: str, roles: frozenset[StaffRole]
) -> StaffPerson | None:
    """The account of somebody whom the company's directory has signed in: made at the first time, roles as it says.

    Returns:
        None where the account is disabled here.

    Raises:
        StaffError: it has no role, its name or login cannot be used, or the login is that of an account of our own.
    """
    key = keyed_hash("staff subject", issuer, subject)
    account = session.execute(select(StaffAccount).where(StaffAccount.subject == key)).scalars().first()
    if account is None:
        made = add_account(session, login, name, roles)
        session.execute(update(StaffAccount).where(StaffAccount.id == made.id).values(subject=key))
        account = session.get(StaffAccount, made.id, populate_existing=True)
    elif set(account.roles) != set(roles):
        _put_roles(account, roles)
    return None if account.is_disabled else person_of(account)


def _administrators(session: Session) -> int:
    able = select(StaffAccount.roles).where(StaffAccount.is_disabled.is_(False))
    return sum(StaffRole.ADMINISTRATOR.value in roles for roles in session.execute(able).scalars())


def _put_roles(account: StaffAccount, roles: Iterable[StaffRole]) -> None:
    names = sorted(role.value for role in roles)
    if not names:
        raise StaffError(f"An account has at least one role: {', '.join(StaffRole)}.")
    account.roles = names


def _known(languages: Iterable[str]) -> list[str]:
    found = [each for each in LANGUAGES if each in set(languages)]
    if not found:
        raise StaffError(f"An account has at least one language: {', '.join(LANGUAGES)}.")
    return found


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise StaffError(f"The name that customers see has 1 to {LONGEST_NAME} characters.")
