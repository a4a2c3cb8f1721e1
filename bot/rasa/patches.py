"""The monkeypatches: every place where Rasa, or a package it depends on, is changed; docs/patches.md is this table.

`bot.rasa.patching` applies them, to the versions of `bot.rasa.versions`. Nothing else in this project monkeypatches
another package; `tests/server/test_patches.py` checks each patch against this table.
"""

from dataclasses import dataclass

from bot.rasa.processes import How, Process, When


@dataclass(frozen=True)
class Patch:
    """One change to one place of another package.

    Attributes:
        name: what the patch does, in a few words.
        target: what is changed, as `module:attribute`.
        by: what changes it, as `module:attribute`; `how` says how it is used.
        reason: why the original would not do.
        test: the pytest id that compares the patch with the original, or shows its effect.
        processes: the kinds of processes that are patched.
    """

    name: str
    target: str
    by: str
    reason: str
    test: str
    processes: frozenset[Process]
    how: How = How.REPLACED
    when: When = When.AFTER_IMPORT


_COMMAND = frozenset({Process.RASA_COMMAND})
_SERVER = frozenset({Process.RASA_SERVER})
_TALKING = frozenset({Process.RASA_SERVER, Process.ASSISTANT})
_LOADING = _TALKING | {Process.STOCK, Process.RASA_COMMAND}
_LEAN = "bot.rasa.lean_core"
_LEAN_TEST = "tests/server/test_lean_core.py"
_PROCESSOR = "rasa.core.processor:MessageProcessor"

# Applied in this order: the wrapper that is applied last is called first.
PATCHES = (
    Patch(
        "no TensorFlow",
        "sys:meta_path",
        "bot.rasa.without_tensorflow:leave_out_tensorflow",
        "Rasa imports TensorFlow for components that are not used here: a second and 250 MB in each process",
        "tests/server/test_without_tensorflow.py::test_the_rasa_server_loads_nothing_of_tensorflow",
        _TALKING | {Process.TRAINING, Process.RASA_COMMAND},
        How.EXTENDED,
        When.BEFORE_IMPORT,
    ),
    Patch(
        "answers of actions are checked by a compiled schema",
        "rasa.core.actions.action:RemoteAction._validate_action_result",
        f"{_LEAN}:validate_action_result",
        "Rasa checks the schema itself too, at every action: 18 ms",
        f"{_LEAN_TEST}::test_the_same_answers_of_actions_are_refused",
        _TALKING,
    ),
    Patch(
        "the model's graph is ordered once",
        "rasa.engine.runner.dask:DaskGraphRunner.run",
        f"{_LEAN}:run_graph",
        "Dask plans the same graph anew for every message",
        f"{_LEAN_TEST}::test_the_graph_understands_the_same",
        _TALKING,
    ),
    Patch(
        "classes of events are remembered",
        "rasa.shared.core.events:Event.resolve_by_type",
        f"{_LEAN}:event_class",
        "Rasa gathers all subclasses for each event of each conversation that it reads",
        f"{_LEAN_TEST}::test_events_are_of_the_same_class",
        _TALKING,
    ),
    Patch(
        "an empty domain is made once",
        "rasa.shared.core.domain:Domain.is_empty",
        f"{_LEAN}:is_empty",
        "Rasa makes an empty domain to compare with at every message",
        f"{_LEAN_TEST}::test_a_domain_is_empty_as_in_rasa",
        _TALKING,
    ),
    Patch(
        "texts are understood beside the event loop",
        f"{_PROCESSOR}.parse_message",
        "bot.rasa.beside_loop:parse_beside_loop",
        "one customer's long text would hold up everybody else's",
        "tests/security/test_work_limit.py::test_while_a_text_is_understood_the_loop_goes_on",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "understanding is measured",
        f"{_PROCESSOR}.parse_message",
        "bot.rasa.counting:counted_parse",
        "Rasa has no metrics",
        "tests/security/test_metrics.py::test_a_turn_is_counted_once",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "actions are measured",
        "rasa.core.actions.action:RemoteAction.run",
        "bot.rasa.counting:counted_run",
        "Rasa has no metrics, and goes on as if an action that failed had said nothing",
        "tests/security/test_metrics.py::test_an_action_server_that_hangs_is_counted_as_an_apology",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "actions are told their turn",
        "rasa.utils.endpoints:EndpointConfig.request",
        "bot.rasa.counting:request_of_turn",
        "the action server's log and its limits by address need to know whose call it is",
        "tests/security/test_json_logs.py::test_the_action_servers_lines_have_the_same_id",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "a turn is kept whole or not at all",
        f"{_PROCESSOR}.save_tracker",
        "bot.rasa.whole_turns:save_whole_turns",
        "Rasa keeps what was said although an action failed; a message that is tried again would be there twice",
        "tests/server/test_left_out.py::test_a_turn_that_is_tried_again_is_not_kept_when_it_failed",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "only signed models are unpacked",
        "rasa.engine.storage.local_model_storage:LocalModelStorage._extract_archive_to_directory",
        "bot.rasa.model_loading:extract_verified",
        "a model is code; Rasa unpacks whatever lies there",
        "tests/security/test_model_signing.py::test_rasa_unpacks_nothing_of_what_is_not_ours",
        _LOADING,
    ),
    Patch(
        "why a model cannot be loaded is noted",
        "rasa.core.agent:Agent.load_model",
        "bot.rasa.model_loading:note_load_error",
        "Rasa logs the error and serves without a model",
        "tests/security/test_model_signing.py::test_the_rasa_server_ends_with_what_is_wrong_with_a_model",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "a conversation that cannot be kept is an error",
        "rasa.core.tracker_store:FailSafeTrackerStore.on_tracker_store_error",
        "bot.rasa.tracker_store:raise_store_error",
        "Rasa goes on with an empty conversation in memory",
        "tests/storage/test_conversation_store.py::test_a_database_that_is_gone_is_an_error",
        _TALKING | {Process.RASA_COMMAND},
    ),
    Patch(
        "a conversation that cannot be read is an error",
        "rasa.core.tracker_store:FailSafeTrackerStore.on_tracker_store_retrieve_error",
        "bot.rasa.tracker_store:raise_store_error",
        "Rasa goes on with an empty conversation in memory",
        "tests/storage/test_conversation_store.py::test_a_database_that_is_gone_is_an_error",
        _TALKING | {Process.RASA_COMMAND},
    ),
    Patch(
        "no CORS for all routes",
        "rasa.server:configure_cors",
        "bot.rasa.left_out:no_cors_for_all",
        "Sanic-CORS answers for every route, and wrongly; the website's channel does it itself",
        "tests/server/test_web_origins.py::test_what_is_no_part_of_the_chat_is_for_no_website",
        _SERVER,
    ),
    Patch(
        "requests are read strictly",
        "sanic.server.protocols.http_protocol:Http",
        "bot.rasa.http_reading:CarefulHttp",
        "Sanic 21.12 hangs on bodies whose end is not clear, and drops connections",
        "tests/security/test_framing.py::test_a_server_refuses_it_and_answers_others",
        frozenset({Process.RASA_SERVER, Process.ACTION_SERVER}),
    ),
    Patch(
        "a server knows that it has started",
        "sanic.app:Sanic._server_event",
        "bot.rasa.stopping:mark_started",
        "Sanic 21.12 answers requests before its listeners of the start are done",
        "tests/server/test_stopping.py::test_what_it_is_asked_is_answered",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "a server stops when it has started",
        "sanic.app:Sanic.stop",
        "bot.rasa.stopping:stop_when_started",
        "a signal that comes while the model is loaded ends Sanic 21.12 in the middle of answers",
        "tests/server/test_stopping.py::test_what_it_is_asked_is_answered",
        _SERVER,
        How.WRAPPED,
    ),
    Patch(
        "training says nothing of its own at the end",
        "rasa.shared.utils.cli:print_success",
        "bot.rasa.left_out:say_no_success",
        "Rasa prints where the model is, before it is signed",
        "tests/server/test_left_out.py::test_the_end_of_a_training_is_not_announced",
        frozenset({Process.TRAINING, Process.STOCK}),
    ),
    Patch(
        "what is trained is signed",
        "rasa.engine.storage.local_model_storage:LocalModelStorage.create_model_package",
        "bot.rasa.model_loading:signed_package",
        "`rasa shell` and `rasa run` would refuse what `rasa train` made",
        "tests/server/test_rasa_command.py::test_what_was_trained_can_be_talked_to",
        _COMMAND,
        How.WRAPPED,
    ),
    Patch(
        "actions run in Rasa's process",
        "rasa.core.utils:AvailableEndpoints.read_endpoints",
        "bot.rasa.in_process_actions:with_actions_here",
        "`rasa shell` needs no action server in another terminal",
        "tests/server/test_rasa_command.py::test_what_was_trained_can_be_talked_to",
        _COMMAND,
        How.WRAPPED,
    ),
    Patch(
        "telemetry is off without asking",
        "rasa.telemetry:initialize_telemetry",
        "bot.rasa.left_out:no_telemetry",
        "Rasa says that it reports, and writes into the home folder, even where the environment switches it off",
        "tests/server/test_rasa_command.py::test_nobody_is_told_of_telemetry",
        _COMMAND,
    ),
)
