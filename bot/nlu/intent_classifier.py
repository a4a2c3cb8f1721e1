"""The intent classifier as a Rasa graph component; the model itself is `bot.nlu.cascade`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.topics import topics
from bot.nlu.cascade import Cascade
from bot.nlu.encoder import Encoder, e5
from bot.nlu.fingerprint import content_digest
from bot.nlu.linear import TextFeatures
from bot.nlu.questions import Margins, two_questions
from bot.nlu.signals import DANGER, LANGUAGE, QUESTIONS
from bot.nlu.spelling import Spelling
from bot.nlu.vector_cache import CachedEncoder
from bot.settings import LANGUAGES, settings

RANKING_LENGTH = 10
VECTORS = "vectors.sqlite3"  # in the models' folder
# Of two questions in a message, the one whose rule the conversation follows: danger, then what asks something back.
_LEADING = (DANGER, "report_outage")


def leads(intent: str) -> int:
    """The place of an intent in the order of leading; the first question leads where neither is of these."""
    return _LEADING.index(intent) if intent in _LEADING else len(_LEADING)


def answerable() -> frozenset[str]:
    """Intents that have an answer of their own, so that two of them can be answered in one reply."""
    return frozenset(topics())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CascadeIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - shortest, longest, min_df: the character n-grams; words: the longest run of words that is a feature.
        - strength: C of the support vector machines.
        - encoder: "e5", or "none" to do without sentence vectors.
        - sure: confidence from which the character model answers alone.
        - asked, stated: how clearly the two sides of a message must be about two things to count as two questions
          (`bot.nlu.questions.margin`), where the first has the form of a question and where it only states; from 2,
          messages are never taken apart.
        """
        return {
            "shortest": 3,
            "longest": 5,
            "min_df": 2,
            "words": 2,
            "strength": 0.3,
            "encoder": "e5",
            "sure": 0.9,
            "asked": 0.8,
            "stated": 0.9,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, cascade: Cascade | None
    ) -> None:
        self._config, self._storage, self._resource, self._cascade = config, storage, resource, cascade

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CascadeIntentClassifier:
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CascadeIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Cascade.load(folder, _encoder(config), config["sure"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work, so that changing them trains anew."""
        return content_digest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the models and write them to the model storage.

        Raises:
            ValueError: the training data have fewer than two intents.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            raise ValueError("The training data have fewer than two intents; there is nothing to tell apart.")
        config = self._config
        ngrams = TextFeatures(config["shortest"], config["longest"], config["min_df"], config["words"])
        texts = [example.get(TEXT) for example in examples]
        encoder = training_encoder(config, keep_only=True)
        spelling = Spelling.learn(texts)
        fitted = Cascade.fit(texts, labels, spelling, ngrams, config["strength"], encoder, config["sure"])
        self._cascade = replace(fitted, encoder=_encoder(config))
        with self._storage.write_to(self._resource) as folder:
            self._cascade.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify; messages without text are left to the gate, payloads of buttons to Rasa."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                ranking = self._ranking(text)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
                self._take_apart(message, text)
        return messages

    def _take_apart(self, message: Message, text: str) -> None:
        """Note two questions where there are two; the message's own intent is then the one that leads."""
        cascade, language = self._trained(), (message.get(LANGUAGE) or {}).get("code", LANGUAGES[0])
        margins = Margins(self._config["asked"], self._config["stated"])
        pair = two_questions(text, language, cascade.glance, cascade.distributions, answerable(), margins)
        if pair is None:
            return
        leading = min(pair, key=lambda question: leads(question.intent))
        message.set(
            INTENT,
            {INTENT_NAME_KEY: leading.intent, PREDICTED_CONFIDENCE_KEY: leading.confidence},
            add_to_output=True,
        )
        if leading.intent != DANGER:
            message.set(QUESTIONS, [asdict(question) for question in pair], add_to_output=True)

    def _trained(self) -> Cascade:
        if self._cascade is None:
            raise RuntimeError("The intent classifier was asked before it was trained or loaded.")
        return self._cascade

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        intents, confidences = self._trained().confidences(text)
        return [
            {INTENT_NAME_KEY: intents[place], PREDICTED_CONFIDENCE_KEY: round(float(confidences[place]), 4)}
            for place in np.argsort(-confidences)[:RANKING_LENGTH]
        ]


def _encoder(config: dict[str, Any]) -> Encoder | None:
    return e5() if config["encoder"] == "e5" else None


def training_encoder(config: dict[str, Any], *, keep_only: bool) -> Encoder | None:
    """The encoder that a configuration names, with the vectors of the training sentences kept on disk."""
    encoder = _encoder(config)
    return CachedEncoder(encoder, settings().models / VECTORS, keep_only=keep_only) if encoder else None
