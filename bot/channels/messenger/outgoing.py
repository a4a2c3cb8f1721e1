"""Replies in the shape that Messenger takes: split texts, choices as quick replies."""

import re
from collections.abc import Callable
from typing import Any

from bot.channels.messenger.incoming import OURS

TEXT, QUICK_REPLIES = 2_000, 13  # characters, choices; Messenger takes no more
# Where a text may be split, the best first; the separator stays with what comes before.
SEPARATORS = (r"(?<=\n\n)", r"(?<=\n)", r"(?<=[.!?…] )", r"(?<= )")
Message = dict[str, Any]


def messages(reply: dict[str, Any], reference: Callable[[str, str], str]) -> list[Message]:
    """The messages of a reply; the choices stand under the last one.

    Args:
        reply: as `bot.channels.conversation.converse` gives it.
        reference: makes the reference of a choice from its payload and title.
    """
    parts = [part for part in split(reply["text"]) if part]
    choices = [
        {"content_type": "text", "title": button["title"], "payload": reference(button["payload"], button["title"])}
        for button in reply["buttons"][:QUICK_REPLIES]
    ]
    made: list[Message] = [{"text": part, "metadata": OURS} for part in parts]
    if made and choices:
        made[-1]["quick_replies"] = choices
    return made


def split(text: str, most: int = TEXT, separators: tuple[str, ...] = SEPARATORS) -> list[str]:
    """Parts of at most so many characters, split between paragraphs, lines, sentences or words, in this order."""
    if len(text) <= most:
        return [text.strip()]
    if not separators:
        return [text[start : start + most] for start in range(0, len(text), most)]
    parts, part = [], ""
    for piece in re.split(separators[0], text):
        if len(part) + len(piece) <= most:
            part += piece
            continue
        parts += [part] if part else []
        *full, part = split(piece, most, separators[1:]) if len(piece) > most else [piece]
        parts += full
    return [each.strip() for each in [*parts, part]]
