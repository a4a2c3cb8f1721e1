"""The body and the signature of a webhook: lib/webhooks/trigger.rb of Chatwoot."""

import hashlib
import hmac
import json
from typing import Any

# ActiveSupport's to_json writes these as escapes, so that JSON may stand inside HTML and JavaScript.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def body_of(payload: dict[str, Any]) -> bytes:
    """The payload as Rails serializes it: no spaces, UTF-8, and ``<``, ``>``, ``&`` as escapes."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED).encode()


def signature_of(body: bytes, secret: str, timestamp: str) -> str:
    """The value of X-Chatwoot-Signature: an HMAC over timestamp, full stop and raw body."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def identifier_hash_of(identifier: str, hmac_token: str) -> str:
    """What a contact proves its identifier with, where the inbox demands it."""
    return hmac.new(hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()
