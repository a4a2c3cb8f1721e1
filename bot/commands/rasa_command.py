"""The `rasa` command in this project: its subcommands work as developers know them, or say what to use instead.

Rasa calls `prepare` through the package `rasa_plus`, after it has parsed the command line and before it does anything.
"""

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.rasa.patching import apply, patches_by
from bot.rasa.processes import Process
from bot.settings import PROJECT, Setting, settings
from bot.settings.servers import ACTION_PORT, ENDPOINTS, HOST, PORT

Arguments = argparse.Namespace
# Keys: Rasa's CLI module, or a function in it.
INSTEAD = {
    "interactive": "would write its sentences without their language and its own domain over domain.yml; talk with "
    "'rasa shell' or 'bot chat', and write what you learn into data/nlu, data/rules and data/stories",
    "export": "needs an event broker of Rasa's own; 'bot events republish' sends the conversations that are kept",
    "x": "is for Rasa Enterprise, which is not used here; 'bot serve' runs the assistant with its page, and "
    "'bot review' shows what was not understood",
    "scaffold": "would write over this assistant; change into another folder and run .venv/bin/rasa of this one there",
    "telemetry.enable_telemetry": "does nothing here: telemetry stays off, since customers write to this assistant",
}
TEST = (
    "would measure the sentences that the model was trained on; 'bot evaluate' measures those it never saw and "
    "'.venv/bin/python -m pytest tests/conversations' whole conversations, or name files of yours with {options}"
)
OWN_SERVER = "is this assistant's own server here, which does not take {option}; docs/settings.md lists its settings"
SERVED: dict[str, Setting[Any] | None] = {"port": PORT, "interface": HOST, "endpoints": ENDPOINTS, "model": None}
SERVED_ACTIONS: dict[str, Setting[Any] | None] = {"port": ACTION_PORT}
RASAS_MODELS = "models"  # Rasa's default model folder
TALKING = {"shell", "evaluate"}


def prepare(arguments: Arguments) -> None:
    """Prepare a command for this project; in any other folder, only turn telemetry off.

    Ends the process with a message where the command cannot work, or something must be fixed first.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    if not sys.warnoptions:
        warnings.filterwarnings("ignore", category=DeprecationWarning)
    if Path.cwd() != PROJECT or not hasattr(arguments, "func"):
        apply(patches_by("bot.rasa.left_out:no_telemetry"))
        return
    function = arguments.func
    topic = function.__module__.removeprefix("rasa.cli.")
    for name in (topic, f"{topic}.{function.__name__}"):
        if name in INSTEAD:
            _end(topic, INSTEAD[name])
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it logs each plugin when it is imported
    from bot.commands.console import MENDABLE  # imported late, since it takes seconds

    try:
        _set_up(arguments, topic)
    except MENDABLE as error:
        sys.exit(_plain(error))
    arguments.func = _plainly(function)


def _set_up(arguments: Arguments, topic: str) -> None:
    """Prepare what a command works with."""
    from bot.rasa.boot import boot

    if prepared := PREPARED.get(topic):
        prepared(arguments)
    if getattr(arguments, "model", None) == RASAS_MODELS:
        arguments.model = str(settings().models)
    boot(Process.RASA_COMMAND)
    from bot.rasa.endpoints import let_rasa_expand

    let_rasa_expand(settings())
    if topic in TALKING:
        _prepare_database()


def _prepare_database() -> None:
    from bot.commands.console import report
    from bot.server.preparation import check_configuration, prepare_database

    check_configuration()
    prepare_database(report)


def _plainly(function: Callable[[Arguments], Any]) -> Callable[[Arguments], Any]:
    """The command, with fixable errors shown as a sentence instead of a traceback."""
    from bot.commands.console import MENDABLE

    def run(arguments: Arguments) -> Any:
        try:
            return function(arguments)
        except MENDABLE as error:
            sys.exit(_plain(error))

    return run


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())


def _end(topic: str, instead: str) -> None:
    command = {"scaffold": "init"}.get(topic, topic)
    sys.exit(f"'rasa {command}' {instead}.")


def _train(arguments: Arguments) -> None:
    """Let `rasa train` make the same model that `bot serve` looks for, unless files or a name were chosen."""
    from bot.training.trained_model import TRAINING_FOLDERS, model_path

    chosen = _given(arguments, "train").keys() & {"data", "config", "domain", "out", "fixed_model_name", "finetune"}
    if arguments.func.__name__ == "<lambda>" and not chosen:
        arguments.data = [str(PROJECT / folder) for folder in TRAINING_FOLDERS]
        arguments.out, arguments.fixed_model_name = str(model_path().parent), model_path().name.removesuffix(".tar.gz")


def _test(arguments: Arguments) -> None:
    """Refuse to test on the training data, which Rasa does where no files are named."""
    needed = {"test": ("stories", "nlu"), "run_nlu_test": ("nlu",), "run_core_test": ("stories",)}
    options = needed[arguments.func.__name__]
    if len(_given(arguments, *_words(arguments)).keys() & set(options)) < len(options):
        _end(" ".join(_words(arguments)), TEST.format(options=" and ".join(f"--{name}" for name in options)))


def _run(arguments: Arguments) -> None:
    """Replace this process by the server that `bot serve` runs."""
    is_actions = arguments.func.__name__ == "run_actions"
    taken, module = (SERVED_ACTIONS, "action_server") if is_actions else (SERVED, "rasa_server")
    words = ("run", "actions") if is_actions else ("run",)
    given = _given(arguments, *words)
    if others := sorted(given.keys() - taken.keys()):
        _end(" ".join(words), OWN_SERVER.format(option=f"--{others[0].replace('_', '-')}"))
    for name, value in given.items():
        if (setting := taken[name]) is not None:
            setting.put(str(value))
    from bot.commands.console import report
    from bot.commands.parts import become

    _prepare_database()
    model = [] if is_actions else [_latest(arguments.model)]
    report("This is one of the assistant's two servers; 'bot serve' runs both.")
    become(f"bot.server.{module}", *model)


def _latest(model: str) -> str:
    from rasa.exceptions import ModelNotFound
    from rasa.model import get_local_model

    place = settings().models if model == RASAS_MODELS else Path(model)
    try:
        return str(get_local_model(str(place)))
    except ModelNotFound:
        sys.exit(f"There is no model in {place}; train one with 'rasa train'.")


def _words(arguments: Arguments) -> tuple[str, ...]:
    """The words of a `rasa test` command: `test`, `test nlu` or `test core`."""
    return {"run_nlu_test": ("test", "nlu"), "run_core_test": ("test", "core")}.get(arguments.func.__name__, ("test",))


def _given(arguments: Arguments, *words: str) -> dict[str, Any]:
    """The options that differ from Rasa's defaults."""
    from rasa.__main__ import create_argument_parser

    usual = vars(create_argument_parser().parse_args(words))
    return {name: value for name, value in vars(arguments).items() if name != "func" and value != usual.get(name)}


PREPARED: dict[str, Callable[[Arguments], None]] = {"train": _train, "test": _test, "run": _run}
