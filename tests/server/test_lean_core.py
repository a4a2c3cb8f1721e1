"""What is computed once equals what Rasa computes each time."""

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.rasa import lean_core

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

SAID = {"text": "Labdien!", "buttons": [{"title": "Jā", "payload": "/affirm"}]}
ANSWERS = {
    "nothing": {},
    "a reply": {"events": [], "responses": [SAID]},
    "events": {"events": [{"event": "slot", "name": "topic", "value": None, "timestamp": 1.5}], "responses": []},
    "no object": [],
    "events that are no list": {"events": "slot"},
    "an event without a name": {"events": [{"name": "topic"}]},
    "an unknown event": {"events": [{"event": "explode"}]},
    "a slot without a name": {"events": [{"event": "slot", "value": 1}]},
    "a reply that is no object": {"responses": ["Labdien!"]},
}
TEXTS = ("vai mani atslēgs?", "Is the Riga centre open, and can I pay later?", "/ask_contact", "", "šķūņa īrņāž")


def outcome(check: Any, answer: Any) -> str:
    """Whether a validator accepts a response, or its error."""
    try:
        return str(check(RemoteAction("action_answer", None), answer))
    except ValidationError as error:
        return f"{list(error.absolute_path)} {error.validator}"


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_same_answers_of_actions_are_refused(answer: Any) -> None:
    assert outcome(lean_core.validate_action_result, answer) == outcome(lean_core.validate_anew, answer)


def test_some_answers_of_actions_are_refused() -> None:
    assert outcome(lean_core.validate_action_result, ANSWERS["an unknown event"]) != "True"


@pytest.mark.parametrize("name", sorted({cls.type_name for cls in all_subclasses(Event)}))
def test_events_are_of_the_same_class(name: str) -> None:
    assert lean_core.event_class(name) is lean_core.event_class_anew(name)


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(ValueError, match="explode"):
        lean_core.event_class("explode")


def understood(run: Any, loaded: "LocalAssistant", text: str) -> dict[str, Any]:
    """The parse result by one way of running the model's graph."""
    processor = loaded._agent.processor
    inputs = {
        "__message__": [UserMessage(text, message_id="m")],
        "__tracker__": DialogueStateTracker.from_events("c", []),
    }
    target = processor.model_metadata.nlu_target
    found: dict[str, Any] = run(processor.graph_runner, inputs, [target])[target][0].as_dict()
    return found


@pytest.mark.model
@pytest.mark.parametrize("text", TEXTS)
def test_the_graph_understands_the_same(loaded: "LocalAssistant", text: str) -> None:
    assert understood(lean_core.run_graph, loaded, text) == understood(lean_core.run_anew, loaded, text)


@pytest.mark.model
def test_the_graph_predicts_the_same(loaded: "LocalAssistant") -> None:
    processor = loaded._agent.processor
    tracker = DialogueStateTracker.from_events("c", [], slots=processor.domain.slots)
    target = processor.model_metadata.core_target
    found: list[PolicyPrediction] = [
        run(processor.graph_runner, {"__tracker__": tracker, "__message__": None}, [target])[target]
        for run in (lean_core.run_graph, lean_core.run_anew)
    ]
    assert found[0].probabilities == found[1].probabilities


@pytest.mark.model
@pytest.mark.parametrize("run", [lean_core.run_graph, lean_core.run_anew])
def test_a_node_that_lacks_something_is_an_error(loaded: "LocalAssistant", run: Any) -> None:
    processor = loaded._agent.processor
    with pytest.raises(GraphRunError):
        run(processor.graph_runner, {}, [processor.model_metadata.nlu_target])


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "action", "wanted"),
    [("vai mani atslēgs?", "action_answer", False), ("/complain", "validate_complaint_form", True)],
)
async def test_the_domain_goes_only_to_actions_that_need_it(
    loaded: "LocalAssistant", database: str, monkeypatch: pytest.MonkeyPatch, text: str, action: str, wanted: bool
) -> None:
    endpoint, calls = loaded._agent.processor.action_endpoint, {}
    request = endpoint.request

    async def noted(method: str = "post", **kwargs: Any) -> Any:
        calls[kwargs["json"]["next_action"]] = kwargs["json"]
        return await request(method, **kwargs)

    monkeypatch.setattr(endpoint, "request", noted)
    loaded.restart()
    await loaded.say(text)
    await loaded.say("Neviens neatbild uz zvaniem.")
    assert ("domain" in calls[action]) is wanted


def test_a_domain_is_empty_as_in_rasa() -> None:
    domains = [Domain.empty(), Domain.from_dict({"intents": ["greet"]})]
    assert [lean_core.is_empty(one) for one in domains] == [lean_core.is_empty_anew(one) for one in domains]
