"""Whose conversation a request belongs to: a signed token, never the client's word."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sanic.request import Request

from bot.settings import LANGUAGES

ALGORITHM = "HS256"
BEARER = "Bearer "


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session.

    Attributes:
        secret: known to the visitor's browser only; what is kept of the chat is sealed with it.
        language: of the page that the chat stands on, for what nothing else tells the language of.
    """

    conversation: str
    secret: str
    language: str | None


class Signer:
    """Signs and reads sessions, which are good for a time."""

    def __init__(self, key: str, lifetime: timedelta) -> None:
        self._key, self._lifetime = key, lifetime

    def session(self, language: str | None = None) -> str:
        """A token for a new conversation."""
        content: dict[str, Any] = {"sub": secrets.token_urlsafe(18), "use": "session"}
        content |= {"secret": secrets.token_urlsafe(32), "exp": datetime.now(UTC) + self._lifetime}
        return jwt.encode(content | ({"language": language} if language else {}), self._key, ALGORITHM)

    def visitor(self, token: object) -> Visitor | None:
        """Whose session it is, or None for a token that is not ours, or no longer good."""
        content = self._read(token)
        if content is None:
            return None
        language = content.get("language")
        return Visitor(content["sub"], str(content.get("secret")), language if language in LANGUAGES else None)

    def of_request(self, request: Request) -> Visitor | None:
        """Whose request it is, by its bearer token."""
        given = request.headers.get("Authorization", "")
        return self.visitor(given.removeprefix(BEARER)) if given.startswith(BEARER) else None

    def _read(self, token: object) -> dict[str, Any] | None:
        if not isinstance(token, str):
            return None
        try:
            content: dict[str, Any] = jwt.decode(token, self._key, [ALGORITHM], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            return None
        return content if content.get("use") == "session" else None
