"""Replies as messages of the Send API: long texts are split, choices become quick replies."""

import re
from collections.abc import Callable
from typing import Literal, NotRequired, TypedDict

from bot.channels.messenger.incoming import OURS
from bot.replies.reply import Reply

TEXT, QUICK_REPLIES = 2_000, 13  # Messenger's limits: characters of a text, choices
# Where a text may be split, the best place first; the separator stays with the part before it.
SEPARATORS = (r"(?<=\n\n)", r"(?<=\n)", r"(?<=[.!?…] )", r"(?<= )")


class QuickReply(TypedDict):
    """A choice; `payload` is its opaque reference."""

    content_type: Literal["text"]
    title: str
    payload: str


class OutgoingMessage(TypedDict):
    """A message as the Send API takes it; `metadata` comes back with its echo."""

    text: str
    metadata: str
    quick_replies: NotRequired[list[QuickReply]]


def messages(reply: Reply, reference: Callable[[str, str], str]) -> list[OutgoingMessage]:
    """The messages of a reply; the last one has the choices.

    Args:
        reference: makes the reference of a choice from its payload and title.
    """
    parts = [part for part in split(reply.text) if part]
    choices: list[QuickReply] = [
        {"content_type": "text", "title": button.title, "payload": reference(button.payload, button.title)}
        for button in reply.buttons[:QUICK_REPLIES]
    ]
    made: list[OutgoingMessage] = [{"text": part, "metadata": OURS} for part in parts]
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
