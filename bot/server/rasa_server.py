"""The Rasa server's process: `python -m bot.server.rasa_server MODEL`."""

import sys

from bot.server.logs import quiet

quiet()

from rasa.core import run as rasa_run  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402

from bot.server.logs import quiet_structlog  # noqa: E402
from bot.settings import PROJECT, settings  # noqa: E402


def main() -> None:
    """Serve the model over the channels of `credentials.yml`; without Rasa's own HTTP API."""
    quiet_structlog()
    config = settings()
    rasa_run.serve_application(
        model_path=sys.argv[1],
        interface=config.host,
        port=config.port,
        credentials=str(PROJECT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(PROJECT / "endpoints.yml")),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
