"""Serves the console with uvicorn."""

from types import FrameType

import uvicorn

from bot import deadlines
from bot.chatwoot.settings import chatwoot_settings
from bot.console.console_app import console_app
from bot.console.console_warming import warm_console
from bot.console.desk_feed import DeskFeed
from bot.console.staff_directory import is_directory_used
from bot.observing.json_logs import json_wanted, write_json
from bot.server.measuring import give_out_metrics
from bot.server.production import check_production
from bot.settings import settings
from bot.settings.staff_console import CONSOLE_METRICS_PORT, CONSOLE_PORT


class ConsoleServer(uvicorn.Server):
    """Ends the streams of open pages first, so that a stop need not wait for them; their browsers come again."""

    def __init__(self, config: uvicorn.Config, feed: DeskFeed) -> None:
        super().__init__(config)
        self._feed = feed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop."""
        self._feed.close()
        super().handle_exit(sig, frame)


def serve() -> None:
    """Serve the console on the configured host and port until a signal.

    Raises:
        SettingsError: a setting cannot be used.
    """
    check_production(rasa=False, actions=False, console=True)
    is_directory_used()
    chatwoot_settings()
    warm_console()
    config, app = settings(), console_app()
    give_out_metrics(CONSOLE_METRICS_PORT)
    served = uvicorn.Config(
        app,
        host=config.host,
        port=CONSOLE_PORT.value(),
        ws="none",  # Rasa's websockets 10 breaks uvicorn's automatic mode
        http="h11",
        loop="asyncio",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # `client_address` reads them, from trusted proxies only
        timeout_keep_alive=deadlines.HTTP_KEEP_ALIVE,
        timeout_graceful_shutdown=deadlines.GRACEFUL_STOP,
    )
    if json_wanted():
        write_json("console")
    ConsoleServer(served, app.state.feed).run()
