"""Rasa's parse result of a message, with what our NLU pipeline adds to it, as a type."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.settings import LANGUAGES

# Keys of what the pipeline (`bot.nlu.annotations`) adds to a parse result, beside Rasa's own keys.
LANGUAGE = "language"  # fields of `DetectedLanguage`
PROBLEM = "input_problem"  # an `InputProblem`
QUESTIONS = "questions"  # a list with the fields of `Question`
QUESTION = "question"  # name and confidence of the question that is asked within the intent
MEANINGS = "meanings"  # the likeliest intents and questions, each with name and confidence
PLAIN = "plain"  # only of a training example: whether it is a plain sentence, not one from a conversation
DOUBTFUL = "doubtful"  # true or missing
OTHER = "other"  # the code for any language that is not ours


class InputProblem(StrEnum):
    """Why a message cannot be read."""

    EMPTY = "empty"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Guess:
    """A guessed intent, or a question within one (`ask_late_fees/whether`), with its confidence, 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Question:
    """One of several questions in a message.

    Attributes:
        confidence: of the intent, 0 to 1.
        start, end: character offsets.
        about: the question within the intent, such as `ask_late_fees/whether`; None where none was recognised.
    """

    intent: str
    confidence: float
    start: int
    end: int
    about: str | None = None


@dataclass(frozen=True)
class Entity:
    """An entity: what the characters from start to end mean.

    Attributes:
        name: its kind, mostly a `bot.domain_names.EntityName`.
        value: normalised text: a place's id, an ISO date, digits without spaces.
    """

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class DetectedLanguage:
    """The language of a message.

    Attributes:
        code: lv, en or `OTHER`; None where only the other fields were stored.
        confidence: 0 to 1.
        is_decided: whether it is certain, not a guess.
    """

    code: str | None
    confidence: float
    is_decided: bool


@dataclass(frozen=True)
class ParseResult:
    """What a message was understood as.

    Attributes:
        intent: decides the reply; None where nothing was understood.
        confidence: of the intent, 0 to 1.
        ranking: the likeliest intents before the gate decides, likeliest first; empty where nothing was read.
        entities: in the order of the message.
        questions: those of a message that asks several, in order; empty for a message with one.
        about: the question within the intent, such as `ask_late_fees/whether`; None where none was recognised.
        meanings: the likeliest intents and questions before the gate decides, likeliest first.
        language: None for a button.
        problem: why the message could not be read, if so.
        is_doubtful: whether the intent is irreversible, or is "maybe", and was guessed from unfamiliar words or with
            low confidence.
    """

    text: str = ""
    intent: str | None = None
    confidence: float = 0.0
    ranking: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    questions: tuple[Question, ...] = ()
    about: Guess | None = None
    meanings: tuple[Guess, ...] = ()
    language: DetectedLanguage | None = None
    problem: InputProblem | None = None
    is_doubtful: bool = False

    @property
    def language_code(self) -> str | None:
        """lv, en or `OTHER`; None where the language is unknown."""
        return self.language.code if self.language else None

    @property
    def asked(self) -> list[str]:
        """What the message asks, for people to read: its questions, or its intents where none was recognised."""
        if self.questions:
            return [one.about or one.intent for one in self.questions]
        return [self.about.intent if self.about else str(self.intent)]

    def values(self, name: str, within: tuple[int, int] | None = None) -> list[str]:
        """The distinct values of an entity, in order; with `within`, only those that start in that character range."""
        found = [each for each in self.entities if each.name == name]
        if within is not None:
            found = [each for each in found if within[0] <= each.start < within[1]]
        return list(dict.fromkeys(each.value for each in found))


def parse_result(parsed: Mapping[str, Any] | None) -> ParseResult:
    """Read Rasa's parse result: `parse_message`'s answer, an event's `parse_data`, or a message that is being parsed.

    Stored conversations may lack any part (older versions, redaction, other pipelines); None gives an empty result.
    """
    known = parsed or {}
    intent = known.get("intent") or {}
    return ParseResult(
        text=str(known.get("text") or ""),
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(map(_guess, known.get("intent_ranking") or [])),
        entities=tuple(map(_entity, known.get("entities") or [])),
        questions=tuple(map(_question, known.get(QUESTIONS) or [])),
        about=_about(known.get(QUESTION)),
        meanings=tuple(map(_guess, known.get(MEANINGS) or [])),
        language=_language(known.get(LANGUAGE) or (known.get("metadata") or {}).get(LANGUAGE)),
        problem=_problem(known.get(PROBLEM)),
        is_doubtful=bool(known.get(DOUBTFUL)),
    )


def _entity(one: Mapping[str, Any]) -> Entity:
    return Entity(str(one.get("entity")), str(one.get("value")), one.get("start") or 0, one.get("end") or 0)


def _question(one: Mapping[str, Any]) -> Question:
    return Question(
        str(one.get("intent")),
        float(one.get("confidence") or 0.0),
        one.get("start") or 0,
        one.get("end") or 0,
        one.get("about"),
    )


def _about(found: object) -> Guess | None:
    if not isinstance(found, Mapping):  # a training example has its question as text here
        return None
    return _guess(found)


def _guess(one: Mapping[str, Any]) -> Guess:
    return Guess(str(one.get("name")), float(one.get("confidence") or 0.0))


def _language(found: object) -> DetectedLanguage | None:
    if isinstance(found, str):  # as older versions stored it
        return DetectedLanguage(found, 1.0, is_decided=True) if found in LANGUAGES else None
    if not isinstance(found, Mapping) or not found:
        return None
    return DetectedLanguage(found.get("code"), float(found.get("confidence") or 0.0), bool(found.get("decided")))


def _problem(found: object) -> InputProblem | None:
    return InputProblem(str(found)) if found in set(InputProblem) else None
