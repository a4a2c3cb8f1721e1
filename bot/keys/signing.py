"""The signing key, which protects sessions, buttons and one-time codes, and keys derived from it."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT
from bot.settings.servers import SIGNING_KEY


def signing_key(path: Path = PROJECT / "var" / "signing.key") -> str:
    """`BOT_SIGNING_KEY`, or the content of a file that is made on first use, readable by its owner only."""
    return SIGNING_KEY.value() or kept_secret(path, lambda: secrets.token_urlsafe(48))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The content of a file that is made on first use, readable by its owner only; ASCII."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written under another name first: the loser of a race reads the winner's file, and nobody reads half of one.
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(make())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links: two processes that first start at once may use different keys
            os.replace(made, path)
        made.unlink(missing_ok=True)
    return path.read_text(encoding="ascii")


def key_for(purpose: str) -> bytes:
    """A derived key for one purpose, 32 bytes, so that what is made for one purpose is useless for another."""
    return hmac.new(signing_key().encode(), purpose.encode(), hashlib.sha256).digest()
