"""Passphrases: what one must be, and their hashes (argon2id, with the parameters of RFC 9106 for little memory)."""

from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200  # characters
FEWEST_DIFFERENT = 6  # characters
_HASHER = PasswordHasher()
# A hash that no known passphrase has, all bits zero: verified where a login is unknown, which then takes as long as a
# wrong passphrase. It is made up, since making one would take 0.3 s at the start of every command.
_PARAMETERS = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
_NOBODYS = f"$argon2id$v=19${_PARAMETERS}${'A' * 22}${'A' * 43}"


class Weakness(StrEnum):
    """Why a passphrase is not accepted."""

    SHORT = "short"
    LONG = "long"
    REPEATED = "repeated"
    LIKE_LOGIN = "like-login"


def weakness_of(passphrase: str, login: str) -> Weakness | None:
    """Why a passphrase cannot be used; None where it can. Length counts (NIST SP 800-63B), not kinds of characters."""
    plain = passphrase.casefold()
    if len(passphrase) < SHORTEST:
        return Weakness.SHORT
    if len(passphrase) > LONGEST:
        return Weakness.LONG
    if len(set(plain)) < FEWEST_DIFFERENT:
        return Weakness.REPEATED
    name = login.partition("@")[0].casefold()
    return Weakness.LIKE_LOGIN if len(plain.replace(name, "")) < SHORTEST // 2 else None


def hashed_passphrase(passphrase: str) -> str:
    """An argon2id hash with its parameters and salt; it takes some 50 ms and 64 MB."""
    return _HASHER.hash(passphrase)


def is_passphrase(passphrase: str, kept: str | None) -> bool:
    """Whether a passphrase is the one of a hash; where there is no hash it takes as long, and is not."""
    try:
        return _HASHER.verify(kept or _NOBODYS, passphrase[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)
