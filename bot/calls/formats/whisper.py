"""JSON of Whisper and its variants: WhisperX, whisper-timestamped, whisper.cpp, OpenAI's API."""

import math
from typing import Any

from pydantic import Field, StrictStr, root_validator, validator

from bot.calls.call_turns import CallTurn, MalformedTranscript
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript, with_labels_between
from bot.calls.formats.turns_of_words import SpokenWord, note_lost_words, turns_of_words
from bot.calls.language_codes import language_code

_SLOWEST = 0.02  # words a second over all segments; a slower rate means that the times are not seconds
_MILLISECONDS = 1_000  # in a second


class _Word(json_shapes.Shape):
    word: StrictStr
    start: float | None
    end: float | None
    score: float | None
    probability: float | None
    confidence: float | None
    speaker: str | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("score", "probability", "confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)

    @root_validator(pre=True)
    def _as_whisper_timestamped_calls_it(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 (pydantic's way)
        return values if "word" in values or "text" not in values else {**values, "word": values["text"]}

    @property
    def certainty(self) -> float | None:
        return next((value for value in (self.score, self.probability, self.confidence) if value is not None), None)


class _Segment(json_shapes.Shape):
    start: float | None
    end: float | None
    text: StrictStr
    speaker: str | None
    words: list[_Word] | None
    avg_logprob: float | None
    confidence: float | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)
    _numbers = validator("avg_logprob", pre=True, allow_reuse=True)(json_shapes.number)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)


class _Document(json_shapes.Shape):
    segments: list[_Segment]
    word_segments: list[_Word] = []
    language: StrictStr | None


class _Words(json_shapes.Shape):
    words: list[_Word]
    language: StrictStr | None


class _Offsets(json_shapes.Shape):
    start: float | None = Field(alias="from")
    end: float | None = Field(alias="to")

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)


class _Part(json_shapes.Shape):
    text: StrictStr
    offsets: _Offsets | None
    speaker: str | None

    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)


class _Result(json_shapes.Shape):
    language: StrictStr | None


class _CppDocument(json_shapes.Shape):
    transcription: list[_Part]
    result: _Result | None


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each segment or, where there are only words, for a speaker's words in a row.

    Raises:
        MalformedTranscript: the content does not have the shape, or its times cannot be seconds.
    """
    document = json_shapes.checked(_Document, content)
    language = language_code(document.language)
    turns: list[CallTurn] = []
    for index, segment in enumerate(document.segments):
        turns += _turns(segment, f"segments[{index}]", language)
    if not document.segments:
        turns = turns_of_words(_spoken(document.word_segments, "word_segments"), language=language)
    _check_times(turns)
    return transcript("whisper", in_time(turns), place="segments", language=language)


def read_words(content: dict[str, Any]) -> Transcript:
    """Parse a result that has only words: a turn for a speaker's words in a row.

    Raises:
        MalformedTranscript: the content does not have the shape, or its times cannot be seconds.
    """
    document = json_shapes.checked(_Words, content)
    language = language_code(document.language)
    turns = turns_of_words(_spoken(document.words, "words"), language=language)
    _check_times(turns)
    return transcript("whisper", turns, place="words", language=language)


def read_cpp(content: dict[str, Any]) -> Transcript:
    """Parse whisper.cpp's JSON, with times in milliseconds: a turn for each part.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_CppDocument, content)
    language = language_code(document.result.language if document.result else None)
    turns = [
        new_turn(
            part.text,
            place=f"transcription[{index}]",
            speaker=part.speaker or "",
            start=_seconds(part.offsets.start if part.offsets else None),
            end=_seconds(part.offsets.end if part.offsets else None),
            language=language,
        )
        for index, part in enumerate(document.transcription)
    ]
    said = in_time(turn for turn in turns if turn)
    return transcript("whisper", said, place="transcription", language=language)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / _MILLISECONDS


def _turns(segment: _Segment, place: str, language: str | None) -> list[CallTurn]:
    words = segment.words or []
    if segment.speaker is None and any(word.speaker for word in words):
        note_lost_words([word.word for word in words], segment.text, place)
        return turns_of_words(_spoken(words, place), language=language)
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


def _spoken(words: list[_Word], place: str) -> list[SpokenWord]:
    speakers = with_labels_between([word.speaker for word in words])
    return [
        SpokenWord(speaker or "", word.start, word.end, word.word, word.certainty, place)
        for word, speaker in zip(words, speakers, strict=True)
    ]


def _confidence(segment: _Segment) -> float | None:
    """The geometric mean of the tokens' probabilities, where Whisper gives their mean logarithm."""
    if segment.avg_logprob is not None:
        return math.exp(min(segment.avg_logprob, 0.0))
    if segment.confidence is not None:
        return segment.confidence
    return json_shapes.mean([word.certainty for word in segment.words or []])


def _check_times(turns: list[CallTurn]) -> None:
    """Refuse times that are not seconds; other recognisers use other units under the same names."""
    timed = [(turn.end - turn.start, turn) for turn in turns if turn.start is not None and turn.end is not None]
    seconds, words = sum(length for length, _ in timed), sum(len(turn.text.split()) for _, turn in timed)
    if seconds > _MILLISECONDS and words < seconds * _SLOWEST:
        raise MalformedTranscript("segments", "the times cannot be seconds: they are too long for what is said")
