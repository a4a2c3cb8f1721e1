"""Keyed hashes (HMAC), stored in the tables in place of values that must not be stored themselves."""

import hashlib
import hmac

from bot.keys.signing import key_for


def keyed_hash(*parts: str) -> str:
    """The HMAC of parts that must not be stored themselves: 64 hexadecimal digits, made with a key of ours."""
    return hmac.new(key_for("verification"), "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def contract_hash(number: str) -> str:
    """The HMAC that replaces a contract number in codes, locks, account dialogues and links to conversations."""
    return keyed_hash("contract", number)
