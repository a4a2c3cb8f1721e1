"""Encryption of what customers say, so that the database alone does not reveal it."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from bot.keys.signing import key_for


class Seal:
    """Encrypts content for one purpose (Fernet), with a key of the server and optionally somebody's secret."""

    def __init__(self, purpose: str, secret: str = "") -> None:
        key = hmac.new(key_for(purpose), secret.encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, content: Any) -> str:
        """JSON content, encrypted."""
        return self._fernet.encrypt(json.dumps(content).encode()).decode()

    def open(self, sealed: str | None) -> Any:
        """The decrypted content; None where there is none, or where it was sealed with another key."""
        try:
            return json.loads(self._fernet.decrypt(sealed.encode(errors="replace"))) if sealed else None
        except InvalidToken:
            return None
