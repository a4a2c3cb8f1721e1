"""The action server's process: `python -m bot.server.action_server`."""

import sys

from bot.server.logs import quiet
from bot.server.parent import end_with_parent

PART = "actions"
end_with_parent()
quiet(PART)

from bot.server.action_app import action_app  # noqa: E402
from bot.server.json_logs import json_wanted, write_json  # noqa: E402
from bot.server.measuring import ACTION_PORT, give_out_metrics  # noqa: E402
from bot.server.production import check_production  # noqa: E402
from bot.server.warming import spare_what_stays, warm_actions  # noqa: E402
from bot.settings import SettingsError, settings  # noqa: E402


def main() -> None:
    """Serve the actions on the configured host and port; no other origin may call them."""
    try:
        check_production(rasa=False)
        config, app = settings(), action_app()
    except SettingsError as error:
        sys.exit(str(error))
    give_out_metrics(ACTION_PORT)
    warm_actions()
    if json_wanted():
        write_json(PART)  # once more: by now Sanic has loggers of its own
    spare_what_stays()
    app.run(config.host, config.action_port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    main()
