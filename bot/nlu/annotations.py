"""What the pipeline writes into Rasa's messages. Only this module writes it, and `bot.parse_result` reads it back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

from bot.parse_result import (
    DOUBTFUL,
    LANGUAGE,
    MEANINGS,
    PROBLEM,
    QUESTION,
    QUESTIONS,
    DetectedLanguage,
    Entity,
    Guess,
    InputProblem,
    ParseResult,
    Question,
    parse_result,
)

# From the intent classifier to the gate; not part of the parse result.
DANGER_IN_PART = "danger_in_part"
DESPAIR = "despair"


def seen_in(message: Message) -> ParseResult:
    """The parse result of a message from the components so far."""
    return parse_result(message.data)


def note_language(message: Message, language: DetectedLanguage) -> None:
    """Note a message's language."""
    found = {"code": language.code, "confidence": language.confidence, "decided": language.is_decided}
    message.set(LANGUAGE, found, add_to_output=True)


def note_intent(message: Message, guess: Guess) -> None:
    """Note the intent that decides the reply; the ranking stays as it was."""
    message.set(INTENT, _ranked(guess), add_to_output=True)


def note_ranking(message: Message, ranking: Sequence[Guess]) -> None:
    """Note the likeliest intents; the first is the message's own."""
    note_intent(message, ranking[0])
    message.set(INTENT_RANKING_KEY, [_ranked(guess) for guess in ranking], add_to_output=True)


def note_questions(message: Message, questions: Iterable[Question]) -> None:
    """Note the questions of a message that asks two."""
    message.set(QUESTIONS, [_of_question(question) for question in questions], add_to_output=True)


def note_about(message: Message, question: Guess) -> None:
    """Note which question within its intent a message asks."""
    message.set(QUESTION, _ranked(question), add_to_output=True)


def note_meanings(message: Message, meanings: Sequence[Guess]) -> None:
    """Note the likeliest intents and questions, likeliest first."""
    message.set(MEANINGS, [_ranked(guess) for guess in meanings], add_to_output=True)


def forget_questions(message: Message) -> None:
    """Remove a message's questions, so that only its intent counts."""
    message.set(QUESTIONS, None)
    message.set(QUESTION, None)


def note_doubtful(message: Message) -> None:
    """Note that the intent is too uncertain for an irreversible action."""
    message.set(DOUBTFUL, True, add_to_output=True)


def note_problem(message: Message, problem: InputProblem) -> None:
    """Note why a message cannot be read."""
    message.set(PROBLEM, str(problem), add_to_output=True)


def add_entities(message: Message, entities: Iterable[Entity], extractor: str) -> None:
    """Add entities to those that a message already has."""
    found = [_carried(entity, extractor) for entity in entities]
    message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)


def note_danger_in_part(message: Message) -> None:
    """Note, for the gate, that a part of a message reports danger, whatever its language and intent."""
    message.set(DANGER_IN_PART, True)


def note_despair(message: Message) -> None:
    """Note, for the gate, that a message tells of despair, whatever else it says."""
    message.set(DESPAIR, True)


def has_despair(message: Message) -> bool:
    """Whether that was noted."""
    return bool(message.get(DESPAIR))


def has_danger_in_part(message: Message) -> bool:
    """Whether that was noted."""
    return bool(message.get(DANGER_IN_PART))


def _of_question(question: Question) -> dict[str, Any]:
    return {name: value for name, value in asdict(question).items() if value is not None}


def _ranked(guess: Guess) -> dict[str, Any]:
    return {INTENT_NAME_KEY: str(guess.intent), PREDICTED_CONFIDENCE_KEY: guess.confidence}


def _carried(entity: Entity, extractor: str) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: str(entity.name),
        ENTITY_ATTRIBUTE_VALUE: entity.value,
        ENTITY_ATTRIBUTE_START: entity.start,
        ENTITY_ATTRIBUTE_END: entity.end,
        EXTRACTOR: extractor,
    }
