"""Choices as they go out: signed references to what was offered, good in their conversation only."""

from typing import Any

import jwt

ALGORITHM = "HS256"


class Buttons:
    """Signs and reads references to choices."""

    def __init__(self, key: str) -> None:
        self._key = key

    def reference(self, conversation: str, payload: str, title: str) -> str:
        """A reference to a choice that was offered in a conversation."""
        return jwt.encode(
            {"sub": conversation, "use": "button", "payload": payload, "title": title}, self._key, ALGORITHM
        )

    def pressed(self, conversation: str, reference: object) -> tuple[str, str] | None:
        """What a choice means (payload) and says (title), or None where it was not offered in this conversation."""
        content = read_signed(reference, self._key, "button")
        return (content["payload"], content["title"]) if content and content["sub"] == conversation else None


def read_signed(token: object, key: str, use: str, *required: str) -> dict[str, Any] | None:
    """What a token of ours holds, or None for one that is not ours, not for this use, or no longer good."""
    if not isinstance(token, str):
        return None
    try:
        content: dict[str, Any] = jwt.decode(token, key, [ALGORITHM], options={"require": ["sub", *required]})
    except jwt.InvalidTokenError:
        return None
    return content if content.get("use") == use else None
