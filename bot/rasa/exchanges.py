"""JSON shapes of the in-process assistant (`bot chat`, `bot parse`): a message with its replies, and a parse."""

from typing import TypedDict

from bot.parse_result import ParseResult


class SaidButton(TypedDict):
    """An offered choice."""

    title: str


class SaidSource(TypedDict):
    """A source, shown as a link by clients."""

    title: str
    url: str | None


class SaidReply(TypedDict):
    """A reply."""

    text: str
    buttons: list[SaidButton]
    sources: list[SaidSource]


class Exchange(TypedDict):
    """A message and its replies; `language` and `intent` are None where the conversation cannot be read.

    `questions` are those that the message asks: intents, or questions within them.

    What the replies convey together (`bot.knowledge.conveyed`): `act`, None where nothing was said, `opening`, `rows`.
    """

    you: str
    language: str | None
    intent: str | None
    questions: list[str]
    act: str | None
    opening: str
    rows: list[str]
    replies: list[SaidReply]


class ReportedEntity(TypedDict):
    """An entity of a message; `start` and `end` are character offsets."""

    entity: str
    value: str
    start: int
    end: int


class ReportedQuestion(TypedDict):
    """One of several questions of a message; `start` and `end` are character offsets."""

    intent: str
    about: str | None
    confidence: float
    start: int
    end: int


class ParseReport(TypedDict):
    """The parse of a text without a conversation; `questions` is empty where it asks only one.

    `about` is the question within the intent, None where none was recognised.
    """

    text: str
    language: str | None
    intent: str | None
    about: str | None
    confidence: float
    entities: list[ReportedEntity]
    questions: list[ReportedQuestion]


def parse_report(text: str, found: ParseResult) -> ParseReport:
    """The parse of a text as JSON for other programs."""
    return {
        "text": text,
        "language": found.language_code,
        "intent": found.intent,
        "about": found.about.intent if found.about else None,
        "confidence": found.confidence,
        "entities": [
            {"entity": entity.name, "value": entity.value, "start": entity.start, "end": entity.end}
            for entity in found.entities
        ],
        "questions": [
            {"intent": one.intent, "about": one.about, "confidence": one.confidence, "start": one.start, "end": one.end}
            for one in found.questions
        ],
    }
