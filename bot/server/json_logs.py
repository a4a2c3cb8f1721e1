"""Logs as one JSON object a line (`BOT_LOG_FORMAT=json`), for whatever gathers them.

A formatter of our own: those of structlog and python-json-logger format a traceback anew, and write whatever else hangs
on a record, past the redaction that has taken place when the record was made (bot.server.logs).
"""

import json
import logging
import os
from datetime import UTC, datetime

from bot.current_turn import FIELDS, LOGGER, current_turn
from bot.settings import SettingsError

FORMAT = "BOT_LOG_FORMAT"


def json_wanted() -> bool:
    """Whether `BOT_LOG_FORMAT` is "json"; "text" or nothing otherwise.

    Raises:
        SettingsError: it is something else.
    """
    value = os.environ.get(FORMAT, "")
    if value not in {"", "text", "json"}:
        raise SettingsError(f"{FORMAT}={value!r} is not known; use 'json' or 'text'.")
    return value == "json"


class JsonFormatter(logging.Formatter):
    """{"time", "level", "logger", "part", "message"}, and where there are some "turn", "exception", "stack", fields."""

    def __init__(self, part: str) -> None:
        """
        Args:
            part: the process that logs, such as "rasa" or "actions".
        """
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        turn = current_turn()
        shown = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "part": self._part,
            "turn": turn.id if turn else None,
            "message": record.getMessage(),
            "exception": record.exc_text,
            "stack": record.stack_info,
            **getattr(record, FIELDS, {}),
        }
        return json.dumps({name: value for name, value in shown.items() if value is not None}, ensure_ascii=False)


def write_json(part: str) -> None:
    """Let every logger that there is write JSON, also those that bring handlers of their own, such as Sanic's."""
    formatter = JsonFormatter(part)
    loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    for logger in loggers:
        for handler in getattr(logger, "handlers", []):
            if type(handler) is logging.StreamHandler:  # a broker's file stays as it is
                handler.setFormatter(formatter)
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(formatter)
    logging.getLogger(LOGGER).setLevel(logging.INFO)
