"""Gateway-independent types: what happened in a call, and what the gateway is to say and do."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class CallEventKind(StrEnum):
    """What happened in a call."""

    START = "start"
    SPEECH = "speech"
    DIGITS = "digits"
    SILENCE = "silence"
    NOT_REACHED = "not reached"  # the call was transferred, and came back because nobody answered
    HANG_UP = "hang up"


class Action(StrEnum):
    """What the gateway does after speaking."""

    LISTEN = "listen"
    TRANSFER = "transfer"
    HANG_UP = "hangup"


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis of the speech recogniser; `confidence` from 0 to 1, None where it gives none."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Heard:
    """Something that happened in a call.

    Attributes:
        call: the gateway's id of the call (the caller's number may be withheld).
        id: the message's idempotency key; None where the gateway gives none.
        hypotheses: of speech, the recogniser's best first (n-best list).
        digits: the keys pressed (DTMF), of 0 to 9, `*` and `#`; "" where the gateway sent others.
        language: what the recogniser listened for, lv or en; None where the gateway does not say.
        caller: the caller's number in E.164, where the gateway tells it.
        content: tells resent messages apart, for gateways that give a resent one a new id; "" for others.
    """

    call: str
    kind: CallEventKind
    id: str | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    digits: str = ""
    language: str | None = None
    caller: str | None = None
    content: str = ""


@dataclass(frozen=True)
class SpokenText:
    """A text to speak, written out as it is read aloud; `language` is the voice's, lv or en."""

    text: str
    language: str


@dataclass(frozen=True)
class Answer:
    """What the gateway is to say and do.

    Attributes:
        language: to listen for, lv or en.
        to: where to transfer the call, such as tel:+37100000000.
        summary: what the person who takes the call over should know.
    """

    say: tuple[SpokenText, ...]
    language: str
    action: Action = Action.LISTEN
    to: str = ""
    summary: str = ""

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @staticmethod
    def of_json(content: dict[str, Any]) -> "Answer":
        """The answer that was written by `as_json`."""
        say = tuple(SpokenText(**each) for each in content["say"])
        return Answer(**{**content, "say": say, "action": Action(content["action"])})
