"""The console's process: `python -m bot.server.console_server`."""

import sys

from bot.observing.logs import quiet
from bot.preparation_error import PreparationError
from bot.server.parent import end_with_parent
from bot.settings import SettingsError

PART = "console"  # as logs name it


def main() -> None:
    """Prepare the process, then serve the console."""
    end_with_parent()
    try:
        quiet(PART)
        from bot.server.console_serving import serve

        serve()
    except (PreparationError, SettingsError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
