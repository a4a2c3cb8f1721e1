"""What the page shows beside the chat, from the same facts as the answers, as they stand at the moment."""

from typing import Any

from bot.clock import today
from bot.replies.answers import BULLET, answer
from bot.storage.engine import session_scope

PARTS = {"announcement": "ask_emergency_changes", "contact": "ask_contact"}


def announcement(language: str) -> dict[str, Any]:
    """{"language", "parts": {"announcement", "contact"}}, each {"blocks", "sources": [{"title", "url"}]}.

    A block is a paragraph (a text) or a list of points (texts).
    """
    with session_scope() as session:
        replies = {part: answer(session, intent, language, today()) for part, intent in PARTS.items()}
    return {
        "language": language,
        "parts": {
            part: {
                "blocks": _blocks(reply.text),
                "sources": [{"title": source.titles[language], "url": source.url} for source in reply.sources],
            }
            for part, reply in replies.items()
        },
    }


def _blocks(text: str) -> list[str | list[str]]:
    blocks: list[str | list[str]] = []
    for line in text.splitlines():
        if not line.startswith(BULLET):
            blocks.append(line)
        elif blocks and isinstance(blocks[-1], list):
            blocks[-1].append(line.removeprefix(BULLET))
        else:
            blocks.append([line.removeprefix(BULLET)])
    return blocks
