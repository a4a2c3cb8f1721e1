"""Health probes of the Rasa server: liveness and readiness. `credentials.yml` names this channel."""

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint

from bot.channels.readiness import live, of_rasa_server


class Health(InputChannel):  # type: ignore[misc]
    """Not a channel that carries messages: an `InputChannel` is Rasa's way to add routes to its server."""

    @classmethod
    def name(cls) -> str:
        return "health"

    @classmethod
    def from_credentials(cls, credentials: dict[str, object] | None) -> "Health":
        return cls()

    def url_prefix(self) -> str:
        return "/health"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`GET /health/live` and `GET /health/ready`."""
        routes = Blueprint("health")
        routes.add_route(live, "/live")
        routes.add_route(of_rasa_server, "/ready", name="ready")
        return routes
