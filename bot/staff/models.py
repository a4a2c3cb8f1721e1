"""The tables of the company's people: accounts, one-time links, sessions, attempts to sign in, and the audit."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Text, false
from sqlalchemy.orm import deferred

from bot.storage.engine import Base, UtcDateTime
from bot.storage.sealed_text import SealedText

CODE_SECRET = "staff: secret of one-time codes"  # noqa: S105 (what is sealed)


class StaffAccount(Base):
    """Somebody who may use the console. An account is disabled, never deleted, since the audit names it by its id.

    Attributes:
        login: what is typed to sign in, in lower case.
        name: the first name that customers are shown.
        roles: names of `bot.staff.permissions.StaffRole`.
        languages: in which customers can be answered.
        passphrase: an argon2 hash; None where none was set, or where the company's directory signs in.
        subject: issuer and subject of the company's directory (OIDC), as a keyed hash; None for an account of our own.
        code_secret: of the one-time codes (base32), sealed; None where none was made.
        codes_since: when the person proved to have the secret; codes are asked for from then on.
        code_step: the latest time step whose code was used (RFC 6238), so that none is good twice.
    """

    __tablename__ = "staff_accounts"

    id = Column(Integer, primary_key=True)
    login = Column(String(120), nullable=False, unique=True)
    name = Column(String(60), nullable=False)
    roles = Column(JSON, nullable=False)
    languages = Column(JSON, nullable=False)
    passphrase = Column(Text)
    subject = Column(String(64), unique=True)
    code_secret = deferred(Column(SealedText(CODE_SECRET)))  # opened only where a code is looked at
    codes_since = Column(UtcDateTime)
    code_step = Column(BigInteger)
    is_disabled = Column(Boolean, nullable=False, default=False, server_default=false())
    created_at = Column(UtcDateTime, nullable=False)


class StaffLink(Base):
    """A link that sets a passphrase once. `token` is a keyed hash; the row is deleted when the link is used."""

    __tablename__ = "staff_links"

    token = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True)
    until = Column(UtcDateTime, nullable=False, index=True)


class StaffRecoveryCode(Base):
    """A code that takes the place of a one-time code, once. `code` is a keyed hash; a used one is deleted."""

    __tablename__ = "staff_recovery_codes"

    code = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True)


class StaffSession(Base):
    """Somebody who is signed in. `token` is a keyed hash of what the cookie holds; the row is deleted at signing out.

    Attributes:
        used_at: when something was last done by hand.
        until: when it ends whatever is done.
    """

    __tablename__ = "staff_sessions"

    token = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True)
    began_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime, nullable=False, index=True)
    until = Column(UtcDateTime, nullable=False)


class StaffAttempts(Base):
    """Failed attempts to sign in of one subject: a login at an address, an address, or a login. Keyed hashes.

    Attributes:
        wrong: how many in a row, since `since`.
        until: no attempt is looked at before; None where there is no wait.
    """

    __tablename__ = "staff_attempts"

    subject = Column(String(64), primary_key=True)
    wrong = Column(Integer, nullable=False)
    since = Column(UtcDateTime, nullable=False, index=True)
    until = Column(UtcDateTime)


class StaffAudit(Base):
    """What somebody did, or read. A trigger refuses to change or delete a row; nothing of a customer's is in it.

    Attributes:
        account_id: who; None for an attempt to sign in with an unknown login, and for the command line.
        roles: the roles they had then.
        act: `bot.staff.staff_audit.AuditedAct`.
        about: what it was done to: a reference number, an account's id, a day; never text that somebody wrote.
    """

    __tablename__ = "staff_audit"

    number = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    account_id = Column(Integer, index=True)
    roles = Column(JSON, nullable=False)
    act = Column(String(40), nullable=False)
    about = Column(String(40))
