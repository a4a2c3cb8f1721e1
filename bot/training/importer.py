"""Gives Rasa the training data of both languages: texts from the catalogues, sentences with their language."""

from pathlib import Path
from typing import Any

from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.signals import LANGUAGE
from bot.replies.catalogue import Catalogue, Variant, catalogues
from bot.settings import LANGUAGES


class BilingualImporter(RasaFileImporter):
    """Rasa's file importer, with the language noted on every sentence and the responses of both languages.

    Named in `config.yml` under `importers`, so that Rasa's own commands (`rasa train`, `rasa data validate`) use it.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The sentences, each with `metadata: {language: lv | en}` by the folder that its file is in."""
        sets = []
        for path in self._nlu_files:
            data = load_data(path, language or "en")
            code = next((part for part in Path(path).parts[::-1] if part in LANGUAGES), None)
            for example in data.training_examples:
                example.set(METADATA, {**(example.get(METADATA) or {}), LANGUAGE: code})
            sets.append(data)
        return TrainingData().merge(*sets)

    def get_domain(self) -> Domain:
        """The domain, with the texts of the `utter_` actions that it names; custom actions speak the others."""
        domain = super().get_domain()
        spoken = [action for action in domain.user_actions if action.startswith(UTTER_PREFIX)]
        return domain.merge(Domain.from_dict({"responses": rasa_responses(catalogues(), spoken)}))


def rasa_responses(texts: dict[str, Catalogue], keys: list[str]) -> dict[str, list[dict[str, Any]]]:
    """These replies in Rasa's form, their language in the metadata (LocalisedNLG chooses by it)."""
    return {
        key: [
            _rasa_response(catalogue, variant) for catalogue in texts.values() for variant in catalogue.responses[key]
        ]
        for key in keys
    }


def _rasa_response(catalogue: Catalogue, variant: Variant) -> dict[str, Any]:
    response: dict[str, Any] = {"text": variant.text, "metadata": {LANGUAGE: catalogue.language}}
    if variant.channel:
        response["channel"] = variant.channel
    if variant.next:
        buttons = [catalogue.button(intent) for intent in variant.next]
        response["buttons"] = [{"title": button.title, "payload": button.payload} for button in buttons]
    return response
