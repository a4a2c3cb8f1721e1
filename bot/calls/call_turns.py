"""The data model of a recorded phone call: its turns, independent of the recogniser's format."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.calls.notices import Notice


class Role(StrEnum):
    """The role of a speaker in a call."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True)
class CallTurn:
    """What one person says before the other does, or one utterance of that.

    Attributes:
        speaker: the file's own name for the person; "" where it does not tell speakers apart.
        role: None where it is not known.
        start: seconds from the beginning of the recording; None where the file has no times.
        end: likewise; never before `start`.
        text: in one line, without tags.
        confidence: of the recogniser, from 0 to 1.
        alternatives: the recogniser's other hypotheses, the most likely first, without `text` itself.
        language: a code such as lv or en.
    """

    speaker: str
    role: Role | None
    start: float | None
    end: float | None
    text: str
    confidence: float | None
    alternatives: tuple[str, ...]
    language: str | None


@dataclass(frozen=True)
class Call:
    """One recorded call.

    Attributes:
        id: 32 hexadecimal digits of a digest of the file's content and name, independent of its folder.
        source: the name of the file's format, such as `webvtt`.
        turns: in the order of their start; at least one.
        language: a code; None where the file names none, or several.
        held_at: when it was held or transcribed, where the file says so.
        notices: what was left out of the file.
    """

    id: str
    source: str
    turns: tuple[CallTurn, ...]
    language: str | None
    held_at: datetime | None = None
    notices: tuple[Notice, ...] = ()


class MalformedTranscript(ValueError):
    """A file is not a readable transcript.

    Attributes:
        place: `line 3`, or a path in the JSON such as `results[3].alternatives[0]` (`$` is the root).
        reason: what is wrong there, without a full stop.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"The transcript is malformed at {self.place}: {self.reason}."
