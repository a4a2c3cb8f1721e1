"""The action server's process: `python -m bot.server.action_server`."""

import sys

from bot.preparation_error import PreparationError
from bot.rasa.boot import boot
from bot.rasa.processes import Process
from bot.server.parent import end_with_parent
from bot.settings import SettingsError


def main() -> None:
    """Prepare the process, then serve the actions."""
    end_with_parent()
    try:
        boot(Process.ACTION_SERVER)
    except (PreparationError, SettingsError) as error:
        sys.exit(str(error))
    from bot.server.action_serving import serve  # imports rasa_sdk

    serve()


if __name__ == "__main__":
    main()
