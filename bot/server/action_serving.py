"""Serves the actions; `bot.rasa.boot` must have prepared the process."""

import sys

from bot.observing.json_logs import json_wanted, write_json
from bot.rasa.boot import PARTS
from bot.rasa.processes import Process
from bot.rasa.warming import spare_what_stays, warm_actions
from bot.server.action_app import action_app
from bot.server.measuring import give_out_metrics
from bot.server.production import check_production
from bot.settings import SettingsError, settings
from bot.settings.servers import ACTION_METRICS_PORT


def serve() -> None:
    """Serve the actions on the configured host and port, without CORS."""
    try:
        check_production(rasa=False)
        config, app = settings(), action_app()
    except SettingsError as error:
        sys.exit(str(error))
    give_out_metrics(ACTION_METRICS_PORT)
    warm_actions()
    if json_wanted():
        write_json(PARTS[Process.ACTION_SERVER])  # again, since Sanic has added its own loggers by now
    spare_what_stays()
    app.run(config.host, config.action_port, workers=1, access_log=False, motd=False)
