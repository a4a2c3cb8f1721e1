"""The language of a conversation: decided with every message, kept where a message is undecided."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain_names import EntityName, Intent
from bot.parse_result import ParseResult
from bot.settings import LANGUAGES

DEFAULT = LANGUAGES[0]
# Keys of a message's metadata.
SESSION_LANGUAGE = "session_language"  # of the web page with the chat; what the customer says has precedence
# The conversation's language when the message came, for example after a key press (DTMF). It has precedence over
# earlier messages, but not over the message itself.
STANDING_LANGUAGE = "standing_language"


def of_turn(parsed: ParseResult) -> tuple[str | None, bool]:
    """The language of one message: (code or None, whether it is decided).

    A request for a language ("English, please") decides by the language it asks for, not by the one it is written in.
    """
    if parsed.intent == Intent.CHANGE_LANGUAGE:
        asked = [each.value for each in parsed.entities if each.name == EntityName.LANGUAGE]
        known = [code for code in asked if code in LANGUAGES]
        if known:
            return known[-1], True
    return parsed.language_code, parsed.language is not None and parsed.language.is_decided


def of_conversation(messages: Iterable[tuple[ParseResult, Mapping[str, Any] | None]]) -> str:
    """The language to answer in: the latest decided or standing one, else the session's, the latest guess, Latvian.

    Args:
        messages: the customer's, latest first: each with its parse result and its metadata.
    """
    guess = session = None
    for parsed, metadata in messages:
        code, decided = of_turn(parsed)
        if code in LANGUAGES and decided:
            return str(code)
        standing = (metadata or {}).get(STANDING_LANGUAGE)
        if standing in LANGUAGES:
            return str(standing)
        session = session or _session(metadata)
        guess = guess or (code if code in LANGUAGES else None)
    return session or guess or DEFAULT


def _session(metadata: Mapping[str, Any] | None) -> str | None:
    code = (metadata or {}).get(SESSION_LANGUAGE)
    return code if code in LANGUAGES else None
