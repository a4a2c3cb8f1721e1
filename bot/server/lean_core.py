"""What Rasa's core works out anew at every turn, worked out once. Each gives what Rasa's own gives, only sooner.

Measured in docs/benchmarks.md. Made for the Rasa that is pinned; tests/server/test_lean_core.py compares with its own.
"""

from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import events
from rasa.shared.core.events import Event

# Rasa's own, as it was before `lighten`.
validate_anew, run_anew, event_class_anew = (
    RemoteAction._validate_action_result,
    DaskGraphRunner.run,
    Event.resolve_by_type,
)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Refuse what an action server may not answer; Rasa's own checks the schema itself too, each time (18 ms).

    Raises:
        jsonschema.ValidationError: it is no list of events and responses.
    """
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


def lighten() -> None:
    """Put these in place of Rasa's own, in this process."""
    DaskGraphRunner.run = run_graph
    RemoteAction._validate_action_result = validate_action_result
    events.Event.resolve_by_type = staticmethod(event_class)
