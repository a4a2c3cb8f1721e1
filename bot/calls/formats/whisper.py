"""JSON of Whisper, and of WhisperX, which adds speakers."""

import math
from typing import Any

from pydantic import StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript
from bot.calls.formats.words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code
from bot.calls.turns import Turn


class _Word(shapes.Shape):
    word: StrictStr
    start: float | None
    end: float | None
    score: float | None
    probability: float | None
    speaker: StrictStr | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(shapes.duration)
    _confidences = validator("score", "probability", pre=True, allow_reuse=True)(shapes.confidence)

    @property
    def confidence(self) -> float | None:
        return self.probability if self.score is None else self.score


class _Segment(shapes.Shape):
    start: float
    end: float
    text: StrictStr
    speaker: StrictStr | None
    words: list[_Word] | None
    avg_logprob: float | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(shapes.duration)
    _numbers = validator("avg_logprob", pre=True, allow_reuse=True)(shapes.number)


class _Document(shapes.Shape):
    segments: list[_Segment]
    language: StrictStr | None


def read(content: dict[str, Any]) -> Transcript:
    """A turn for each segment.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = shapes.checked(_Document, content)
    language = language_code(document.language)
    turns: list[Turn] = []
    for index, segment in enumerate(document.segments):
        turns += _turns(segment, f"segments[{index}]", language)
    return transcript("whisper", in_time(turns), place="segments", language=language)


def _turns(segment: _Segment, place: str, language: str | None) -> list[Turn]:
    words = segment.words or []
    if segment.speaker is None and any(word.speaker for word in words):
        return turns_of_words(
            [SpokenWord(word.speaker or "", word.start, word.end, word.word, word.confidence, place) for word in words],
            language=language,
        )
    turn = new_turn(
        segment.text,
        place=place,
        speaker=segment.speaker or "",
        start=segment.start,
        end=segment.end,
        confidence=_confidence(segment),
        language=language,
    )
    return [turn] if turn else []


def _confidence(segment: _Segment) -> float | None:
    """The geometric mean of the tokens' probabilities, where Whisper gives it."""
    if segment.avg_logprob is not None:
        return math.exp(min(segment.avg_logprob, 0.0))
    return shapes.mean([word.confidence for word in segment.words or []])
