"""The figures of the report on recorded calls, as records that JSON can hold; `figures.py` counts them."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Topic:
    """An intent, the calls in which it came up, and the customers' turns that it was in."""

    intent: str
    calls: int
    turns: int


@dataclass(frozen=True)
class Period:
    """A day (2026-11-25) or an ISO week (2026-W48) with calls; `begins`: its first day; `topics`: calls by intent."""

    name: str
    begins: str
    calls: int
    topics: dict[str, int]


@dataclass(frozen=True)
class LanguageCalls:
    """Calls in a language (None: it could not be told); `topics`: calls by intent, the most frequent first."""

    language: str | None
    calls: int
    topics: dict[str, int]


@dataclass(frozen=True)
class Example:
    """A redacted turn and where it stands."""

    call: str
    position: int
    language: str | None
    text: str


@dataclass
class Unanswered:
    """Questions of an intent that no answer followed; of equal texts only one is an example."""

    intent: str | None
    turns: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class FrequentText:
    """A redacted text and how often it was said, whatever its case; language: of the first one read."""

    text: str
    language: str | None
    turns: int


@dataclass(frozen=True)
class Problem:
    """Turns that the assistant would not have answered; `exact` is False where counts of texts are "at least"."""

    problem: str
    turns: int
    exact: bool
    texts: list[FrequentText]


@dataclass(frozen=True)
class Confidence:
    """The recogniser's: turns by tenths (the last includes 1.0), their mean (None: no turn has any), and the rest."""

    bins: list[int]
    mean: float | None
    unknown: int


@dataclass(frozen=True)
class Figures:
    """All figures; days are ISO 8601 in Riga; lists begin with the most frequent, periods with the earliest.

    Attributes:
        step: what a period is.
        calls_answered: calls by whether every question was followed by an answer: yes, no, unknown.
        questions: turns that are questions; `unanswered` has those without an answer.
        handoffs: calls in which the customer asked for a person.
        requests: calls by what the customer wanted done, `HANDOFF` included.
        moods: calls by mood; most calls have none.
    """

    since: str | None
    until: str | None
    first: str | None
    last: str | None
    step: Literal["day", "week"]
    calls: int
    turns: int
    periods: list[Period]
    topics: list[Topic]
    languages: list[LanguageCalls]
    calls_answered: dict[str, int]
    questions: int
    unanswered: list[Unanswered]
    problems: list[Problem]
    handoffs: int
    requests: dict[str, int]
    moods: dict[str, int]
    confidence: Confidence
