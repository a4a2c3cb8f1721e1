"""Finds personal data that several messages of a conversation contain together."""

from collections.abc import Sequence

from bot.privacy.normalised_text import replaced, united
from bot.privacy.pieces import Piece
from bot.privacy.together import WINDOW, ConversationLine, find_together


def said_together(said: Sequence[ConversationLine | None], known: int) -> dict[int, list[Piece]]:
    """By the index of a customer's message, what is personal in it because of the messages around it.

    Args:
        said: each event's text; None for events that cannot belong together with others.
        known: how many of the events were checked before.
    """
    lines: list[tuple[int, ConversationLine]] = []
    pieces: dict[int, list[Piece]] = {}
    for place, line in enumerate(said):
        if line is None:
            continue
        lines.append((place, line))
        if place < known or not line.by_customer:
            continue
        window = lines[-2 * WINDOW :]
        for n, found in find_together([each for _, each in window]).items():
            there, one = window[n]
            some = united(found)
            pieces.setdefault(there, []).extend(Piece(one.text[start:end], kind) for kind, start, end in some)
            lines[len(lines) - len(window) + n] = (there, ConversationLine(replaced(one.text, some)))
    return pieces
