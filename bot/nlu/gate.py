"""The last word of the pipeline: messages that are not for answering by their intent.

What cannot be read (empty, too long, without words), bare digits, other languages and unsure guesses get the intent
that leads to the right reply. Danger goes through untouched: it comes before everything else.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.lexicon import names_life_support
from bot.nlu.signals import DANGER, LANGUAGE, OTHER, PROBLEM, QUESTIONS
from bot.nlu.text import clean, letters

_LANGUAGE_REQUEST = "change_language"


def input_problem(text: str, limit: int) -> str | None:
    """What keeps a text from being read: "empty", "too_long", "no_words"; None where it can be."""
    readable = clean(text)
    if not readable:
        return "empty" if not text.strip() else "no_words"
    if len(text) > limit:
        return "too_long"
    if letters(readable) == 0 and not re.search(r"\d", readable):
        return "no_words"
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Overrides `intent` where the message itself, not its meaning, decides the reply."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - limit: characters of the longest message that is read.
        - threshold: confidence below which the assistant asks back.
        - danger: confidence from which danger counts whatever else is wrong with a message.
        """
        return {"limit": 2000, "threshold": 0.35, "danger": 0.5}

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
        """Set the deciding intent where there is one; the ranking stays as it was."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                self._decide(message, text)
        return messages

    def _decide(self, message: Message, text: str) -> None:
        intent = message.get(INTENT) or {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
        name, confidence = intent[INTENT_NAME_KEY], intent[PREDICTED_CONFIDENCE_KEY]
        language = message.get(LANGUAGE) or {}
        problem = input_problem(text, self._config["limit"])
        if (
            names_life_support(text[: self._config["limit"]], language.get("code") or "lv")
            and language.get("code") != OTHER
        ):
            self._set(message, DANGER)
            return
        if name == DANGER and confidence >= self._config["danger"] and language.get("code") != OTHER:
            return
        if problem:
            message.set(PROBLEM, problem, add_to_output=True)
            self._set(message, DEFAULT_NLU_FALLBACK_INTENT_NAME)
        elif letters(text) == 0:
            self._set(message, "inform")
        elif language.get("code") == OTHER and name != _LANGUAGE_REQUEST:
            self._set(message, "out_of_scope")
        elif confidence < self._config["threshold"] and not message.get(QUESTIONS):
            self._set(message, DEFAULT_NLU_FALLBACK_INTENT_NAME)

    @staticmethod
    def _set(message: Message, name: str) -> None:
        message.set(QUESTIONS, None)
        message.set(INTENT, {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
