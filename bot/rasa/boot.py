"""Prepares every process that Rasa or rasa_sdk runs in: `boot`, called before either is imported."""

from bot.native_threads import one_thread_each, wait_asleep
from bot.observing.logs import quiet, quiet_structlog
from bot.rasa.patching import apply, patches_of
from bot.rasa.processes import Process, When
from bot.rasa.versions import check_versions

PARTS = {Process.RASA_SERVER: "rasa", Process.ACTION_SERVER: "actions"}  # as logs name them


def boot(process: Process) -> None:
    """Prepare this process: threads, logs and the patches of `bot.rasa.patches`; imports Rasa where they need it.

    Idempotent. Called for a second kind of process, as by `bot evaluate`, which trains first, it adds what is missing.

    Raises:
        PreparationError: a package does not have the version that the patches were made for.
        SettingsError: the log format is unknown.
    """
    check_versions()
    if process in {Process.RASA_SERVER, Process.ASSISTANT}:
        one_thread_each()
    elif process is not Process.ACTION_SERVER:
        wait_asleep()
    if process is not Process.RASA_COMMAND:
        quiet(PARTS.get(process, "command"))
    apply(patches_of(process, When.BEFORE_IMPORT))
    apply(patches_of(process, When.AFTER_IMPORT))
    if process not in {Process.ACTION_SERVER, Process.RASA_COMMAND}:
        quiet_structlog()
