"""JSON of Google Speech-to-Text, versions 1 and 2."""

import re
from dataclasses import replace
from typing import Any

from pydantic import Field, StrictStr, validator

from bot.calls.call_turns import CallTurn, MalformedTranscript
from bot.calls.formats import json_shapes
from bot.calls.formats.json_shapes import json_path
from bot.calls.formats.key_spelling import in_camel_case
from bot.calls.formats.transcript import (
    Transcript,
    heard_instead,
    in_time,
    new_turn,
    speaker_names,
    transcript,
    with_labels_between,
)
from bot.calls.formats.turns_of_words import SpokenWord, note_lost_words, turns_of_words
from bot.calls.language_codes import language_code

_NANOS = 10**9
_WRITTEN_SECONDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?s")
_WHOLE = re.compile(r"[0-9]{1,12}")


def _seconds(value: Any) -> float | None:
    """Seconds from a protocol buffers duration: "1.200s", or {"seconds": "1", "nanos": 200000000}."""
    if value is None:
        return None
    if isinstance(value, str):
        if value.startswith("-"):
            raise ValueError("a time is negative")
        if not (written := _WRITTEN_SECONDS.fullmatch(value)):
            raise ValueError('a time such as "1.200s" is expected')
        whole, fraction = written.groups(default="0")
        return (int(whole) * _NANOS + int(fraction.ljust(9, "0"))) / _NANOS
    if isinstance(value, dict):
        return (_whole(value.get("seconds", 0)) * _NANOS + _whole(value.get("nanos", 0))) / _NANOS
    raise ValueError('a time such as "1.200s" is expected')


def _whole(value: Any) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("whole seconds and nanoseconds are expected")
    return int(json_shapes.duration(value) or 0)


class _Word(json_shapes.Shape):
    word: StrictStr
    start_time: float | None = Field(alias="startTime")
    end_time: float | None = Field(alias="endTime")
    start_offset: float | None = Field(alias="startOffset")
    end_offset: float | None = Field(alias="endOffset")
    confidence: float | None
    speaker_tag: str | None = Field(alias="speakerTag")
    speaker_label: str | None = Field(alias="speakerLabel")

    _durations = validator("start_time", "end_time", "start_offset", "end_offset", pre=True, allow_reuse=True)(_seconds)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker_tag", "speaker_label", pre=True, allow_reuse=True)(json_shapes.label)

    @property
    def end(self) -> float | None:
        return self.end_offset if self.end_time is None else self.end_time

    @property
    def start(self) -> float | None:
        start = self.start_offset if self.start_time is None else self.start_time
        # Zeros may be omitted.
        return 0.0 if start is None and self.end is not None else start

    @property
    def speaker(self) -> str | None:
        if self.speaker_label:
            return self.speaker_label
        return None if self.speaker_tag == "0" else self.speaker_tag


class _Alternative(json_shapes.Shape):
    says = frozenset(["transcript"])

    transcript: StrictStr = ""
    confidence: float | None
    words: list[_Word] = []

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)


class _Result(json_shapes.Shape):
    says = frozenset(["alternatives"])

    alternatives: list[_Alternative] = []
    channel: str | None = Field(alias="channelTag")
    language: StrictStr | None = Field(alias="languageCode")
    end_time: float | None = Field(alias="resultEndTime")
    end_offset: float | None = Field(alias="resultEndOffset")

    _labels = validator("channel", pre=True, allow_reuse=True)(json_shapes.label)
    _durations = validator("end_time", "end_offset", pre=True, allow_reuse=True)(_seconds)

    @property
    def words(self) -> list[_Word]:
        return self.alternatives[0].words if self.alternatives else []

    @property
    def tells_speakers(self) -> bool:
        return any(word.speaker for word in self.words)


class _Metadata(json_shapes.Shape):
    start: Any = Field(alias="startTime")
    create: Any = Field(alias="createTime")


class _Document(json_shapes.Shape):
    results: list[_Result]
    metadata: _Metadata | None


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each result, or for a speaker's words in a row where words have speakers.

    It reads responses of recognition, operations of long-running recognition, and batch results of version 2 for one
    recording; with keys in camel case (JSON) or snake case (Python libraries).

    Raises:
        MalformedTranscript: the content does not have the shape, or has several recordings.
    """
    document = json_shapes.checked(_Document, in_camel_case(_unwrapped(content)))
    results = list(enumerate(document.results))
    if _last_repeats_all([result for _, result in results]):
        results = results[-1:]
    channels = speaker_names([(result.channel, None) for _, result in results])
    turns: list[CallTurn] = []
    for (index, result), channel in zip(results, channels, strict=True):
        turns += _turns(result, channel, f"results[{index}]")
    metadata = document.metadata
    began = (json_shapes.moment(metadata.start) or json_shapes.moment(metadata.create)) if metadata else None
    return transcript("google", in_time(turns), place="results", held_at=began)


def _unwrapped(content: dict[str, Any]) -> dict[str, Any]:
    """The results of one recording without their wrappers, with the operation's metadata."""
    metadata = content.get("metadata")
    if isinstance(content.get("error"), dict):
        raise MalformedTranscript("error", "the recognition failed")
    if isinstance(content.get("response"), dict):
        content = content["response"]
    results = content.get("results")
    if isinstance(results, dict):
        if len(results) != 1:
            raise MalformedTranscript("results", "one recording a file is expected, and there are several or none")
        (place,) = results
        results = _of_recording(results[place], json_path(["results", place]))
    return {"results": results, "metadata": metadata if isinstance(metadata, dict) else None}


def _of_recording(found: Any, place: str) -> Any:
    """The results of a recording in a batch, which may contain them twice."""
    if not isinstance(found, dict):
        raise MalformedTranscript(place, "an object is expected")
    inline = found.get("inlineResult", found.get("inline_result"))
    for holder in (inline, found):
        transcript_of = holder.get("transcript") if isinstance(holder, dict) else None
        if isinstance(transcript_of, dict) and "results" in transcript_of:
            return transcript_of["results"]
    failed = isinstance(found.get("error"), dict)
    raise MalformedTranscript(place, "the recognition failed" if failed else "the results are in another file")


def _last_repeats_all(results: list[_Result]) -> bool:
    """Whether the last result repeats all the others, with the speakers that they lack."""
    if len(results) < 2 or not results[-1].tells_speakers:
        return False
    *before, last = results
    said = [word.word for result in before for word in result.words]
    again = [word.word for word in last.words]
    return again[: len(said)] == said or not any(result.tells_speakers for result in before)


def _turns(result: _Result, channel: str, place: str) -> list[CallTurn]:
    if not result.alternatives:
        return []
    best, *others = result.alternatives
    language = language_code(result.language)
    alternatives = [other.transcript for other in others]
    if result.tells_speakers:
        note_lost_words([word.word for word in best.words], best.transcript, f"{place}.alternatives[0]")
        speakers = with_labels_between([word.speaker for word in best.words])
        spoken = [_spoken(word, label, channel, place) for word, label in zip(best.words, speakers, strict=True)]
        runs = turns_of_words(spoken, language=language)
        if len(runs) > 1:
            return runs  # the alternatives belong to all runs together
        return [replace(run, alternatives=heard_instead(run.text, alternatives)) for run in runs]
    turn = new_turn(
        best.transcript or " ".join(word.word for word in best.words),
        place=f"{place}.alternatives[0]",
        speaker=channel,
        start=best.words[0].start if best.words else None,
        end=best.words[-1].end if best.words else (result.end_offset if result.end_time is None else result.end_time),
        # A confidence of 0 means that there is none.
        confidence=best.confidence or json_shapes.mean([word.confidence or None for word in best.words]),
        alternatives=alternatives,
        language=language,
    )
    return [turn] if turn else []


def _spoken(word: _Word, label: str | None, channel: str, place: str) -> SpokenWord:
    speaker = " ".join(name for name in (channel, *speaker_names([(None, label)])) if name)
    return SpokenWord(speaker, word.start, word.end, word.word, word.confidence or None, f"{place}.alternatives[0]")
