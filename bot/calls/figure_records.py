"""Records for the figures of the report on recorded calls, which can be JSON; `call_figures.py` counts them."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class TopicFigures:
    """An intent, with the number of calls and of customers' turns that have it."""

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
    """Calls in a language (None: unknown); `topics`: calls by intent, the most frequent first."""

    language: str | None
    calls: int
    topics: dict[str, int]


@dataclass(frozen=True)
class Example:
    """A redacted turn with its call and position."""

    call: str
    position: int
    language: str | None
    text: str


@dataclass
class Unanswered:
    """Unanswered questions of an intent; among equal texts only one is an example."""

    intent: str | None
    turns: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class FrequentText:
    """A redacted text and how often it was said, ignoring case.

    Attributes:
        language, call, position: of its latest imported turn, which is read first.
    """

    text: str
    language: str | None
    turns: int
    call: str
    position: int


@dataclass(frozen=True)
class ProblemTurns:
    """Turns that the assistant would not have answered; `exact` is False where the counts of texts are lower bounds."""

    problem: str
    turns: int
    exact: bool
    texts: list[FrequentText]


@dataclass(frozen=True)
class Confidence:
    """The recogniser's confidence: turns by tenths (the last includes 1.0), mean (None: no turn has one), the rest."""

    bins: list[int]
    mean: float | None
    unknown: int


@dataclass(frozen=True)
class Figures:
    """All figures; days are ISO 8601 in Riga; lists have the most frequent first, periods the earliest.

    Attributes:
        step: the length of a period, day or week.
        calls_answered: calls by whether every question was followed by an answer: yes, no, unknown.
        questions: turns that are questions; `unanswered` lists those without an answer.
        handoffs: calls in which the customer asked for a person.
        requests: calls by what the customer requested, including a person.
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
    topics: list[TopicFigures]
    languages: list[LanguageCalls]
    calls_answered: dict[str, int]
    questions: int
    unanswered: list[Unanswered]
    problems: list[ProblemTurns]
    handoffs: int
    requests: dict[str, int]
    moods: dict[str, int]
    confidence: Confidence
