"""The pipeline's last component: overrides the intent of messages that must not be answered by it.

Unreadable messages (empty, too long, without words), bare digits, other languages and guesses below the threshold get
the intent that leads to the right reply. Danger passes unchanged: it comes before everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.domain_names import Intent
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.alarms import names_danger, names_despair
from bot.nlu.annotations import forget_questions, has_danger_in_part, has_despair, note_intent, note_problem, seen_in
from bot.nlu.beside_numbers import has_number
from bot.nlu.input_limits import endings, input_problem
from bot.nlu.segments import sentences
from bot.parse_result import OTHER, Guess
from bot.settings import LANGUAGES
from bot.words.text import letters


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Overrides `intent` where the message itself, not its meaning, decides the reply."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - limit: length limit of a readable message, in characters.
        - threshold: confidence below which the assistant asks back (fallback).
        - danger: confidence from which danger passes whatever else is wrong with a message.
        """
        return {"limit": MESSAGE_LIMIT, "threshold": 0.35, "danger": 0.5}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gate:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Override the intent where needed; the ranking stays as it was."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                self._decide(message, text)
        return messages

    def _decide(self, message: Message, text: str) -> None:
        seen = seen_in(message)
        problem = input_problem(text, self._config["limit"])
        language = seen.language_code or LANGUAGES[0]
        if has_danger_in_part(message) or self._names(names_danger, text, language):
            self._set(message, Intent.REPORT_DANGER)
            return
        if has_despair(message) or self._names(names_despair, text, language):
            self._set(message, Intent.REPORT_DESPAIR)
            return
        is_foreign = seen.language_code == OTHER
        if seen.intent == Intent.REPORT_DANGER and seen.confidence >= self._config["danger"] and not is_foreign:
            return
        if problem:
            note_problem(message, problem)
            self._set(message, Intent.NLU_FALLBACK)
        elif letters(text) == 0 or (seen.intent == Intent.WITHOUT_NUMBER and has_number(text)):
            self._set(message, Intent.INFORM)
        elif is_foreign and seen.intent != Intent.CHANGE_LANGUAGE:
            self._set(message, Intent.OUT_OF_SCOPE)
        elif (seen.intent == Intent.UNSURE and seen.is_doubtful) or (
            seen.confidence < self._config["threshold"] and not seen.questions
        ):
            self._set(message, Intent.NLU_FALLBACK)

    def _names(self, alarm: Callable[[str, str], bool], text: str, code: str) -> bool:
        """Whether a message names an alarm, whole or in a sentence; in other languages only in the last one."""
        whole = text[: self._config["limit"]]
        if code != OTHER and any(alarm(part, code) for part in (whole, *sentences(whole))):
            return True
        return any(alarm(end, code) for end in endings(text))

    @staticmethod
    def _set(message: Message, intent: Intent) -> None:
        forget_questions(message)
        note_intent(message, Guess(intent, 1.0))
