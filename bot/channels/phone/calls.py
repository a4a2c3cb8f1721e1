"""What a gateway tells of a call, and what it is told to do: the same for every gateway."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened in a call."""

    START = "start"
    SPEECH = "speech"
    DIGITS = "digits"
    SILENCE = "silence"
    HANG_UP = "hang up"


class Action(StrEnum):
    """What the gateway does when it has spoken."""

    LISTEN = "listen"
    TRANSFER = "transfer"
    HANG_UP = "hangup"


@dataclass(frozen=True)
class Hypothesis:
    """What the recogniser may have heard; `confidence` from 0 to 1, None where it gives none."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Heard:
    """Something that happened in a call.

    Attributes:
        call: the gateway's id of the call; the caller's number is never used.
        id: of this message, by which one that is sent again is known; None where the gateway gives none.
        hypotheses: of speech, the recogniser's best first.
        digits: keys that were pressed.
        language: that the recogniser listened for, lv or en, where the gateway says.
    """

    call: str
    kind: Kind
    id: str | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    digits: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Said:
    """A text to be spoken, in words as it is read aloud; `language` is the voice's, lv or en."""

    text: str
    language: str


@dataclass(frozen=True)
class Answer:
    """What to say and to do.

    Attributes:
        language: to listen for, lv or en.
        to: where the call is transferred, such as tel:+37100000000.
        summary: what whoever takes it over should know.
    """

    say: tuple[Said, ...]
    language: str
    action: Action = Action.LISTEN
    to: str = ""
    summary: str = ""

    def as_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @staticmethod
    def of_json(content: dict[str, Any]) -> "Answer":
        """The answer that was written by `as_json`."""
        say = tuple(Said(**each) for each in content["say"])
        return Answer(**{**content, "say": say, "action": Action(content["action"])})
