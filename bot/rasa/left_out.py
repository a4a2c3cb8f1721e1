"""No-ops that replace functions of Rasa which must not run here (`bot.rasa.patches`)."""

from typing import Any


def no_cors_for_all(app: Any, cors_origins: Any = "") -> None:
    """In place of `rasa.server.configure_cors`."""


def say_no_success(*_: Any) -> None:
    """In place of `rasa.shared.utils.cli.print_success`."""


def no_telemetry() -> bool:
    """In place of `rasa.telemetry.initialize_telemetry`: it is not enabled."""
    return False
