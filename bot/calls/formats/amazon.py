"""JSON of Amazon Transcribe's standard jobs, in which numbers are strings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import StrictInt, StrictStr, validator

from bot.calls.call_turns import CallTurn
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import (
    Transcript,
    heard_instead,
    in_time,
    new_turn,
    transcript,
    with_labels_between,
)
from bot.calls.formats.turns_of_words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code
from bot.words.text import clean

_PUNCTUATION = "punctuation"


class _Content(json_shapes.Shape):
    confidence: float | None
    content: StrictStr

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)


class _Timed(json_shapes.Shape):
    start_time: float | None
    end_time: float | None
    speaker_label: StrictStr | None

    _durations = validator("start_time", "end_time", pre=True, allow_reuse=True)(json_shapes.written_duration)


class _Item(_Timed):
    says = frozenset(["alternatives"])

    id: StrictInt | None
    type: StrictStr | None
    alternatives: list[_Content] = []
    channel_label: StrictStr | None


class _SpeakerSegment(_Timed):
    items: list[_Timed] = []


class _SpeakerLabels(json_shapes.Shape):
    segments: list[_SpeakerSegment] = []


class _Channel(json_shapes.Shape):
    says = frozenset(["items"])

    channel_label: StrictStr | None
    items: list[_Item] = []


class _ChannelLabels(json_shapes.Shape):
    channels: list[_Channel] = []


class _AudioSegment(_Timed):
    transcript: StrictStr
    channel_label: StrictStr | None
    items: list[StrictInt] = []


class _Version(json_shapes.Shape):
    transcript: StrictStr


class _Versions(_Timed):
    alternatives: list[_Version] = []


class _Results(json_shapes.Shape):
    says = frozenset(["items", "transcripts"])

    items: list[_Item] = []
    audio_segments: list[_AudioSegment] = []
    speaker_labels: _SpeakerLabels | None
    channel_labels: _ChannelLabels | None
    transcripts: list[_Version] = []
    segments: list[_Versions] = []  # n-best list, where it was requested
    language_code: StrictStr | None


class _Document(json_shapes.Shape):
    results: _Results


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each audio segment; in older files, for a speaker's words in a row, or for the whole text.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    results = json_shapes.checked(_Document, content).results
    if results.audio_segments:
        turns, place = _of_segments(results), "results.audio_segments"
    else:
        turns, place = turns_of_words(_spoken(results)) or _whole(results), "results.items"
    versions = {
        (segment.start_time, clean(segment.alternatives[0].transcript)): segment.alternatives[1:]
        for segment in results.segments
        if segment.alternatives
    }
    turns = [_with_versions(turn, versions.get((turn.start, turn.text), [])) for turn in turns]
    return transcript("amazon-transcribe", turns, place=place, language=language_code(results.language_code))


def _with_versions(turn: CallTurn, versions: list[_Version]) -> CallTurn:
    return replace(turn, alternatives=heard_instead(turn.text, [version.transcript for version in versions]))


def _of_segments(results: _Results) -> list[CallTurn]:
    confidences = {
        item.id: item.alternatives[0].confidence for item in results.items if _is_word(item) and item.alternatives
    }
    turns = [
        new_turn(
            segment.transcript,
            place=f"results.audio_segments[{index}]",
            speaker=segment.speaker_label or segment.channel_label or "",
            start=segment.start_time,
            end=segment.end_time,
            confidence=json_shapes.mean([confidences.get(item) for item in segment.items]),
        )
        for index, segment in enumerate(results.audio_segments)
    ]
    return in_time(turn for turn in turns if turn)


def _whole(results: _Results) -> list[CallTurn]:
    turns = [new_turn(each.transcript, place="results.transcripts") for each in results.transcripts]
    return [turn for turn in turns if turn]


def _spoken(results: _Results) -> list[SpokenWord]:
    """The words with their channels; files of 2019 list each channel's words instead of each word's channel."""
    channels = results.channel_labels.channels if results.channel_labels else []
    if any(channel.items for channel in channels) and not any(item.channel_label for item in results.items):
        return [
            word
            for index, channel in enumerate(channels)
            for word in _words(
                channel.items,
                [item.channel_label or channel.channel_label for item in channel.items],
                f"results.channel_labels.channels[{index}].items",
            )
        ]
    speakers = _Speakers(results.speaker_labels)
    labels = [
        item.speaker_label or speakers.of(item) or item.channel_label if _is_word(item) else None
        for item in results.items
    ]
    return list(_words(results.items, labels, "results.items"))


def _words(items: list[_Item], labels: list[str | None], place: str) -> Iterator[SpokenWord]:
    """The words, each with the punctuation that follows it, which has no times of its own."""
    word: SpokenWord | None = None
    for index, (item, label) in enumerate(zip(items, with_labels_between(labels), strict=True)):
        text = item.alternatives[0].content if item.alternatives else ""
        if not _is_word(item):
            if word is not None:
                word = replace(word, text=word.text + text)
            continue
        if word is not None:
            yield word
        word = SpokenWord(
            speaker=label or "",
            start=item.start_time,
            end=item.end_time,
            text=text,
            confidence=item.alternatives[0].confidence if item.alternatives else None,
            place=f"{place}[{index}]",
        )
    if word is not None:
        yield word


def _is_word(item: _Item) -> bool:
    return item.type != _PUNCTUATION


class _Speakers:
    """Who speaks when: older files have speaker labels in segments, not on the words."""

    def __init__(self, labels: _SpeakerLabels | None) -> None:
        segments = labels.segments if labels else []
        self._by_start = {
            item.start_time: item.speaker_label or segment.speaker_label
            for segment in segments
            for item in segment.items
        }
        self._spans = [] if self._by_start else segments

    def of(self, item: _Item) -> str | None:
        """The speaker of a word, by its start time."""
        if item.start_time is None or not self._spans:
            return self._by_start.get(item.start_time)
        return next((span.speaker_label for span in self._spans if _holds(span, item.start_time)), None)


def _holds(span: _SpeakerSegment, moment: float) -> bool:
    return span.start_time is not None and span.end_time is not None and span.start_time <= moment < span.end_time
