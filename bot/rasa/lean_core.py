"""Caches for what Rasa's core computes anew at every turn. Each function returns what Rasa's own returns, only faster.

Measured in docs/benchmarks.md. Made for the pinned Rasa; tests/server/test_lean_core.py compares with Rasa's functions.
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
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

# Rasa's own functions, before `bot.rasa.patches` replaced them.
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
    """The validator of an action server's response, which ignores the content of its events."""
    schema = deepcopy(RemoteAction.action_response_format_spec())
    schema["properties"]["events"]["items"] = {"type": "object", "required": ["event"]}
    return Draft202012Validator(schema)


@cache
def _validator_of_event(name: str) -> Draft202012Validator:
    """The validator of the events with this name; Rasa's own validates each event against the schemas of all."""
    kinds = [kind for kind in EVENT_SCHEMA["oneOf"] if kind["properties"]["event"]["const"] == name]
    return Draft202012Validator({**EVENT_SCHEMA, "oneOf": kinds or [False]})


def _is_right(result: object) -> bool:
    events = result.get("events", []) if isinstance(result, dict) and _outline().is_valid(result) else None
    return events is not None and all(_validator_of_event(str(event["event"])).is_valid(event) for event in events)


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Validate an action server's response; Rasa's own function also validates the schema itself, each time (18 ms).

    Raises:
        jsonschema.ValidationError: it has no valid list of events and responses.
    """
    if _is_right(result):
        return True
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += ". The action server's response is not valid; see Rasa's documentation of custom actions."
    raise error


@cache
def event_class(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event; Rasa's own collects all subclasses for each event of each conversation it reads."""
    found: type[Event] | None = event_class_anew(type_name, default)
    return found


def run_graph(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run the graph nodes that the targets need, one after the other; Rasa's own lets Dask plan that anew each time.

    Raises:
        GraphRunError: a node failed.
    """
    wanted = tuple(targets or runner._graph_schema.target_names)
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in _order(runner, wanted):
            # A missing input is passed on by its name, and the node warns.
            results[name] = runner._instantiated_nodes[name](*(results.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _order(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes that some targets need, in topological order."""
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
    """Whether a domain is empty; Rasa's own builds an empty one to compare with, at each parse of a text."""
    return bool(domain.as_dict() == _of_an_empty_domain())
