"""The health check of a container: `python -m bot.server.probe` exits with status 0 while its server is ready.

It asks the Rasa server, where there is none the action server, and where there is neither the console. It imports only
the standard library, to be quick.
"""

import sys
import urllib.error
import urllib.request

from bot import deadlines
from bot.settings.servers import ACTION_PORT, PORT
from bot.settings.staff_console import CONSOLE_PORT

PROBED = ((PORT, "/health/ready"), (ACTION_PORT, "/health/ready"), (CONSOLE_PORT, "/readyz"))


def ready(port: int, path: str) -> bool | None:
    """Whether the server on a local port is ready; None where none listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=deadlines.PROBE) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return None


def main() -> None:
    """Exit with status 0 where the first server found is ready."""
    answers = (ready(port.value(), path) for port, path in PROBED)
    sys.exit(0 if next((answer for answer in answers if answer is not None), False) else 1)


if __name__ == "__main__":
    main()
