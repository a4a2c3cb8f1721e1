"""JSON of Azure Speech: batch transcription and fast transcription."""

from typing import Any

from pydantic import Field, StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, speaker_names, transcript
from bot.calls.language_codes import language_code

_TICKS = 10_000_000  # in a second
_MILLISECONDS = 1_000


class _Guess(shapes.Shape):
    confidence: float | None
    lexical: StrictStr = ""
    display: StrictStr = ""

    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)

    @property
    def text(self) -> str:
        return self.display or self.lexical


class _RecognizedPhrase(shapes.Shape):
    channel: str | None
    speaker: str | None
    offset: float = Field(alias="offsetInTicks")
    duration: float = Field(alias="durationInTicks")
    guesses: list[_Guess] = Field([], alias="nBest")
    locale: StrictStr | None

    _labels = validator("channel", "speaker", pre=True, allow_reuse=True)(shapes.label)
    _durations = validator("offset", "duration", pre=True, allow_reuse=True)(shapes.duration)


class _Batch(shapes.Shape):
    phrases: list[_RecognizedPhrase] = Field(alias="recognizedPhrases")
    locale: StrictStr | None


class _Phrase(shapes.Shape):
    channel: str | None
    speaker: str | None
    offset: float = Field(alias="offsetMilliseconds")
    duration: float = Field(alias="durationMilliseconds")
    text: StrictStr
    confidence: float | None
    locale: StrictStr | None

    _labels = validator("channel", "speaker", pre=True, allow_reuse=True)(shapes.label)
    _durations = validator("offset", "duration", pre=True, allow_reuse=True)(shapes.duration)
    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)


class _Fast(shapes.Shape):
    phrases: list[_Phrase]
    locale: StrictStr | None


def read_batch(content: dict[str, Any]) -> Transcript:
    """A turn for each phrase of a batch transcription; phrases that were not recognised have no guesses.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = shapes.checked(_Batch, content)
    names = speaker_names([(phrase.channel, phrase.speaker) for phrase in document.phrases])
    turns = []
    for index, (phrase, name) in enumerate(zip(document.phrases, names, strict=True)):
        if not phrase.guesses:
            continue
        best, *others = phrase.guesses
        turns.append(
            new_turn(
                best.text,
                place=f"recognizedPhrases[{index}]",
                speaker=name,
                start=phrase.offset / _TICKS,
                end=(phrase.offset + phrase.duration) / _TICKS,
                confidence=best.confidence,
                alternatives=[other.text for other in others],
                language=language_code(phrase.locale or document.locale),
            )
        )
    said = in_time(turn for turn in turns if turn)
    return transcript("azure-batch", said, place="recognizedPhrases", language=language_code(document.locale))


def read_fast(content: dict[str, Any]) -> Transcript:
    """A turn for each phrase of a fast transcription.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = shapes.checked(_Fast, content)
    names = speaker_names([(phrase.channel, phrase.speaker) for phrase in document.phrases])
    turns = [
        new_turn(
            phrase.text,
            place=f"phrases[{index}]",
            speaker=name,
            start=phrase.offset / _MILLISECONDS,
            end=(phrase.offset + phrase.duration) / _MILLISECONDS,
            confidence=phrase.confidence,
            language=language_code(phrase.locale or document.locale),
        )
        for index, (phrase, name) in enumerate(zip(document.phrases, names, strict=True))
    ]
    said = in_time(turn for turn in turns if turn)
    return transcript("azure-fast", said, place="phrases", language=language_code(document.locale))
