"""Serves a process's Prometheus metrics on a port of its own."""

from bot.server.metrics_server import MetricsServer
from bot.settings import Setting
from bot.settings.servers import METRICS_HOST


def give_out_metrics(of_process: Setting[int | None]) -> None:
    """Serve `/metrics` on `BOT_METRICS_HOST` and the port of a setting; do nothing where that is not set.

    It runs in a thread of this process, so each process needs a port of its own.

    Raises:
        SettingsError: it is not a port.
        OSError: the port is in use.
    """
    if port := of_process.value():
        MetricsServer(METRICS_HOST.value(), port).start()
