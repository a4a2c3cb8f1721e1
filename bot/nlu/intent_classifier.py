"""The intent classifier as a Rasa graph component; the model itself is `bot.nlu.cascade`."""

from __future__ import annotations

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

from bot.nlu.cascade import Cascade
from bot.nlu.encoder import Encoder, e5
from bot.nlu.fingerprint import content_digest
from bot.nlu.linear import CharacterFeatures

RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CascadeIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - shortest, longest, min_df: the character n-grams.
        - strength: C of the logistic regressions.
        - encoder: "e5", or "none" to do without sentence vectors.
        - sure: confidence from which the character model answers alone.
        """
        return {"shortest": 2, "longest": 5, "min_df": 2, "strength": 20.0, "encoder": "e5", "sure": 0.9}

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
        ngrams = CharacterFeatures(config["shortest"], config["longest"], config["min_df"])
        texts = [example.get(TEXT) for example in examples]
        self._cascade = Cascade.fit(texts, labels, ngrams, config["strength"], _encoder(config), config["sure"])
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
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._cascade is None:
            raise RuntimeError("The intent classifier was asked before it was trained or loaded.")
        intents, confidences = self._cascade.confidences(text)
        return [
            {INTENT_NAME_KEY: intents[place], PREDICTED_CONFIDENCE_KEY: round(float(confidences[place]), 4)}
            for place in np.argsort(-confidences)[:RANKING_LENGTH]
        ]


def _encoder(config: dict[str, Any]) -> Encoder | None:
    return e5() if config["encoder"] == "e5" else None
