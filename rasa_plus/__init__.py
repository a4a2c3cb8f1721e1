"""This project's Rasa plugin: Rasa imports a package of this name, and calls its `init_hooks` (rasa/plugin.py).

Rasa 3.6 loads no plugin of another name; its paid edition, which has the same name, is not used here. The plugin acts
only in the `rasa` command; in a server it does nothing.
"""

import argparse
from typing import Any

import pluggy

_hook = pluggy.HookimplMarker("rasa")


class Plugin:
    """The hooks that Rasa calls."""

    @_hook
    def configure_commandline(self, cmdline_arguments: argparse.Namespace) -> None:
        """Called before a `rasa` command runs: prepare it for this project, or say what to use instead."""
        from bot.commands.rasa_command import prepare  # a server needs none of it

        prepare(cmdline_arguments)


def init_hooks(manager: Any) -> None:
    """Register the plugin; `manager` is Rasa's pluggy plugin manager."""
    manager.register(Plugin())
