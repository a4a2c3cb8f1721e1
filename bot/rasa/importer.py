"""Gives Rasa the training data of both languages: responses from the catalogues, and examples with their language."""

from pathlib import Path
from typing import Any

from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, METADATA
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.data_files import IN_CONVERSATION
from bot.parse_result import LANGUAGE, PLAIN, QUESTION
from bot.replies.catalogue import IN_FORCE, Catalogue, Variant, catalogues
from bot.settings import LANGUAGES

PLACE = "texts are under 'replies' in data/responses/lv.yml and en.yml"


class BilingualImporter(RasaFileImporter):
    """Rasa's file importer, with the language in every example's metadata and the responses of both languages.

    Named in `config.yml` under `importers`, so that Rasa's own commands (`rasa train`, `rasa data validate`) use it.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples, each with `metadata: {language: lv | en}` from the folder of its file.

        An example of `intent/aspect` is one of the intent, with the question beside it: Rasa would want a response of
        its own for each question of a retrieval intent; ours are answered from fact records. Examples of the folder
        `in_conversation` are not plain.
        """
        sets = []
        for path in self._nlu_files:
            data = load_data(path, language or "en")
            data.training_examples = [_example(message, Path(path)) for message in data.training_examples]
            sets.append(data)
        return TrainingData().merge(*sets)

    def get_domain(self) -> Domain:
        """The domain, with the texts of the `utter_` actions that it names; custom actions use the other texts.

        Raises:
            InvalidDomain: it has responses of its own, which would be in one language, or an action without a text.
        """
        domain = super().get_domain()
        if domain.responses:
            raise InvalidDomain(
                f"The domain has responses of its own ({', '.join(sorted(domain.responses))}), which would be in one "
                f"language; {PLACE}, with 'text', 'next' and 'channel'."
            )
        spoken = [action for action in domain.user_actions if action.startswith(UTTER_PREFIX)]
        return domain.merge(Domain.from_dict({"responses": rasa_responses(catalogues(), spoken)}))


class QuicklyCopied(Message):
    """An example that Rasa's importers, which copy and clean all of them five times, copy and fingerprint only once.

    A deep copy shares the values, which are replaced and never changed in place, and keeps the fingerprint; so does
    setting a value to what it is.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuicklyCopied":
        copied = QuicklyCopied(data=dict(self.data), features=list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        if add_to_output or prop not in self.data or self.data[prop] != info:
            super().set(prop, info, add_to_output)


def _example(message: Message, path: Path) -> QuicklyCopied:
    data = dict(message.data)
    question = data.pop(INTENT_RESPONSE_KEY, None)
    code = next((part for part in path.parts[::-1] if part in LANGUAGES), None)
    return QuicklyCopied(
        data={
            **data,
            METADATA: {**(data.get(METADATA) or {}), LANGUAGE: code},
            QUESTION: question,
            PLAIN: IN_CONVERSATION not in path.parts,
        }
    )


def rasa_responses(texts: dict[str, Catalogue], keys: list[str]) -> dict[str, list[dict[str, Any]]]:
    """These replies as Rasa's responses, with the language in the metadata (LocalisedNLG selects by it).

    Raises:
        InvalidDomain: one of them has no text.
    """
    if missing := sorted({key for key in keys if any(key not in catalogue.responses for catalogue in texts.values())}):
        raise InvalidDomain(f"The domain names actions that have no text: {', '.join(missing)}; {PLACE}.")
    return {
        key: [
            _rasa_response(catalogue, variant) for catalogue in texts.values() for variant in catalogue.responses[key]
        ]
        for key in keys
    }


def _rasa_response(catalogue: Catalogue, variant: Variant) -> dict[str, Any]:
    response: dict[str, Any] = {"text": variant.text, "metadata": {LANGUAGE: catalogue.language}}
    if variant.in_force:
        response["metadata"][IN_FORCE] = True
    if variant.channel:
        response["channel"] = variant.channel
    if variant.next:
        buttons = [catalogue.button(intent) for intent in variant.next]
        response["buttons"] = [{"title": button.title, "payload": button.payload} for button in buttons]
    return response
