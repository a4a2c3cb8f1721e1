"""The intent classifier: characters first, meaning for the unsure rest.

A cascade (measured in `docs/nlu.md`): logistic regression on character n-grams answers when it is sure; otherwise a
second one, on the same n-grams beside a sentence vector, decides. Training sentences are shown to the second one also
without diacritics.
"""

from __future__ import annotations

import json
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

from bot.nlu.encoder import Encoder, Vectors, e5
from bot.nlu.fingerprint import content_digest
from bot.nlu.linear import CharacterFeatures, Floats, Softmax, beside
from bot.nlu.text import fold, without_diacritics

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

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._features: CharacterFeatures | None = None
        self._characters: Softmax | None = None
        self._hybrid: Softmax | None = None
        self._centre: Vectors | None = None
        self._encoder: Encoder | None = e5() if config["encoder"] == "e5" else None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CascadeIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work, so that changing them trains anew."""
        return content_digest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both models and write them to the model storage."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            raise ValueError("Intents cannot be told apart: the training data have fewer than two.")
        self._features = CharacterFeatures(self._config["shortest"], self._config["longest"], self._config["min_df"])
        self._features.fit([fold(text) for text in texts])
        rows = self._features.transform([fold(text) for text in texts])
        self._characters = Softmax.fit(rows, labels, self._config["strength"])
        if self._encoder is not None:
            bare = [(without_diacritics(t), label) for t, label in zip(texts, labels, strict=True)]
            new = [(t, label) for (t, label), original in zip(bare, texts, strict=True) if t != original]
            shown = texts + [text for text, _ in new]
            vectors = self._encoder.encode(shown)
            self._centre = vectors.mean(axis=0)
            features = beside(self._features.transform([fold(t) for t in shown]), self._centred(vectors))
            self._hybrid = Softmax.fit(features, labels + [label for _, label in new], self._config["strength"])
        self._persist()
        return self._resource

    def _centred(self, vectors: Vectors) -> Floats:
        """Vectors around the mean of the training sentences, of length 1: e5's own space is narrow."""
        moved = vectors - self._centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify; messages without text are left to the gate."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                ranking = self.ranking(text)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def ranking(self, text: str) -> list[dict[str, Any]]:
        """The likeliest intents of a text with their calibrated confidences."""
        assert self._features is not None and self._characters is not None  
        row = self._features.transform([fold(text)])
        model, confidences = self._characters, self._characters.probabilities(row)[0]
        if confidences.max() < self._config["sure"] and self._hybrid is not None and self._encoder is not None:
            model = self._hybrid
            confidences = model.probabilities(beside(row, self._centred(self._encoder.encode([text]))))[0]
        order = np.argsort(-confidences)[:RANKING_LENGTH]
        return [
            {INTENT_NAME_KEY: model.classes[i], PREDICTED_CONFIDENCE_KEY: round(float(confidences[i]), 4)} for i in order
        ]

    def _persist(self) -> None:
        assert self._features is not None and self._characters is not None  
        with self._storage.write_to(self._resource) as folder:
            self._features.save(folder, "ngrams")
            self._characters.save(folder, "characters")
            if self._hybrid is not None:
                self._hybrid.save(folder, "hybrid")
                np.savez_compressed(folder / "centre.npz", centre=self._centre)
            (folder / "parts.json").write_text(json.dumps({"hybrid": self._hybrid is not None}), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CascadeIntentClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._features = CharacterFeatures.load(folder, "ngrams")
            component._characters = Softmax.load(folder, "characters")
            if json.loads((folder / "parts.json").read_text(encoding="utf-8"))["hybrid"]:
                component._hybrid = Softmax.load(folder, "hybrid")
                component._centre = np.load(folder / "centre.npz", allow_pickle=False)["centre"]
        return component
