"""The Rasa server's process: `python -m bot.server.rasa_server MODEL`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from bot.server.logs import quiet
from bot.server.parent import end_with_parent
from bot.server.without_tensorflow import leave_out_tensorflow

# Sentence vectors and matrices of one sentence: threads that wait for each other took up to 270 ms instead of 20.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
PART = "rasa"
end_with_parent()
quiet(PART)
leave_out_tensorflow()

from rasa.core import run as rasa_run  # noqa: E402
from sanic import Sanic  # noqa: E402

from bot.channels.messenger.settings import messenger_settings  # noqa: E402
from bot.model_loading import load_signed_models_only  # noqa: E402
from bot.model_signing import UntrustedModel, verified  # noqa: E402
from bot.server.action_secret import show_secret  # noqa: E402
from bot.server.api_settings import api_settings  # noqa: E402
from bot.server.endpoints import read_endpoints  # noqa: E402
from bot.server.http_limits import BODY, MESSENGER_BODY, limit  # noqa: E402
from bot.server.json_logs import json_wanted, write_json  # noqa: E402
from bot.server.kept_connections import ActionServer  # noqa: E402
from bot.server.lean_core import lighten  # noqa: E402
from bot.server.logs import quiet_structlog  # noqa: E402
from bot.server.measuring import RASA_PORT, count_in_rasa, give_out_metrics  # noqa: E402
from bot.server.production import check_production  # noqa: E402
from bot.server.rasa_api import serve_api  # noqa: E402
from bot.server.warming import spare_what_stays, warm_agent  # noqa: E402
from bot.settings import PROJECT, SettingsError, settings  # noqa: E402
from bot.storage.conversations import fail_loudly  # noqa: E402


async def _set_up(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    """Before the first request: limits, and figures on a port of their own."""
    limit(app, MESSENGER_BODY if messenger_settings() else BODY)
    count_in_rasa()
    if json_wanted():
        write_json(PART)  # once more: by now Sanic has loggers of its own
    give_out_metrics(RASA_PORT)


async def _fail_loudly(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    """Once the agent is there, let a conversation that cannot be read or kept be an error."""
    fail_loudly(app.ctx.agent)


async def _warm_up(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    await warm_agent(app.ctx.agent)
    spare_what_stays()


def main() -> None:
    """Serve the model over the channels of `credentials.yml`; Rasa's own HTTP API only where it is switched on."""
    quiet_structlog()
    lighten()
    config = settings()
    endpoints = read_endpoints(config)
    if endpoints.action is not None:
        endpoints.action = ActionServer.of(endpoints.action)
        show_secret(endpoints.action)
    load_signed_models_only()
    try:
        check_production(actions=False)
        # Rasa would log what is wrong with the model and serve without one.
        verified(Path(sys.argv[1]))
        api = api_settings()
    except (UntrustedModel, SettingsError, OSError) as error:
        sys.exit(str(error))
    listeners: list[Any] = [(_set_up, "before_server_start")]
    listeners += [(_fail_loudly, "after_server_start"), (_warm_up, "after_server_start")]
    if api:
        begin, end = serve_api(api, endpoints)
        listeners += [(begin, "after_server_start"), (end, "before_server_stop")]
    rasa_run.serve_application(
        model_path=sys.argv[1],
        interface=config.host,
        port=config.port,
        credentials=str(PROJECT / "credentials.yml"),
        endpoints=endpoints,
        enable_api=False,
        server_listeners=listeners,
    )


if __name__ == "__main__":
    main()
