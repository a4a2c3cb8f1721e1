"""The Rasa server's process: `python -m bot.server.rasa_server MODEL`."""

import sys

from bot.preparation_error import PreparationError
from bot.rasa.boot import boot
from bot.rasa.processes import Process
from bot.server.parent import end_with_parent
from bot.settings import SettingsError


def main() -> None:
    """Prepare the process, then serve the model."""
    end_with_parent()
    try:
        boot(Process.RASA_SERVER)
    except (PreparationError, SettingsError) as error:
        sys.exit(str(error))
    from bot.server.rasa_serving import serve  # imports Rasa

    serve(sys.argv[1])


if __name__ == "__main__":
    main()
