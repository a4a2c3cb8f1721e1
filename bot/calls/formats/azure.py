"""JSON of Azure Speech: batch transcription and fast transcription."""

import re
from typing import Any

from pydantic import Field, StrictStr, root_validator, validator

from bot.calls.call_turns import CallTurn
from bot.calls.formats import json_shapes
from bot.calls.formats.key_spelling import with_small_initials
from bot.calls.formats.transcript import Transcript, in_time, new_turn, speaker_names, transcript
from bot.calls.language_codes import language_code

_TICKS = 10_000_000  # in a second
_MILLISECONDS = 1_000
_ISO = re.compile(r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:\.[0-9]{1,9})?)S)?")


def _ticks(value: Any) -> float | None:
    """Ticks of 100 ns from an ISO 8601 duration: "PT1M0.07S"."""
    if value is None:
        return None
    written = _ISO.fullmatch(value) if isinstance(value, str) else None
    if not written:
        raise ValueError('a time such as "PT0.07S" is expected')
    hours, minutes, seconds = written.groups(default="0")
    return round(((int(hours) * 60 + int(minutes)) * 60 + float(seconds)) * _TICKS)


class _Guess(json_shapes.Shape):
    says = frozenset(["lexical", "display"])

    confidence: float | None
    lexical: StrictStr = ""
    display: StrictStr = ""
    speaker: str | None

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)
    _labels = validator("speaker", pre=True, allow_reuse=True)(json_shapes.label)

    @property
    def text(self) -> str:
        return self.display or self.lexical


class _RecognizedPhrase(json_shapes.Shape):
    says = frozenset(["nBest"])

    channel: str | None
    speaker: str | None
    offset_ticks: float | None = Field(alias="offsetInTicks")
    duration_ticks: float | None = Field(alias="durationInTicks")
    offset: float | None
    duration: float | None
    guesses: list[_Guess] = Field([], alias="nBest")
    locale: StrictStr | None

    _labels = validator("channel", "speaker", pre=True, allow_reuse=True)(json_shapes.label)
    _durations = validator("offset_ticks", "duration_ticks", pre=True, allow_reuse=True)(json_shapes.duration)
    _written = validator("offset", "duration", pre=True, allow_reuse=True)(_ticks)

    @property
    def begins(self) -> float | None:
        return self.offset if self.offset_ticks is None else self.offset_ticks

    @property
    def lasts(self) -> float | None:
        return self.duration if self.duration_ticks is None else self.duration_ticks


class _Batch(json_shapes.Shape):
    phrases: list[_RecognizedPhrase] = Field(alias="recognizedPhrases")
    locale: StrictStr | None
    timestamp: Any


class _Phrase(json_shapes.Shape):
    channel: str | None
    speaker: str | None
    offset: float | None = Field(alias="offsetMilliseconds")
    duration: float | None = Field(alias="durationMilliseconds")
    text: StrictStr
    confidence: float | None
    locale: StrictStr | None

    _labels = validator("channel", "speaker", pre=True, allow_reuse=True)(json_shapes.label)
    _durations = validator("offset", "duration", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)

    @root_validator(pre=True)
    def _as_the_preview_called_it(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 (pydantic's way)
        earlier = {f"{key}Milliseconds": values[key] for key in ("offset", "duration") if key in values}
        return earlier | values


class _Combined(json_shapes.Shape):
    channel: str | None
    text: StrictStr

    _labels = validator("channel", pre=True, allow_reuse=True)(json_shapes.label)


class _Fast(json_shapes.Shape):
    says = frozenset(["combinedPhrases"])

    phrases: list[_Phrase]
    combined: list[_Combined] = Field([], alias="combinedPhrases")
    locale: StrictStr | None


def read_batch(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each phrase of a batch transcription; unrecognised phrases have no hypotheses.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Batch, with_small_initials(content))
    labels = [
        (phrase.channel, phrase.speaker or next((guess.speaker for guess in phrase.guesses), None))
        for phrase in document.phrases
    ]
    turns = []
    for index, (phrase, name) in enumerate(zip(document.phrases, speaker_names(labels), strict=True)):
        if not phrase.guesses:
            continue
        best, *others = phrase.guesses
        start, end = _times(phrase.begins, phrase.lasts, _TICKS)
        turns.append(
            new_turn(
                best.text,
                place=f"recognizedPhrases[{index}]",
                speaker=name,
                start=start,
                end=end,
                confidence=best.confidence,
                alternatives=[other.text for other in others],
                language=language_code(phrase.locale or document.locale),
            )
        )
    said, language = in_time(turn for turn in turns if turn), language_code(document.locale)
    created = json_shapes.moment(document.timestamp)
    return transcript("azure-batch", said, place="recognizedPhrases", language=language, held_at=created)


def read_fast(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each phrase of a fast transcription, or for each channel where there are no phrases.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Fast, content)
    names = speaker_names([(phrase.channel, phrase.speaker) for phrase in document.phrases])
    turns = []
    for index, (phrase, name) in enumerate(zip(document.phrases, names, strict=True)):
        start, end = _times(phrase.offset, phrase.duration, _MILLISECONDS)
        turns.append(
            new_turn(
                phrase.text,
                place=f"phrases[{index}]",
                speaker=name,
                start=start,
                end=end,
                confidence=phrase.confidence,
                language=language_code(phrase.locale or document.locale),
            )
        )
    said = in_time(turn for turn in turns if turn) or _of_channels(document)
    return transcript("azure-fast", said, place="phrases", language=language_code(document.locale))


def _of_channels(document: _Fast) -> list[CallTurn]:
    names = speaker_names([(each.channel, None) for each in document.combined])
    turns = [
        new_turn(each.text, place=f"combinedPhrases[{index}]", speaker=name)
        for index, (each, name) in enumerate(zip(document.combined, names, strict=True))
    ]
    return [turn for turn in turns if turn]


def _times(offset: float | None, duration: float | None, unit: int) -> tuple[float | None, float | None]:
    """(start, end) in seconds."""
    if offset is None:
        return None, None
    return offset / unit, None if duration is None else (offset + duration) / unit
