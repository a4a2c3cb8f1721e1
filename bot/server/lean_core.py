"""What Rasa's core works out anew at every turn, worked out once. Each gives what Rasa's own gives, only sooner.

Measured in docs/benchmarks.md. Made for the Rasa that is pinned; tests/server/test_lean_core.py compares with its own.
"""

from copy import deepcopy
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

# Rasa's own, as it was before `lighten`.
validate_anew, run_anew, event_class_anew, is_empty_anew = (
    RemoteAction._validate_action_result,
    DaskGraphRunner.run,
    Event.resolve_by_type,
    Domain.is_empty,
)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


@cache
def _outline() -> Draft202012Validator:
    """Of an answer, without what its events hold."""
    schema = deepcopy(RemoteAction.action_response_format_spec())
    schema["properties"]["events"]["items"] = {"type": "object", "required": ["event"]}
    return Draft202012Validator(schema)


@cache
def _validator_of_event(name: str) -> Draft202012Validator:
    """Of events with this name alone; Rasa's own tries all kinds of events for each."""
    kinds = [kind for kind in EVENT_SCHEMA["oneOf"] if kind["properties"]["event"]["const"] == name]
    return Draft202012Validator({**EVENT_SCHEMA, "oneOf": kinds or [False]})


def _is_right(result: object) -> bool:
    events = result.get("events", []) if isinstance(result, dict) and _outline().is_valid(result) else None
    return events is not None and all(_validator_of_event(str(event["event"])).is_valid(event) for event in events)


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Refuse what an action server may not answer; Rasa's own checks the schema itself too, each time (18 ms).

    Raises:
        jsonschema.ValidationError: it is no list of events and responses.
    """
    if _is_right(result):
        return True
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += ". The action server's answer is none; see Rasa's documentation of custom actions."
    raise error


@cache
def event_class(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event; Rasa's own gathers all subclasses for each event of each conversation it reads."""
    found: type[Event] | None = event_class_anew(type_name, default)
    return found


def run_graph(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run the nodes that the targets need, one after the other; Rasa's own has Dask plan that anew each time.

    Raises:
        GraphRunError: a node failed.
    """
    wanted = tuple(targets or runner._graph_schema.target_names)
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in _order(runner, wanted):
            # What nobody provides is named, and the node warns.
            results[name] = runner._instantiated_nodes[name](*(results.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _order(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes that some targets need, each after those that it needs itself."""
    orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = vars(runner).setdefault("_orders", {})
    if wanted not in orders:
        nodes = runner._graph_schema.minimal_graph_schema(list(wanted)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        orders[wanted] = [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs]
    return orders[wanted]


@cache
def _of_an_empty_domain() -> dict[str, Any]:
    content: dict[str, Any] = Domain.empty().as_dict()
    return content


def is_empty(domain: Domain) -> bool:
    """Whether a domain says nothing; Rasa's own makes an empty one to compare with, each time it understands a text."""
    return bool(domain.as_dict() == _of_an_empty_domain())


def lighten() -> None:
    """Put these in place of Rasa's own, in this process."""
    DaskGraphRunner.run = run_graph
    RemoteAction._validate_action_result = validate_action_result
    events.Event.resolve_by_type = staticmethod(event_class)
    Domain.is_empty = is_empty
