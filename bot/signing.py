"""The key that sessions, buttons and one-time codes are protected with, and keys derived from it."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT, secret


def signing_key(path: Path = PROJECT / "var" / "signing.key") -> str:
    """`BOT_SIGNING_KEY`, or what stands in a file that is made on first use, readable by its owner only."""
    return secret("BOT_SIGNING_KEY") or kept_secret(path, lambda: secrets.token_urlsafe(48))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """What a file holds that is made on first use, readable by its owner only; ASCII."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole under another name first: whoever loses the race reads the winner's, and nobody half of one.
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(make())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links; there, two that start at once for the first time may differ
            os.replace(made, path)
        made.unlink(missing_ok=True)
    return path.read_text(encoding="ascii")


def key_for(purpose: str) -> bytes:
    """A key of its own for a purpose, so that what is made for one is worthless for another; 32 bytes."""
    return hmac.new(signing_key().encode(), purpose.encode(), hashlib.sha256).digest()
