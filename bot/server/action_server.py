"""The action server's process: `python -m bot.server.action_server`."""

from bot.server.logs import quiet

quiet()

from rasa_sdk.endpoint import create_app  # noqa: E402

from bot.settings import settings  # noqa: E402

# Seconds; longer than the Rasa server keeps a connection that is idle (bot/server/kept_connections.py).
KEEP_ALIVE = 60


def main() -> None:
    """Serve the actions on the configured host and port; no other origin may call them."""
    config = settings()
    app = create_app("actions", cors_origins=[])
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE
    app.run(config.host, config.action_port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    main()
