"""The health check of a container: `python -m bot.server.probe`, with status 0 while the server here is ready.

It asks the Rasa server and, where there is none, the action server. Only the standard library, so that it is quick.
"""

import os
import sys
import urllib.error
import urllib.request

SERVERS = (("BOT_PORT", "5005"), ("BOT_ACTION_PORT", "5055"))
PATIENCE = 3.0  # seconds


def ready(port: str) -> bool | None:
    """Whether the server on a port of this machine is ready; None where there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return None


def main() -> None:
    """End with status 0 where the first server that is here is ready."""
    answers = (ready(os.environ.get(name) or default) for name, default in SERVERS)
    sys.exit(0 if next((answer for answer in answers if answer is not None), False) else 1)


if __name__ == "__main__":
    main()
