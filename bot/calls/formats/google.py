"""JSON of Google Speech-to-Text, versions 1 and 2."""

import re
from dataclasses import replace
from typing import Any

from pydantic import Field, StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, heard_instead, in_time, new_turn, speaker_names, transcript
from bot.calls.formats.words import SpokenWord, turns_of_words
from bot.calls.language_codes import language_code
from bot.calls.turns import Turn

_NANOS = 10**9
_WRITTEN_SECONDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?s")
_WHOLE = re.compile(r"[0-9]{1,12}")


def _seconds(value: Any) -> float | None:
    """A duration as protocol buffers write it: "1.200s", or {"seconds": "1", "nanos": 200000000}."""
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
    return int(shapes.duration(value) or 0)


class _Word(shapes.Shape):
    word: StrictStr
    start_time: float | None = Field(alias="startTime")
    end_time: float | None = Field(alias="endTime")
    start_offset: float | None = Field(alias="startOffset")
    end_offset: float | None = Field(alias="endOffset")
    confidence: float | None
    speaker_tag: str | None = Field(alias="speakerTag")
    speaker_label: str | None = Field(alias="speakerLabel")

    _durations = validator("start_time", "end_time", "start_offset", "end_offset", pre=True, allow_reuse=True)(_seconds)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)
    _labels = validator("speaker_tag", "speaker_label", pre=True, allow_reuse=True)(shapes.label)

    @property
    def end(self) -> float | None:
        return self.end_offset if self.end_time is None else self.end_time

    @property
    def start(self) -> float | None:
        start = self.start_offset if self.start_time is None else self.start_time
        # Zeros may be left out.
        return 0.0 if start is None and self.end is not None else start

    @property
    def speaker(self) -> str | None:
        if self.speaker_label:
            return self.speaker_label
        return None if self.speaker_tag == "0" else self.speaker_tag


class _Alternative(shapes.Shape):
    transcript: StrictStr = ""
    confidence: float | None
    words: list[_Word] = []

    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)


class _Result(shapes.Shape):
    alternatives: list[_Alternative] = []
    channel: str | None = Field(alias="channelTag")
    language: StrictStr | None = Field(alias="languageCode")
    end_time: float | None = Field(alias="resultEndTime")
    end_offset: float | None = Field(alias="resultEndOffset")

    _labels = validator("channel", pre=True, allow_reuse=True)(shapes.label)
    _durations = validator("end_time", "end_offset", pre=True, allow_reuse=True)(_seconds)

    @property
    def words(self) -> list[_Word]:
        return self.alternatives[0].words if self.alternatives else []

    @property
    def tells_speakers(self) -> bool:
        return any(word.speaker for word in self.words)


class _Document(shapes.Shape):
    results: list[_Result]


def read(content: dict[str, Any]) -> Transcript:
    """A turn for each result, or for the words that one speaker says in a row where words have speakers.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    results = list(enumerate(shapes.checked(_Document, content).results))
    if _last_repeats_all([result for _, result in results]):
        results = results[-1:]
    channels = speaker_names([(result.channel, None) for _, result in results])
    turns: list[Turn] = []
    for (index, result), channel in zip(results, channels, strict=True):
        turns += _turns(result, channel, f"results[{index}]")
    return transcript("google", in_time(turns), place="results")


def _last_repeats_all(results: list[_Result]) -> bool:
    """Whether the last result says everything again, with the speakers that the others lack."""
    if len(results) < 2 or not results[-1].tells_speakers:
        return False
    *before, last = results
    said = [word.word for result in before for word in result.words]
    again = [word.word for word in last.words]
    return again[: len(said)] == said or not any(result.tells_speakers for result in before)


def _turns(result: _Result, channel: str, place: str) -> list[Turn]:
    if not result.alternatives:
        return []
    best, *others = result.alternatives
    language = language_code(result.language)
    alternatives = [other.transcript for other in others]
    if result.tells_speakers:
        runs = turns_of_words([_spoken(word, channel, place) for word in best.words], language=language)
        if len(runs) > 1:
            return runs  # the alternatives are of them all together
        return [replace(run, alternatives=heard_instead(run.text, alternatives)) for run in runs]
    turn = new_turn(
        best.transcript or " ".join(word.word for word in best.words),
        place=f"{place}.alternatives[0]",
        speaker=channel,
        start=best.words[0].start if best.words else None,
        end=best.words[-1].end if best.words else (result.end_offset if result.end_time is None else result.end_time),
        # A confidence of 0 says that there is none.
        confidence=best.confidence or shapes.mean([word.confidence or None for word in best.words]),
        alternatives=alternatives,
        language=language,
    )
    return [turn] if turn else []


def _spoken(word: _Word, channel: str, place: str) -> SpokenWord:
    speaker = " ".join(name for name in (channel, *speaker_names([(None, word.speaker)])) if name)
    return SpokenWord(speaker, word.start, word.end, word.word, word.confidence or None, f"{place}.alternatives[0]")
