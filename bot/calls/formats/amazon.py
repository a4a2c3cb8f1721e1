"""JSON of Amazon Transcribe's standard jobs, in which numbers are strings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from pydantic import StrictInt, StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, heard_instead, in_time, new_turn, transcript
from bot.calls.formats.words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code
from bot.calls.turns import Turn
from bot.nlu.text import clean


class _Content(shapes.Shape):
    confidence: float | None
    content: StrictStr

    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)


class _Timed(shapes.Shape):
    start_time: float | None
    end_time: float | None
    speaker_label: StrictStr | None

    _durations = validator("start_time", "end_time", pre=True, allow_reuse=True)(shapes.written_duration)


class _Item(_Timed):
    id: StrictInt | None
    type: Literal["pronunciation", "punctuation"]
    alternatives: list[_Content] = []
    channel_label: StrictStr | None


class _SpeakerSegment(_Timed):
    items: list[_Timed] = []


class _SpeakerLabels(shapes.Shape):
    segments: list[_SpeakerSegment] = []


class _AudioSegment(_Timed):
    transcript: StrictStr
    channel_label: StrictStr | None
    items: list[StrictInt] = []


class _Version(shapes.Shape):
    transcript: StrictStr


class _Versions(_Timed):
    alternatives: list[_Version] = []


class _Results(shapes.Shape):
    items: list[_Item] = []
    audio_segments: list[_AudioSegment] = []
    speaker_labels: _SpeakerLabels | None
    segments: list[_Versions] = []  # n-best, where it was asked for
    language_code: StrictStr | None


class _Document(shapes.Shape):
    results: _Results


def read(content: dict[str, Any]) -> Transcript:
    """A turn for each audio segment; in older files, for the words that one speaker says in a row.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    results = shapes.checked(_Document, content).results
    if results.audio_segments:
        turns, place = _of_segments(results), "results.audio_segments"
    else:
        turns, place = turns_of_words(list(_words(results))), "results.items"
    versions = {
        (segment.start_time, clean(segment.alternatives[0].transcript)): segment.alternatives[1:]
        for segment in results.segments
        if segment.alternatives
    }
    turns = [_with_versions(turn, versions.get((turn.start, turn.text), [])) for turn in turns]
    return transcript("amazon-transcribe", turns, place=place, language=language_code(results.language_code))


def _with_versions(turn: Turn, versions: list[_Version]) -> Turn:
    return replace(turn, alternatives=heard_instead(turn.text, [version.transcript for version in versions]))


def _of_segments(results: _Results) -> list[Turn]:
    confidences = {
        item.id: item.alternatives[0].confidence
        for item in results.items
        if item.type == "pronunciation" and item.alternatives
    }
    turns = [
        new_turn(
            segment.transcript,
            place=f"results.audio_segments[{index}]",
            speaker=segment.speaker_label or segment.channel_label or "",
            start=segment.start_time,
            end=segment.end_time,
            confidence=shapes.mean([confidences.get(item) for item in segment.items]),
        )
        for index, segment in enumerate(results.audio_segments)
    ]
    return in_time(turn for turn in turns if turn)


def _words(results: _Results) -> Iterator[SpokenWord]:
    """The words, each with the signs that follow it, which have no times of their own."""
    speakers = _speakers_by_start(results.speaker_labels)
    word: SpokenWord | None = None
    for index, item in enumerate(results.items):
        text = item.alternatives[0].content if item.alternatives else ""
        if item.type == "punctuation":
            if word is not None:
                word = replace(word, text=word.text + text)
            continue
        if word is not None:
            yield word
        word = SpokenWord(
            speaker=item.speaker_label or speakers.get(item.start_time) or item.channel_label or "",
            start=item.start_time,
            end=item.end_time,
            text=text,
            confidence=item.alternatives[0].confidence if item.alternatives else None,
            place=f"results.items[{index}]",
        )
    if word is not None:
        yield word


def _speakers_by_start(labels: _SpeakerLabels | None) -> dict[float | None, str | None]:
    """Older files name the speakers of words apart from the words, by when these begin."""
    return {
        item.start_time: item.speaker_label or segment.speaker_label
        for segment in (labels.segments if labels else [])
        for item in segment.items
    }
