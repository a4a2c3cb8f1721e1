"""Authentication of visitors: a signed token (JWT) says whose conversation a request belongs to, never the client."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from sanic.request import Request

from bot.channels.http.bearer_tokens import bearer_token
from bot.settings import LANGUAGES

ALGORITHM = "HS256"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session.

    Attributes:
        secret: known to the visitor's browser only; the stored turns are encrypted with it.
        language: of the page that contains the chat, used where nothing else tells the language.
    """

    conversation: str
    secret: str
    language: str | None


class Signer:
    """Signs and verifies session tokens, which expire."""

    def __init__(self, key: str, lifetime: timedelta) -> None:
        self._key, self._lifetime = key, lifetime

    def session(self, language: str | None = None) -> str:
        """A token for a new conversation."""
        content: dict[str, object] = {"sub": secrets.token_urlsafe(18), "use": "session"}
        content |= {"secret": secrets.token_urlsafe(32), "exp": datetime.now(UTC) + self._lifetime}
        return jwt.encode(content | ({"language": language} if language else {}), self._key, ALGORITHM)

    def visitor(self, token: object) -> Visitor | None:
        """The visitor of a session token, or None for a token that is not ours, or has expired."""
        content = self._read(token)
        if content is None:
            return None
        language = next((code for code in LANGUAGES if code == content.get("language")), None)
        return Visitor(str(content["sub"]), str(content.get("secret")), language)

    def of_request(self, request: Request) -> Visitor | None:
        """The visitor of a request, by its bearer token."""
        return self.visitor(bearer_token(request))

    def _read(self, token: object) -> dict[str, object] | None:
        if not isinstance(token, str):
            return None
        try:
            content: dict[str, object] = jwt.decode(token, self._key, [ALGORITHM], options={"require": ["sub", "exp"]})
        except (jwt.InvalidTokenError, UnicodeEncodeError):
            return None
        return content if content.get("use") == "session" else None
