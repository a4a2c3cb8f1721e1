"""JSON of Amazon Transcribe Call Analytics, which says who is customer and who is agent."""

from typing import Any, Literal

from pydantic import Field, StrictStr, validator

from bot.calls.formats import shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript
from bot.calls.language_codes import language_code
from bot.calls.turns import Role

_MILLISECONDS = 1_000  # in a second


class _Item(shapes.Shape):
    confidence: float | None = Field(alias="Confidence")

    _confidences = validator("confidence", pre=True, allow_reuse=True)(shapes.confidence)


class _Turn(shapes.Shape):
    participant: Literal["AGENT", "CUSTOMER"] = Field(alias="ParticipantRole")
    begin: float = Field(alias="BeginOffsetMillis")
    end: float = Field(alias="EndOffsetMillis")
    text: StrictStr = Field(alias="Content")
    items: list[_Item] = Field([], alias="Items")

    _durations = validator("begin", "end", pre=True, allow_reuse=True)(shapes.duration)


class _Document(shapes.Shape):
    turns: list[_Turn] = Field(alias="Transcript")
    language: StrictStr | None = Field(alias="LanguageCode")


def read(content: dict[str, Any]) -> Transcript:
    """A turn for each of the file's.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = shapes.checked(_Document, content)
    language = language_code(document.language)
    turns = [
        new_turn(
            turn.text,
            place=f"Transcript[{index}]",
            speaker=turn.participant,
            role=Role[turn.participant],
            start=turn.begin / _MILLISECONDS,
            end=turn.end / _MILLISECONDS,
            confidence=shapes.mean([item.confidence for item in turn.items]),
            language=language,
        )
        for index, turn in enumerate(document.turns)
    ]
    said = in_time(turn for turn in turns if turn)
    return transcript("amazon-call-analytics", said, place="Transcript", language=language)
