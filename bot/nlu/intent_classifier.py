"""The intent classifier as a Rasa graph component; the model itself is `bot.nlu.cascade`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.domain_names import IRREVERSIBLE, Intent
from bot.knowledge.topics import topics
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.annotations import (
    note_danger_in_part,
    note_doubtful,
    note_intent,
    note_questions,
    note_ranking,
    seen_in,
)
from bot.nlu.beside_numbers import beside_numbers
from bot.nlu.cascade import Cascade
from bot.nlu.encoder import Encoder, e5
from bot.nlu.familiarity import Familiarity
from bot.nlu.fingerprint import content_digest
from bot.nlu.input_limits import endings, is_worth_encoding
from bot.nlu.linear import TextFeatures
from bot.nlu.politeness import gives_way, matter, takes_over
from bot.nlu.progress import TrainingStep, reached
from bot.nlu.spelling import Spelling
from bot.nlu.titles import Titles
from bot.nlu.two_questions import Margins, Span, two_questions
from bot.nlu.vector_cache import CachedEncoder
from bot.parse_result import OTHER, Guess
from bot.settings import LANGUAGES, settings
from bot.words.lexicon import is_follow_up
from bot.words.text import fold

Ranking = list[Guess]  # the likeliest intents, likeliest first
RANKING_LENGTH = 10
WORTH_A_LOOK = 0.2  # n-gram confidence in danger from which the end of a long message is classified fully
VECTORS = "vectors.sqlite3"  # in the models' folder
# Priority of intents when a message has two questions: danger first, then the one that asks something back.
_LEADING: tuple[str, ...] = (Intent.REPORT_DANGER, Intent.REPORT_OUTAGE)


def leads(intent: str) -> int:
    """An intent's priority rank, lowest first; where neither question has one, the first leads."""
    return _LEADING.index(intent) if intent in _LEADING else len(_LEADING)


def answerable() -> frozenset[str]:
    """Intents with an answer of their own, so that two of them can be answered in one reply."""
    return frozenset(topics())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CascadeIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - shortest, longest, min_df: of the character n-grams; words: the longest word n-gram.
        - strength: C (inverse regularisation) of the support vector machines.
        - encoder: "e5", or "none" for no sentence vectors.
        - sure: confidence from which the character model answers alone.
        - asked, stated: the margin from which the two sides of a message count as two questions
          (`bot.nlu.two_questions.margin`), where the first is a question and where it is a statement; with 2 or more,
          messages are never split.
        - certain, familiar: confidence, and share of known words (`Familiarity`), below which a guess at an
          irreversible intent is marked as doubtful.
        - beside: confidence from which danger counts in the text around a contract number or a code.
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
            "certain": 0.8,
            "familiar": 0.35,
            "beside": 0.5,
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        cascade: Cascade | None,
        familiarity: Familiarity | None,
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._know(cascade, familiarity)

    def _know(self, cascade: Cascade | None, familiarity: Familiarity | None) -> None:
        self._cascade, self._familiarity = cascade, familiarity
        self._titles = Titles(cascade.spelling.mended) if cascade else Titles()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CascadeIntentClassifier:
        return cls(config, model_storage, resource, None, None)

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
            cascade = Cascade.load(folder, _encoder(config), config["sure"])
            return cls(config, model_storage, resource, cascade, Familiarity.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A digest of the modules that do the work, so that changing them trains again."""
        return content_digest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the models and write them to the model storage.

        Raises:
            ValueError: the training data have fewer than two intents.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            raise ValueError("The training data have fewer than two intents; there is nothing to classify.")
        config = self._config
        ngrams = TextFeatures(config["shortest"], config["longest"], config["min_df"], config["words"])
        texts = [example.get(TEXT) for example in examples]
        encoder = training_encoder(config, keep_only=True)
        reached(TrainingStep.SPELLING)
        spelling = Spelling.learn(texts)
        fitted = Cascade.fit(texts, labels, spelling, ngrams, config["strength"], encoder, config["sure"])
        familiarity = Familiarity.learn([fold(spelling.mended(text)) for text in texts], labels)
        self._know(replace(fitted, encoder=_encoder(config)), familiarity)
        with self._storage.write_to(self._resource) as folder:
            fitted.save(folder)
            familiarity.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages; those without text are left to the gate, payloads of buttons to Rasa."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                foreign = seen_in(message).language_code == OTHER
                if not is_worth_encoding(text, foreign=foreign):
                    self._glance(message, text[:MESSAGE_LIMIT])
                    continue
                ranking, about = self._read(text)
                note_ranking(message, ranking)
                self._take_apart(message, text, about)
                if self._is_doubtful(message, text[slice(*about)]):
                    note_doubtful(message)
                self._hear_the_end(message, text)
                self._hear_beside_numbers(message, text)
        return messages

    def _glance(self, message: Message, text: str) -> None:
        """Classify by character n-grams alone a text whose reply does not depend on the intent."""
        note_ranking(message, _ranked(self._trained().glance([text])[0]))
        self._hear_the_end(message, text)

    def _hear_the_end(self, message: Message, text: str) -> None:
        """Note danger at the end of a long message; it then becomes the message's intent."""
        ends = endings(text)
        looks = zip(ends, self._trained().glance(ends), strict=True)
        worth_a_look = (end for end, glanced in looks if glanced.get(Intent.REPORT_DANGER, 0.0) >= WORTH_A_LOOK)
        guesses = (self._ranking(end)[0] for end in worth_a_look)
        if any(one.intent == Intent.REPORT_DANGER and one.confidence >= self._config["certain"] for one in guesses):
            note_danger_in_part(message)

    def _hear_beside_numbers(self, message: Message, text: str) -> None:
        """Note danger that a contract number or a code hides: most messages with one are answers to a question."""
        if rest := beside_numbers(text):
            guess = self._ranking(rest)[0]
            if guess.intent == Intent.REPORT_DANGER and guess.confidence >= float(self._config["beside"]):
                note_danger_in_part(message)

    def _read(self, text: str) -> tuple[Ranking, Span]:
        """The likeliest intents, and the span of text that they are for: all of it, or without polite phrases."""
        cascade, whole = self._trained(), self._ranking(text)
        span = matter(text, cascade.spelling.mended) if gives_way(whole[0]) else None
        if span is not None:
            left = text[slice(*span)]
            rest, folded = self._ranking(left), fold(cascade.spelling.mended(left))
            known = 1.0 if self._titles.intent(left) else self._share(folded, rest[0].intent)
            if takes_over(whole[0], rest[0], known, len(folded.split())):
                return rest, span
        return whole, (0, len(text))

    def _take_apart(self, message: Message, text: str, about: Span) -> None:
        """Split a message into two questions where it has two; its intent is then that of the leading one."""
        cascade, language = self._trained(), seen_in(message).language_code or LANGUAGES[0]
        margins = Margins(self._config["asked"], self._config["stated"])
        part = text[slice(*about)]
        pair = two_questions(part, language, cascade.glance, cascade.distributions, answerable(), margins)
        if pair is None:
            return
        leading = min(pair, key=lambda question: leads(question.intent))
        note_intent(message, Guess(leading.intent, leading.confidence))
        if leading.intent != Intent.REPORT_DANGER:
            moved = [replace(one, start=one.start + about[0], end=one.end + about[0]) for one in pair]
            note_questions(message, moved)

    def _is_doubtful(self, message: Message, text: str) -> bool:
        """Whether a guess at an irreversible intent, or at "maybe", has too little evidence."""
        seen = seen_in(message)
        intent = str(seen.intent)
        if intent not in IRREVERSIBLE | {Intent.UNSURE} or seen.questions or self._titles.intent(text):
            return False
        if intent in IRREVERSIBLE and is_follow_up(text, seen.language_code or LANGUAGES[0]):
            return True  # "nu ko tad": such words stand in every intent's examples
        share = self._share(fold(self._trained().spelling.mended(text)), intent)
        return seen.confidence < float(self._config["certain"]) or share < float(self._config["familiar"])

    def _share(self, folded: str, intent: str) -> float:
        if self._familiarity is None:
            raise RuntimeError("The intent classifier was used before it was trained or loaded.")
        return self._familiarity.share(folded, intent)

    def _trained(self) -> Cascade:
        if self._cascade is None:
            raise RuntimeError("The intent classifier was used before it was trained or loaded.")
        return self._cascade

    def _ranking(self, text: str) -> Ranking:
        if title := self._titles.intent(text):
            return [Guess(title, 1.0)]
        intents, confidences = self._trained().confidences(text)
        return _ranked(dict(zip(intents, map(float, confidences), strict=True)))


def _ranked(confidences: Mapping[str, float]) -> Ranking:
    """The ranking: the likeliest of all intents."""
    intents, values = list(confidences), np.asarray(list(confidences.values()))
    return [Guess(intents[place], round(float(values[place]), 4)) for place in np.argsort(-values)[:RANKING_LENGTH]]


def _encoder(config: dict[str, Any]) -> Encoder | None:
    return e5() if config["encoder"] == "e5" else None


def training_encoder(config: dict[str, Any], *, keep_only: bool) -> Encoder | None:
    """The configured encoder, with the vectors of the training sentences cached on disk."""
    encoder = _encoder(config)
    return CachedEncoder(encoder, settings().models / VECTORS, keep_only=keep_only) if encoder else None
