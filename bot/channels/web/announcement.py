"""What the page shows beside the chat: the current facts, the same that the answers use."""

from typing import TypedDict

from bot.channels.web.shown import ShownSource
from bot.clock import today
from bot.domain_names import Intent
from bot.replies.answer_composer import answer
from bot.replies.fixed_replies import fixed
from bot.replies.formats import BULLET
from bot.storage.engine import session_scope

PARTS = {"announcement": Intent.ASK_EMERGENCY_CHANGES, "contact": Intent.ASK_CONTACT}


class Part(TypedDict):
    """A part of the page; a block is a paragraph (a string) or a bullet list (a list of strings)."""

    blocks: list[str | list[str]]
    sources: list[ShownSource]


class Announcement(TypedDict):
    """What the page shows, by part: `announcement` and `contact`; the title names the events that are in force."""

    language: str
    title: str
    parts: dict[str, Part]


def announcement(language: str) -> Announcement:
    """What the page shows of today's facts."""
    with session_scope() as session:
        replies = {part: answer(session, intent, language, today()) for part, intent in PARTS.items()}
    return {
        "language": language,
        "title": fixed("page_title", language).text,
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
