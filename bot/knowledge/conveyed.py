"""What a reply conveys, apart from its words: its act, how its first words come out, and the facts that it gives.

Whole conversations are judged by it (`bot chat --json`), so a wording can change without breaking a test. The names
are those of the labels in data/held_out/conversations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What a reply mainly does."""

    ACCOUNT = "account"  # anything of the account dialogue
    ANSWER = "answer"  # information from the facts
    CANCEL = "cancel"  # leaves a form, or drops a matter
    CLARIFY = "clarify"  # asks back
    COMPLAINT = "complaint"
    DANGER = "danger"  # life first
    DESPAIR = "despair"
    DISCONNECTED = "disconnected"  # cut off for debt: to a person
    GOODBYE = "goodbye"
    GREET = "greet"
    HELP = "help"
    HUMAN = "human"  # hands over to a person
    IDENTITY = "identity"  # says what the assistant is
    LANGUAGE = "language"  # changes the language
    OTHER_LANGUAGE = "other_language"  # says which languages it speaks
    OUT_OF_SCOPE = "out_of_scope"
    OUTAGE = "outage"
    REFUSE = "refuse"  # other people's data, secrets, instructions to the assistant
    REPEAT = "repeat"
    SCAM = "scam"
    THANKS = "thanks"
    UNAVAILABLE = "unavailable"  # the apology when a part is down


class Opening(StrEnum):
    """How the first words of an answer come out."""

    YES = "yes"
    NO = "no"
    NOT_SAID = "not_said"  # the announcement does not say
    OPEN = "open"  # a statement of fact, neither yes nor no
    NONE = "none"  # no information


@dataclass(frozen=True)
class Conveyed:
    """What a reply conveys; `rows` are numbers of the fact lists (docs/knowledge.md) and words such as ACC:code."""

    act: Act | None = None
    opening: Opening = Opening.NONE
    rows: tuple[str, ...] = ()

    @classmethod
    def together(cls, several: Iterable["Conveyed"]) -> "Conveyed":
        """Of replies one after the other: danger before all, else the first that does anything; all rows."""
        told = [one for one in several if one.act is not None]
        if not told:
            return cls()
        first = next((one for one in told if one.act in (Act.DANGER, Act.DESPAIR)), told[0])
        return cls(first.act, first.opening, tuple(dict.fromkeys(row for one in told for row in one.rows)))

    def as_json(self) -> dict[str, Any]:
        """For `bot chat --json` and Rasa's bot event."""
        return {"act": self.act, "opening": str(self.opening), "rows": list(self.rows)}

    @classmethod
    def of_json(cls, written: Mapping[str, Any] | None) -> "Conveyed":
        """Read what `as_json` wrote; events of older versions have nothing."""
        if not written or not written.get("act"):
            return cls()
        return cls(Act(written["act"]), Opening(written["opening"]), tuple(written["rows"]))


NOTHING = Conveyed()
