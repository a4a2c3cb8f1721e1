"""JSON of Genesys Cloud's speech analytics, which says who is customer and who is agent."""

from typing import Any

from pydantic import StrictStr, validator

from bot.calls.call_turns import Role
from bot.calls.formats import json_shapes
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript
from bot.calls.language_codes import language_code

_MILLISECONDS = 1_000  # in a second
_SINCE_1970 = 1e11  # milliseconds; a larger value is a point in time since 1970, not an offset
_ROLES = {
    **dict.fromkeys(("internal", "agent", "user"), Role.AGENT),
    **dict.fromkeys(("external", "customer"), Role.CUSTOMER),
}


class _Word(json_shapes.Shape):
    word: StrictStr
    confidence: float | None

    _confidences = validator("confidence", pre=True, allow_reuse=True)(json_shapes.confidence)


class _Duration(json_shapes.Shape):
    milliseconds: float | None

    _durations = validator("milliseconds", pre=True, allow_reuse=True)(json_shapes.duration)


class _Phrase(json_shapes.Shape):
    says = frozenset(["text", "decoratedText", "words"])

    text: StrictStr | None
    decoratedText: StrictStr | None  # noqa: N815 (the file's name; text with capitals and punctuation)
    words: list[_Word] = []
    startTimeMs: float | None  # noqa: N815
    offsetMs: float | None  # noqa: N815
    durationMs: float | None  # noqa: N815
    duration: _Duration | None
    confidence: float | None
    stability: float | None
    participantPurpose: StrictStr | None  # noqa: N815

    _durations = validator("startTimeMs", "offsetMs", "durationMs", pre=True, allow_reuse=True)(json_shapes.duration)
    _confidences = validator("confidence", "stability", pre=True, allow_reuse=True)(json_shapes.confidence)

    @property
    def said(self) -> str:
        return self.decoratedText or self.text or " ".join(word.word for word in self.words)

    @property
    def begins(self) -> float | None:
        return self.offsetMs if self.startTimeMs is None else self.startTimeMs

    @property
    def lasts(self) -> float | None:
        return self.durationMs if self.durationMs is not None or not self.duration else self.duration.milliseconds


class _Part(json_shapes.Shape):
    says = frozenset(["phrases"])

    phrases: list[_Phrase] = []
    language: StrictStr | None


class _Document(json_shapes.Shape):
    transcripts: list[_Part]
    conversationStartTime: Any  # noqa: N815
    startTime: Any  # noqa: N815
    language: StrictStr | None


def read(content: dict[str, Any]) -> Transcript:
    """Parse it: a turn for each phrase.

    Raises:
        MalformedTranscript: the content does not have the shape.
    """
    document = json_shapes.checked(_Document, content)
    began = json_shapes.moment(document.conversationStartTime) or json_shapes.moment(document.startTime)
    phrases = [
        (phrase, f"transcripts[{part}].phrases[{index}]", language_code(each.language or document.language))
        for part, each in enumerate(document.transcripts)
        for index, phrase in enumerate(each.phrases)
    ]
    times = [phrase.begins for phrase, _, _ in phrases if phrase.begins is not None]
    zero = began.timestamp() * _MILLISECONDS if began else min(times, default=0.0)
    turns = []
    for phrase, place, language in phrases:
        start = phrase.begins
        if start is not None and start > _SINCE_1970:
            start = max(0.0, start - zero)
        end = None if start is None or phrase.lasts is None else start + phrase.lasts
        purpose = (phrase.participantPurpose or "").lower()
        turns.append(
            new_turn(
                phrase.said,
                place=place,
                speaker=purpose,
                role=_ROLES.get(purpose),
                start=None if start is None else start / _MILLISECONDS,
                end=None if end is None else end / _MILLISECONDS,
                confidence=phrase.confidence,
                language=language,
            )
        )
    said = in_time(turn for turn in turns if turn)
    return transcript("genesys", said, place="transcripts", held_at=began)
