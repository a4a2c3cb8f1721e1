"""Language identification: Latvian, English, another language, or undecided.

Trained on the assistant's own sentences (labelled with their language by the importer) and on those of
`data/language/`, with and without diacritics and with typos. A message that is too short or too mixed stays undecided,
and the conversation's language stays (`bot.replies.language`).
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.annotations import note_language
from bot.nlu.fingerprint import content_digest
from bot.nlu.linear import SEED, Softmax
from bot.nlu.progress import TrainingStep, reached
from bot.nlu.slips import with_slips
from bot.nlu.text_features import TextFeatures
from bot.parse_result import LANGUAGE, OTHER, DetectedLanguage
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import clean, letters, without_diacritics

_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\ud7ff]")  # Greek, Cyrillic, Hebrew, Arabic … CJK
_ONLY_LATVIAN = re.compile(r"[āēīģķļņ]")
_NOT_LATVIAN = re.compile(r"[ąęėįųäöüõßłńśźżćñçàèìòùâêîôûëïåøæ]")
LATVIAN_SHARE = 3  # every third word
_NOT_LETTERS = re.compile(r"[^\w\s']|\d|_")


def script_language(text: str) -> str | None:
    """The language that the letters alone decide: another script, or many words with letters that only Latvian has.

    A single such word may be a name or a term in an English sentence ("the museum in Ķegums", "my rēķins").
    """
    lowered = text.lower()
    foreign = len(_FOREIGN_SCRIPT.findall(lowered))
    if foreign and foreign * 2 >= letters(text):
        return OTHER
    words = prepared(text).split()
    latvian = sum(1 for word in words if _ONLY_LATVIAN.search(word))
    share = LATVIAN_SHARE if latvian > 1 else 2  # a single word is more often a name or a borrowed word
    if latvian and latvian * share >= len(words) and not _NOT_LATVIAN.search(lowered):
        return "lv"
    return None


def prepared(text: str) -> str:
    """Words only, in lower case, with their diacritics, which distinguish languages."""
    return " ".join(_NOT_LETTERS.sub(" ", clean(text).lower()).split())


def extra_sentences(folder: Path) -> list[tuple[str, str]]:
    """The sentences of `folder` with their language; every file except lv.txt and en.txt counts as "other"."""
    return [
        (line.strip(), path.stem if path.stem in LANGUAGES else OTHER)
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Notes the language of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `docs/nlu.md`.

        - sentences: folder of further sentences, one file for each language.
        - sure: confidence threshold for lv and en; sure_other: the same for "other", where a mistake costs the
          customer more.
        - neutral: words that belong to no language.
        """
        return {
            "sentences": "data/language",
            "sure": 0.7,
            "sure_other": 0.85,
            "strength": 0.3,
            "neutral": ["ok", "okay", "okey", "hmm", "mhm", "elektrum", "latvenergo", "covid", "sms", "email", "pdf"],
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._neutral = set(config["neutral"])
        self._features: TextFeatures | None = None
        self._model: Softmax | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A digest of the sentences, so that changing them trains again."""
        folder = PROJECT / (cls.get_default_config() | config)["sentences"]
        return content_digest([Path(__file__), *folder.glob("*.txt")])

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the training examples with a language, and on the further sentences."""
        reached(TrainingStep.LANGUAGES)
        tagged = [
            (example.get(TEXT), (example.get(METADATA) or {}).get(LANGUAGE))
            for example in training_data.intent_examples
            if example.get(TEXT)
        ]
        examples = [(t, code) for t, code in tagged if code] + extra_sentences(PROJECT / self._config["sentences"])
        shown: dict[str, set[str]] = {}
        for text, code in examples:
            # The typos are seeded by each text, so they are always the same.
            mistyped = with_slips(text, random.Random(f"{SEED} {text}"))  # noqa: S311
            for variant in (text, without_diacritics(text), without_diacritics(mistyped)):
                shown.setdefault(prepared(variant), set()).add(code)
        # Texts that occur in more than one language ("stop", "ok") are no evidence for either.
        texts = [text for text, codes in shown.items() if len(codes) == 1]
        codes = [next(iter(shown[text])) for text in texts]
        self._features = TextFeatures(1, 4, 2).fit(texts)
        # Imbalanced classes: there are twenty times as many sentences of our own as in other languages.
        self._model = Softmax.fit(self._features.transform(texts), codes, self._config["strength"], balanced=True)
        with self._storage.write_to(self._resource) as folder:
            self._features.save(folder, "ngrams")
            self._model.save(folder, "languages")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._features = TextFeatures.load(folder, "ngrams")
            component._model = Softmax.load(folder, "languages")
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Note the language on each message, as part of the parse result."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                note_language(message, self.identify(text))
        return messages

    def identify(self, text: str) -> DetectedLanguage:
        """The language of a text, and whether it is decided or only a guess."""
        by_script = script_language(text)
        if by_script:
            return DetectedLanguage(by_script, 1.0, is_decided=True)
        words = prepared(text).split()
        telling = [word for word in words if word not in self._neutral]
        if letters("".join(telling)) < 2 or self._features is None or self._model is None:
            return DetectedLanguage(LANGUAGES[0], 0.0, is_decided=False)
        confidences = self._model.probabilities_of(self._features.row(" ".join(telling)))
        best = int(confidences.argmax())
        code, confidence = self._model.classes[best], float(confidences[best])
        # One foreign-looking word is more often a typo or a name than another language.
        limit = self._config["sure"] if code != OTHER else self._config["sure_other"]
        decided = confidence >= limit and (code != OTHER or len(telling) > 1)
        if code == OTHER and not decided:
            own = [i for i, name in enumerate(self._model.classes) if name != OTHER]
            code = self._model.classes[max(own, key=lambda i: confidences[i])]
        return DetectedLanguage(code, round(confidence, 4), is_decided=decided)
