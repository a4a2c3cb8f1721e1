"""Serves a model over the channels of `credentials.yml`; `bot.rasa.boot` must have prepared the process."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from rasa.core import run as rasa_run
from sanic import Sanic

from bot.channels.messenger.settings import messenger_settings
from bot.keys.model_signatures import UntrustedModel, verified
from bot.observing.json_logs import json_wanted, write_json
from bot.rasa.boot import PARTS
from bot.rasa.endpoints import read_endpoints
from bot.rasa.kept_connections import ActionServer
from bot.rasa.model_loading import ModelNotLoaded, check_loaded
from bot.rasa.processes import Process
from bot.rasa.warming import spare_what_stays, warm_agent
from bot.server.action_secret import show_secret
from bot.server.action_waiting import await_action_server
from bot.server.api_settings import api_settings
from bot.server.error_responses import refuse_with_problems
from bot.server.http_limits import BODY, MESSENGER_BODY, limit
from bot.server.measuring import give_out_metrics
from bot.server.production import check_production
from bot.server.rasa_api import serve_api
from bot.settings import PROJECT, SettingsError, settings
from bot.settings.servers import METRICS_PORT


async def _set_up(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    """Before the first request: limits, error documents, and metrics on a port of their own."""
    limit(app, MESSENGER_BODY if messenger_settings() else BODY)
    refuse_with_problems(app)
    if json_wanted():
        write_json(PARTS[Process.RASA_SERVER])  # again, since Sanic has added its own loggers by now
    give_out_metrics(METRICS_PORT)


async def _warm_up(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    await warm_agent(app.ctx.agent)
    spare_what_stays()


def serve(model: str) -> None:
    """Serve the model in this file; with Rasa's HTTP API where that is on."""

    async def check(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        """Stop the server where the agent has no model."""
        try:
            check_loaded(app.ctx.agent, model)
        except ModelNotLoaded as error:
            sys.exit(str(error))

    try:
        config = settings()
        endpoints = read_endpoints(config)
        if endpoints.action is not None:
            endpoints.action = ActionServer.of(endpoints.action)
            show_secret(endpoints.action)
        check_production(actions=False)
        # Rasa would log the error and serve without a model.
        verified(Path(model))
        api = api_settings()
    except (UntrustedModel, SettingsError, OSError) as error:
        sys.exit(str(error))

    async def await_actions(_: Sanic, __: asyncio.AbstractEventLoop) -> None:
        await await_action_server(endpoints.action)

    listeners: list[Any] = [(_set_up, "before_server_start"), (await_actions, "before_server_start")]
    listeners += [(check, "after_server_start"), (_warm_up, "after_server_start")]
    if api:
        begin, end = serve_api(api, endpoints)
        listeners += [(begin, "after_server_start"), (end, "before_server_stop")]
    rasa_run.serve_application(
        model_path=model,
        interface=config.host,
        port=config.port,
        credentials=str(PROJECT / "credentials.yml"),
        endpoints=endpoints,
        enable_api=False,
        server_listeners=listeners,
    )
