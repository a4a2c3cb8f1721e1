"""Whether a webhook comes from our inbox of Chatwoot, and is not an old one that somebody sends again."""

import hashlib
import hmac
import time
from collections.abc import Callable

SIGNATURE, TIMESTAMP = "X-Chatwoot-Signature", "X-Chatwoot-Timestamp"
OLDEST = 300.0  # seconds that a webhook may be old, or that the clocks may differ


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, clock: Callable[[], float] = time.time) -> bool:
    """Whether a signature is right and not too old: `sha256=` HMAC-SHA256 over timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        return False
    # Only what Chatwoot signed gets here.
    return timestamp.isascii() and timestamp.isdecimal() and abs(clock() - int(timestamp)) <= OLDEST
