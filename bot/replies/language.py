"""The language of a conversation: decided for every message, kept where a message does not tell."""

from collections.abc import Iterable
from typing import Any

from bot.settings import LANGUAGES

DEFAULT = LANGUAGES[0]
SESSION_LANGUAGE = "session_language"  # key of a message's metadata
SWITCH = "change_language"


def of_turn(parse_data: dict[str, Any]) -> tuple[str | None, bool]:
    """What one message says of its language: (code or None, decided).

    A request for a language ("English, please") decides by what it asks for, not by how it is written.
    """
    if (parse_data.get("intent") or {}).get("name") == SWITCH:
        asked = [e["value"] for e in parse_data.get("entities") or [] if e.get("entity") == "language"]
        known = [code for code in asked if code in LANGUAGES]
        if known:
            return known[-1], True
    language = parse_data.get("language") or (parse_data.get("metadata") or {}).get("language")
    if isinstance(language, str):
        return (language, True) if language in LANGUAGES else (None, False)
    if not language:
        return None, False
    return language["code"], bool(language["decided"])


def of_conversation(turns: Iterable[dict[str, Any]], session: str | None = None) -> str:
    """The language to answer in: the latest decided one, else the session's, else the latest guess, else Latvian.

    Args:
        turns: parse data of the customer's messages, latest first.
        session: of the page that the conversation stands on.
    """
    guess = None
    for parse_data in turns:
        code, decided = of_turn(parse_data)
        if code in LANGUAGES:
            if decided:
                return str(code)
            guess = guess or code
    return session or guess or DEFAULT


def of_session(metadata: Iterable[dict[str, Any] | None]) -> str | None:
    """The session's language, from the metadata of the customer's messages; None where it has none."""
    found = ((one or {}).get(SESSION_LANGUAGE) for one in metadata)
    return next((code for code in found if code in LANGUAGES), None)
