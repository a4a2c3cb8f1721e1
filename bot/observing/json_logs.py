"""Structured logs: one JSON object in each line (`BOT_LOG_FORMAT=json`), for a log collector.

A formatter of our own: those of structlog and python-json-logger format a traceback again, and write every extra
attribute of a record. Both bypass the redaction, which happens when the record is made (bot.observing.logs).
"""

import json
import logging
from datetime import UTC, datetime

from bot.observing.current_turn import FIELDS, LOGGER, current_turn
from bot.settings.servers import LOG_FORMAT


def json_wanted() -> bool:
    """Whether `BOT_LOG_FORMAT` is "json"; the alternative is "text" or nothing.

    Raises:
        SettingsError: it is something else.
    """
    return LOG_FORMAT.value() == "json"


class JsonFormatter(logging.Formatter):
    """{"time", "level", "logger", "part", "message"}, and where present "turn", "exception", "stack", extra fields."""

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
    """Make every existing logger write JSON, including those with handlers of their own, such as Sanic's."""
    formatter = JsonFormatter(part)
    loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    for logger in loggers:
        for handler in getattr(logger, "handlers", []):
            if type(handler) is logging.StreamHandler:  # a broker's file stays as it is
                handler.setFormatter(formatter)
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(formatter)
    logging.getLogger(LOGGER).setLevel(logging.INFO)
