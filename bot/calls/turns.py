"""A recorded phone call as the turns that its two people take, whatever recogniser wrote it down."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is in a call."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True)
class Turn:
    """What one person says before the other does, or one utterance of it.

    Attributes:
        speaker: the file's own name for the person; "" where it tells nobody apart.
        role: None where it is not known.
        start: seconds from the beginning of the recording; None where the file has no times.
        end: likewise; never before `start`.
        text: in one line, without tags.
        confidence: of the recogniser, from 0 to 1.
        alternatives: what else the recogniser may have heard, the likelier first, without `text` itself.
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
        id: 32 hexadecimal digits of the file's content, so that the same file is the same call wherever it lies.
        source: the name of the file's format, such as `webvtt`.
        turns: in the order in which they begin; at least one.
        language: a code; None where the file names none, or several.
    """

    id: str
    source: str
    turns: tuple[Turn, ...]
    language: str | None


class MalformedTranscript(ValueError):
    """A file is no transcript that can be read.

    Attributes:
        place: `line 3`, or a path in the JSON such as `results[3].alternatives[0]` (`$` is the whole of it).
        reason: what is wrong there, without a full stop.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"The transcript is malformed at {self.place}: {self.reason}."
