"""The intent classifier as a Rasa graph component; the model itself is `bot.nlu.cascade`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.domain_names import ALARMS, IRREVERSIBLE, Intent
from bot.knowledge.follow_ups import topic_of
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.alarm_listener import AlarmListener
from bot.nlu.annotations import (
    note_about,
    note_doubtful,
    note_intent,
    note_meanings,
    note_questions,
    note_ranking,
    seen_in,
)
from bot.nlu.cascade import Cascade
from bot.nlu.danger_detector import harmless_examples, harmless_files, without_alarms
from bot.nlu.encoder import Encoder, e5
from bot.nlu.example_weights import weights_of
from bot.nlu.familiarity import Familiarity
from bot.nlu.fingerprint import content_digest
from bot.nlu.input_limits import is_worth_encoding
from bot.nlu.meaning_space import MeaningSpace, save_known_examples
from bot.nlu.politeness import gives_way, is_farewell, matter, takes_over
from bot.nlu.progress import TrainingStep, reached
from bot.nlu.published_questions import PublishedQuestions
from bot.nlu.segments import only_question
from bot.nlu.several_questions import QuestionFinder, answerable, leads
from bot.nlu.spelling import Spelling
from bot.nlu.text_features import TextFeatures
from bot.nlu.titles import Titles
from bot.nlu.two_questions import Span
from bot.nlu.vector_cache import CachedEncoder
from bot.parse_result import OTHER, PLAIN, QUESTION, Guess
from bot.settings import LANGUAGES, settings
from bot.words.lexicon import is_follow_up
from bot.words.text import fold

Part = TypeVar("Part")
Ranking = list[Guess]  # the likeliest intents, likeliest first
RANKING_LENGTH = 10
MEANT_INTENTS = 5  # of the ranking, whose questions are considered
VECTORS = "vectors.sqlite3"  # in the models' folder
# What a message may mostly consist of around the one question that it asks.
TALK = frozenset(
    {
        Intent.AFFIRM,
        Intent.COMPLAIN,
        Intent.DENY,
        Intent.GOODBYE,
        Intent.GREET,
        Intent.OUT_OF_SCOPE,
        Intent.REPORT_SAFE,
        Intent.THANK,
        Intent.UNSURE,
    }
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CascadeIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - shortest, longest, min_df: of the character n-grams; words: the longest word n-gram.
        - strength: C (inverse regularisation) of the support vector machines that tell the intents; within: of those
          that tell the questions within an intent, and danger.
        - plain: how much a plain sentence counts beside a message from a conversation, of which there are more.
        - encoder: "e5", or "none" for no sentence vectors.
        - sure: confidence from which the character model answers alone.
        - asked, stated: the margin from which the two sides of a message count as two questions
          (`bot.nlu.two_questions.margin`), where the first is a question and where it is a statement; with 2 or more,
          messages are never split.
        - certain, familiar: confidence, and share of known words (`Familiarity`), below which a guess at an
          irreversible intent is marked as doubtful.
        - beside: confidence from which danger counts in the text around a contract number or a code.
        - alarm, despair: probability from which the danger detector is believed to have heard the one or the other
          (a mere "goodbye, but one more thing" comes near the second); alarm_against: the same for danger where another
          intent is clear; unheard: probability below which an alarm that only the intents see is dropped.
        - published: whether topics that were published after training are recognised (`bot.nlu.topic_matcher`).
        - numbered, told: confidence from which one of several sentences counts as a question of its own, where it has
          the form of a question (a question mark, a number in a list) and where it is a statement.
        """
        return {
            "shortest": 3,
            "longest": 5,
            "min_df": 2,
            "words": 2,
            "strength": 0.06,
            "within": 0.3,
            "plain": 8.0,
            "encoder": "e5",
            "sure": 0.9,
            "asked": 0.8,
            "stated": 0.9,
            "certain": 0.8,
            "familiar": 0.35,
            "beside": 0.5,
            "alarm": 0.3,
            "alarm_against": 0.5,
            "despair": 0.5,
            "unheard": 0.05,
            "published": True,
            "numbered": 0.45,
            "told": 0.95,
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        cascade: Cascade | None,
        familiarity: Familiarity | None,
        space: MeaningSpace | None = None,
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._know(cascade, familiarity, space)

    def _know(self, cascade: Cascade | None, familiarity: Familiarity | None, space: MeaningSpace | None) -> None:
        self._cascade, self._familiarity = cascade, familiarity
        self._published = PublishedQuestions.of(cascade, space if self._config["published"] else None)
        self._titles = Titles(cascade.spelling.mended) if cascade else Titles()
        self._finder = QuestionFinder(cascade, self._ranking, self._config) if cascade else None
        self._listener = AlarmListener(cascade, self._ranking, self._config) if cascade else None

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
            return cls(config, model_storage, resource, cascade, Familiarity.load(folder), MeaningSpace.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A digest of the modules that do the work, so that changing them trains again."""
        return content_digest(harmless_files())

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
        questions = [example.get(QUESTION) for example in examples]
        weights = weights_of(labels, [bool(example.get(PLAIN, True)) for example in examples], config["plain"])
        encoder = training_encoder(config, keep_only=True)
        reached(TrainingStep.SPELLING)
        spelling = Spelling.learn(texts)
        fitted = Cascade.fit(
            texts,
            labels,
            questions,
            spelling,
            ngrams,
            config["strength"],
            encoder,
            config["sure"],
            harmless_examples(),
            weights,
            config["within"],
        )
        mended = [spelling.mended(text) for text in texts]
        familiarity = Familiarity.learn([fold(text) for text in mended], labels)
        kept = _compared(labels, weights)
        space = self._space(mended, labels, weights, kept)
        self._know(replace(fitted, encoder=_encoder(config)), familiarity, space)
        with self._storage.write_to(self._resource) as folder:
            fitted.save(folder)
            familiarity.save(folder)
            if space is not None:
                space.save(folder)
                save_known_examples(folder, [*compress(texts, kept)], [*compress(labels, kept)])
        return self._resource

    def _space(
        self, mended: list[str], labels: list[str], weights: list[float], kept: list[bool]
    ) -> MeaningSpace | None:
        """The space in which published topics are compared with what is trained; None without sentence vectors."""
        encoder = training_encoder(self._config, keep_only=False)
        return MeaningSpace.learn(encoder.encode(mended), labels, weights, kept) if encoder else None

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
                meanings = self._meanings(text[slice(*about)], ranking)
                note_meanings(message, meanings)
                if asked := next((one for one in meanings if topic_of(one.intent) == ranking[0].intent), None):
                    note_about(message, asked)
                self._take_apart(message, text, about)
                if self._is_doubtful(message, text[slice(*about)]):
                    note_doubtful(message)
                self._listen(message, text, text[slice(*about)], ranking)
                if self._published and not foreign and not self._titles.intent(text[slice(*about)]):
                    self._published.note(message, text, about)
        return messages

    def _listen(self, message: Message, text: str, matter: str, ranking: Ranking) -> None:
        """Note alarms. One that only the intents see was none ("a shock at the bill") and gives way to the others.

        Args:
            matter: the text without polite phrases; ranking: its likeliest intents.
        """
        unheard = _known(self._listener).listen(message, text, ranking[0])
        if seen_in(message).intent in unheard and not self._titles.intent(matter):
            others = without_alarms(ranking)
            note_ranking(message, others)
            note_meanings(message, self._meanings(matter, others))

    def _meanings(self, text: str, ranking: Ranking) -> list[Guess]:
        """The likeliest intents and questions of a text: each intent of the ranking, by its questions where it has any.

        Their confidences are those of the intent times that of the question within it.
        """
        found: list[Guess] = []
        for guess in ranking[:MEANT_INTENTS]:
            questions = self._trained().questions(text, guess.intent) or {guess.intent: 1.0}
            found += (Guess(name, round(guess.confidence * share, 4)) for name, share in questions.items())
        return sorted(found, key=lambda one: -one.confidence)[:RANKING_LENGTH]

    def _glance(self, message: Message, text: str) -> None:
        """Classify by character n-grams alone a text whose reply does not depend on the intent."""
        note_ranking(message, _ranked(self._trained().glance([text])[0]))
        _known(self._listener).listen_to_the_end(message, text)

    def _read(self, text: str) -> tuple[Ranking, Span]:
        """The likeliest intents, and the span of text that they are for: all of it, or without polite phrases."""
        cascade = self._trained()
        if is_farewell(text, cascade.spelling.mended):
            return [Guess(Intent.GOODBYE, 1.0)], (0, len(text))
        whole = self._ranking(text)
        span = matter(text, cascade.spelling.mended) if gives_way(whole[0]) else None
        if span is not None:
            left = text[slice(*span)]
            rest, folded = self._ranking(left), fold(cascade.spelling.mended(left))
            known = 1.0 if self._titles.intent(left) else self._share(folded, rest[0].intent)
            if takes_over(whole[0], rest[0], known, len(folded.split())):
                return rest, span
        return self._question_in_talk(text, whole) or (whole, (0, len(text)))

    def _question_in_talk(self, text: str, whole: Ranking) -> tuple[Ranking, Span] | None:
        """The question in a message that is mostly talk ("The firemen came. Will you cut me off?"), if there is one."""
        asked = only_question(text) if whole[0].intent in TALK else None
        if asked is None:
            return None
        span = (asked.start, asked.end)
        ranking = self._ranking(text[slice(*span)])
        is_clear = ranking[0].confidence >= float(self._config["certain"])
        return (ranking, span) if is_clear and ranking[0].intent in answerable() | ACCOUNT_QUESTIONS else None

    def _take_apart(self, message: Message, text: str, about: Span) -> None:
        """Split a message into its questions where it has several; its intent is then that of the leading one."""
        finder = _known(self._finder)
        found = finder.find(text[slice(*about)], seen_in(message).language_code or LANGUAGES[0])
        if len(found) < 2:
            return
        leading = min(found, key=lambda question: leads(question.intent))
        note_intent(message, Guess(leading.intent, leading.confidence))
        if leading.intent not in ALARMS:
            moved = [replace(one, start=one.start + about[0], end=one.end + about[0]) for one in found]
            note_questions(message, [finder.with_about(text, one) for one in moved])

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
        return _known(self._familiarity).share(folded, intent)

    def _trained(self) -> Cascade:
        return _known(self._cascade)

    def _ranking(self, text: str) -> Ranking:
        if title := self._titles.intent(text):
            return [Guess(title, 1.0)]
        intents, confidences = self._trained().confidences(text)
        return _ranked(dict(zip(intents, map(float, confidences), strict=True)))


def _known(part: Part | None) -> Part:
    """A part of the trained model."""
    if part is None:
        raise RuntimeError("The intent classifier was used before it was trained or loaded.")
    return part


def _compared(labels: Sequence[str], weights: Sequence[float]) -> list[bool]:
    """Which examples published topics are compared with: the plain ones, and not those of published topics."""
    least = min(weights)
    plain = [weight > least for weight in weights] if max(weights) > least else [True] * len(weights)
    return [one and label != Intent.ASK_PUBLISHED_TOPIC for one, label in zip(plain, labels, strict=True)]


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
