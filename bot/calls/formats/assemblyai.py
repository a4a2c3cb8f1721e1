"""JSON of AssemblyAI, with times in milliseconds: utterances where speaker labels were requested, else words."""

from typing import Any

from pydantic import StrictStr, validator

from bot.calls.call_turns import CallTurn, MalformedTranscript
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import (
    Transcript,
    in_time,
    new_turn,
    speaker_names,
    transcript,
    with_labels_between,
)
from bot.calls.formats.turns_of_words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code

_MILLISECONDS = 1_000  # in a second
COMPLETED = "completed"


class _Said(json_shapes.Shape):
    text: StrictStr
    start: float | None
    end: float | None
    confidence: float | None
    speaker: str | None
    channel: str | None

    _durations = validator("start", "end", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", "channel", pre=True, allow_reuse=True)(json_shapes.label)


class _Document(json_shapes.Shape):
    says = frozenset(["utterances", "words", "segments", "text"])

    status: StrictStr | None
    text: StrictStr | None
    language_code: StrictStr | None
    utterances: list[_Said] | None
    words: list[_Said] | None
    segments: list[_Said] | None  # of the API's first version


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each utterance, or for a speaker's words in a row.

    Raises:
        MalformedTranscript: the content does not have the shape, or the transcription is not done.
    """
    document = json_shapes.checked(_Document, content)
    if document.status not in {None, COMPLETED}:
        raise MalformedTranscript("status", "the transcription was not completed")
    language = language_code(document.language_code)
    turns = _turns(document, language)
    return transcript("assemblyai", in_time(turns), place="words", language=language)


def _turns(document: _Document, language: str | None) -> list[CallTurn]:
    if document.utterances:
        return _of_each(document.utterances, "utterances", language)
    if document.words:
        return turns_of_words(_spoken(document.words, "words"), language=language)
    segments = document.segments or []
    if any(" " in segment.text.strip() for segment in segments):
        return _of_each(segments, "segments", language)
    if segments:  # each of these segments is a word
        return turns_of_words(_spoken(segments, "segments"), language=language)
    turn = new_turn(document.text or "", place="text", language=language)
    return [turn] if turn else []


def _of_each(said: list[_Said], place: str, language: str | None) -> list[CallTurn]:
    names = speaker_names([(each.channel, each.speaker) for each in said])
    turns = [
        new_turn(
            each.text,
            place=f"{place}[{index}]",
            speaker=name,
            start=_seconds(each.start),
            end=_seconds(each.end),
            confidence=each.confidence,
            language=language,
        )
        for index, (each, name) in enumerate(zip(said, names, strict=True))
    ]
    return [turn for turn in turns if turn]


def _spoken(said: list[_Said], place: str) -> list[SpokenWord]:
    speakers = with_labels_between([each.speaker for each in said])
    names = speaker_names([(each.channel, speaker) for each, speaker in zip(said, speakers, strict=True)])
    return [
        SpokenWord(name, _seconds(each.start), _seconds(each.end), each.text, each.confidence, f"{place}[{index}]")
        for index, (each, name) in enumerate(zip(said, names, strict=True))
    ]


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / _MILLISECONDS
