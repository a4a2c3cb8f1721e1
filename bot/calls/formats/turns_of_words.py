"""Builds turns from single words, for recognisers that label the speaker of each word (diarization)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.calls.call_turns import CallTurn
from bot.calls.formats.json_shapes import mean
from bot.calls.formats.transcript import by_time, new_turn
from bot.calls.notices import note


@dataclass(frozen=True)
class SpokenWord:
    """One word.

    Attributes:
        speaker: "" where speakers are not told apart.
        start: seconds; None where the file has no times.
        end: likewise.
        text: with the punctuation that follows it.
        confidence: from 0 to 1.
        place: the word's place in the file.
    """

    speaker: str
    start: float | None
    end: float | None
    text: str
    confidence: float | None
    place: str


def turns_of_words(words: Sequence[SpokenWord], *, language: str | None = None) -> list[CallTurn]:
    """Join a speaker's words in a row into one turn, whose confidence is the mean of theirs."""
    turns = []
    for speaker, group in groupby(by_time(words, lambda word: word.start), key=lambda word: word.speaker):
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


def note_lost_words(words: Sequence[str], text: str, place: str) -> None:
    """Note a file whose words, which have speakers, are fewer than those of its text, which has none."""
    if len(" ".join(words).split()) < len(text.split()):
        note(place, "there are fewer words with a speaker than in the text, and only they were taken")
