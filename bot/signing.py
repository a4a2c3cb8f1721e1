"""The key that sessions, buttons and one-time codes are protected with, and keys derived from it."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.settings import PROJECT


def signing_key(path: Path = PROJECT / "var" / "signing.key") -> str:
    """`BOT_SIGNING_KEY`, or what stands in a file that is made on first use, readable by its owner only."""
    given = os.environ.get("BOT_SIGNING_KEY")
    if given:
        return given
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Made only if it is not there, readable by us only; whoever loses the race reads the winner's.
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def key_for(purpose: str) -> bytes:
    """A key of its own for a purpose, so that what is made for one is worthless for another; 32 bytes."""
    return hmac.new(signing_key().encode(), purpose.encode(), hashlib.sha256).digest()
