"""JSON of Amazon Transcribe Call Analytics and of Contact Lens, which say who is customer and who is agent."""

from typing import Any

from pydantic import Field, StrictStr, validator

from bot.calls.call_turns import MalformedTranscript, Role
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript
from bot.calls.language_codes import language_code

_MILLISECONDS = 1_000  # in a second


class _Item(json_shapes.Shape):
    confidence: float | None = Field(alias="Confidence")

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)


class _Participant(json_shapes.Shape):
    id: StrictStr | None = Field(alias="ParticipantId")
    role: StrictStr | None = Field(alias="ParticipantRole")


class _Turn(_Participant):
    begin: float | None = Field(alias="BeginOffsetMillis")
    end: float | None = Field(alias="EndOffsetMillis")
    text: StrictStr = Field(alias="Content")
    items: list[_Item] = Field([], alias="Items")

    _durations = validator("begin", "end", pre=True, allow_reuse=True)(json_shapes.duration)


class _Document(json_shapes.Shape):
    turns: list[_Turn] = Field(alias="Transcript")
    participants: list[_Participant] = Field([], alias="Participants")
    language: StrictStr | None = Field(alias="LanguageCode")


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each turn of the file.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Document, content)
    language = language_code(document.language)
    roles = {each.id: each.role for each in document.participants if each.id}
    turns = []
    for index, turn in enumerate(document.turns):
        name = turn.role or roles.get(turn.id or "") or turn.id or ""
        turns.append(
            new_turn(
                turn.text,
                place=f"Transcript[{index}]",
                speaker=turn.id or name,
                role=Role[name] if name in Role.__members__ else None,
                start=None if turn.begin is None else turn.begin / _MILLISECONDS,
                end=None if turn.end is None else turn.end / _MILLISECONDS,
                confidence=json_shapes.mean([item.confidence for item in turn.items]),
                language=language,
            )
        )
    said = in_time(turn for turn in turns if turn)
    return transcript("amazon-call-analytics", said, place="Transcript", language=language)


def read_segments(content: dict[str, Any]) -> Transcript:
    """As `read`, for Contact Lens's real-time output: turns among other segments.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    segments = content["Segments"]
    if not isinstance(segments, list):
        raise MalformedTranscript("Segments", "a list is expected")
    turns = [each["Transcript"] for each in segments if isinstance(each, dict) and "Transcript" in each]
    return read({**content, "Transcript": turns})
