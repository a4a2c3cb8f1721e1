"""Turns from single words, for recognisers that say who spoke each word."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.calls.formats.shapes import mean
from bot.calls.formats.transcript import new_turn
from bot.calls.turns import Turn


@dataclass(frozen=True)
class SpokenWord:
    """One word.

    Attributes:
        speaker: "" where nobody is told apart.
        start: seconds; None where the file has no times.
        end: likewise.
        text: with the punctuation that follows it.
        confidence: from 0 to 1.
        place: where the word stands in the file.
    """

    speaker: str
    start: float | None
    end: float | None
    text: str
    confidence: float | None
    place: str


def turns_of_words(words: Sequence[SpokenWord], *, language: str | None = None) -> list[Turn]:
    """Words that one speaker says in a row become one turn, whose confidence is the mean of theirs.

    Raises:
        MalformedTranscript: a turn ends before it begins.
    """
    ordered = list(words)
    if all(word.start is not None for word in words):
        ordered.sort(key=lambda word: word.start or 0.0)
    turns = []
    for speaker, group in groupby(ordered, key=lambda word: word.speaker):
        run = list(group)
        turn = new_turn(
            " ".join(word.text for word in run),
            place=run[0].place,
            speaker=speaker,
            start=next((word.start for word in run if word.start is not None), None),
            end=next((word.end for word in reversed(run) if word.end is not None), None),
            confidence=mean([word.confidence for word in run]),
            language=language,
        )
        if turn is not None:
            turns.append(turn)
    return turns
