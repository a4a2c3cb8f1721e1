"""Rasa's own responses: only from the catalogues, in the customer's language, and none is ignored."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.endpoints import EndpointConfig
from rasa.validator import Validator

from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES, PROJECT

CONFIG = "importers: [{name: bot.rasa.importer.BilingualImporter}]"
KEY = "utter_goodbye"


def importer(folder: Path, domain: str) -> TrainingDataImporter:
    """As Rasa makes it for `rasa train` and `rasa data validate`."""
    for name, content in {"config.yml": CONFIG, "domain.yml": domain}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return TrainingDataImporter.load_from_config(str(folder / "config.yml"), str(folder / "domain.yml"), [])


DOMAINS = {
    "an action without a text": (
        "actions: [utter_goodbye, utter_hm, utter_huh]",
        "no text: utter_hm, utter_huh; texts",
    ),
    "a response": ("responses: {utter_goodbye: [{text: Bye}]}", "responses of its own (utter_goodbye)"),
    "a response with an id": ("responses: {utter_x: [{text: Bye, id: one}]}", "responses of its own (utter_x)"),
    "a conditional response": (
        "slots: {a: {type: bool, mappings: [{type: custom}]}}\n"
        "responses: {utter_y: [{text: Hi, condition: [{type: slot, name: a, value: true}]}]}",
        "responses of its own (utter_y)",
    ),
    "a picture": ("responses: {utter_z: [{image: https://example.org/a.png, text: a}]}", "(utter_z)"),
    "something of a channel's": ("responses: {utter_c: [{custom: {blocks: []}}]}", "(utter_c)"),
}


@pytest.mark.parametrize(("domain", "told"), DOMAINS.values(), ids=DOMAINS)
def test_a_domain_with_texts_elsewhere_is_refused_by_name(tmp_path: Path, domain: str, told: str) -> None:
    with pytest.raises(InvalidDomain) as raised:
        Validator.from_importer(importer(tmp_path, domain))
    assert (told in str(raised.value), "data/responses/lv.yml" in str(raised.value)) == (True, True), raised.value


def test_a_domain_gets_the_texts_of_its_actions(tmp_path: Path) -> None:
    found = importer(tmp_path, f"actions: [{KEY}]").get_domain().responses
    texts = {variant.text for language in LANGUAGES for variant in catalogues()[language].responses[KEY]}
    assert ([*found], {variant["text"] for variant in found[KEY]}) == ([KEY], texts)


def generator(responses: dict[str, Any]) -> NaturalLanguageGenerator:
    """As Rasa makes it from endpoints.yml."""
    domain = Domain.from_dict({"responses": responses})
    return NaturalLanguageGenerator.create(EndpointConfig(type="bot.rasa.nlg.LocalisedNLG"), domain)


def text(code: str, **more: Any) -> dict[str, Any]:
    return {"text": f"in {code}", "metadata": {"language": code}, **more}


BOTH = [text("lv"), text("en")]
WRONG = {
    "no language": ([{"text": "Bye"}], "has no text in 'lv'"),
    "one language": ([text("lv")], "has no text in 'en' for every channel"),
    "one language for a channel only": ([text("lv"), text("en", channel="phone")], "has no text in 'en'"),
    "variants": ([*BOTH, text("lv")], "has two texts for the same language and channel"),
    "a condition": ([*BOTH, text("lv", condition=[{"type": "slot", "name": "a", "value": 1}])], "has 'condition'"),
    "an id": ([text("lv", id="one"), text("en")], "has 'id'"),
    "a picture": ([text("lv"), text("en", image="https://example.org/a.png")], "has 'image'"),
    "something of a channel's": ([text("lv", custom={"a": 1}), text("en")], "has 'custom'"),
}


@pytest.mark.parametrize(("variants", "told"), WRONG.values(), ids=WRONG)
def test_a_model_with_replies_that_would_be_passed_over_is_refused(variants: list[Any], told: str) -> None:
    with pytest.raises(InvalidDomain, match=f"^The reply 'utter_x' of the model {told}"):
        generator({"utter_x": variants})


@pytest.mark.parametrize(
    ("code", "channel", "said"),
    [("lv", "web", "in lv"), ("en", "web", "in en"), ("lv", "phone", "for the ear"), ("en", "phone", "in en")],
)
async def test_language_goes_before_channel(code: str, channel: str, said: str) -> None:
    asked = UserUttered("x", parse_data={"language": {"code": code, "decided": True}})
    tracker = DialogueStateTracker.from_events("c", [asked])
    spoken = {**text("lv", channel="phone"), "text": "for the ear"}
    found = await generator({"utter_x": [*BOTH, spoken]}).generate("utter_x", tracker, channel)
    assert found == {"text": said, "language": code}


def test_the_trained_texts_are_all_taken() -> None:
    """Everything in the catalogues can be a response of Rasa's."""
    from bot.rasa.importer import rasa_responses

    responses = rasa_responses(catalogues(), [*catalogues()["lv"].responses])
    assert generator(responses).responses == responses


def test_the_domain_of_the_project_names_no_response() -> None:
    assert Domain.from_file(str(PROJECT / "domain.yml")).responses == {}
