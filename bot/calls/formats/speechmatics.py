"""JSON of Speechmatics: words, with punctuation as entries of its own."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import StrictStr, validator

from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import Transcript, speaker_names, transcript, with_labels_between
from bot.calls.formats.turns_of_words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code

_UNKNOWN = {"UU", "UNK", ""}  # speaker labels not requested, or speaker not recognised
_PUNCTUATION, _SPEAKER_CHANGE, _WITH_THE_NEXT = "punctuation", "speaker_change", "next"


class _Alternative(json_shapes.Shape):
    content: StrictStr
    confidence: float | None
    speaker: str | None

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)


class _Entry(json_shapes.Shape):
    says = frozenset(["alternatives"])

    type: StrictStr = "word"
    alternatives: list[_Alternative] = []
    start_time: float | None
    end_time: float | None
    channel: str | None
    attaches_to: StrictStr | None

    _durations = validator("start_time", "end_time", pre=True, allow_reuse=True)(json_shapes.duration)
    _labels = validator("channel", pre=True, allow_reuse=True)(json_shapes.label)


class _Config(json_shapes.Shape):
    language: StrictStr | None


class _Metadata(json_shapes.Shape):
    created_at: Any
    transcription_config: _Config | None


class _Job(json_shapes.Shape):
    created_at: Any


class _Document(json_shapes.Shape):
    results: list[_Entry]
    metadata: _Metadata | None
    job: _Job | None


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for a speaker's words in a row.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Document, content)
    config = document.metadata.transcription_config if document.metadata else None
    language = language_code(config.language if config else None)
    turns = turns_of_words(list(_words(document.results)), language=language)
    created = document.job.created_at if document.job else None
    created = created or (document.metadata.created_at if document.metadata else None)
    return transcript("speechmatics", turns, place="results", language=language, held_at=json_shapes.moment(created))


def _words(entries: list[_Entry]) -> Iterator[SpokenWord]:
    """The words, each with the punctuation that belongs to it."""
    word: SpokenWord | None = None
    opening = ""
    for (index, entry), name in zip(_said(entries), _names(entries), strict=True):
        text = entry.alternatives[0].content
        if entry.type == _PUNCTUATION and entry.attaches_to == _WITH_THE_NEXT:
            opening += text
        elif entry.type == _PUNCTUATION and word is not None:
            word = replace(word, text=word.text + text)
        else:
            if word is not None:
                yield word
            confidence = entry.alternatives[0].confidence
            place = f"results[{index}]"
            word = SpokenWord(name, entry.start_time, entry.end_time, opening + text, confidence, place)
            opening = ""
    if word is not None:
        yield word


def _said(entries: list[_Entry]) -> list[tuple[int, _Entry]]:
    return [(index, entry) for index, entry in enumerate(entries) if entry.alternatives]


def _names(entries: list[_Entry]) -> list[str]:
    """The speaker of each spoken entry; where a file has only speaker changes, two speakers alternate."""
    if any(entry.type == _SPEAKER_CHANGE for entry in entries):
        changes = 0
        names = []
        for entry in entries:
            changes += entry.type == _SPEAKER_CHANGE
            if entry.alternatives:
                names.append(f"speaker {changes % 2 + 1}")
        return names
    said = [entry for _, entry in _said(entries)]
    known = [None if (label := entry.alternatives[0].speaker or "") in _UNKNOWN else label for entry in said]
    channels = [entry.channel for entry in said]
    return speaker_names(list(zip(channels, with_labels_between(known), strict=True)))
