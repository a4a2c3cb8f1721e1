"""Logging of the servers: warnings and errors only, redacted, and never what customers write."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

from bot.observing.json_logs import json_wanted, write_json
from bot.privacy import redact

FILE_BROKER = "event-logger"  # Rasa's file broker writes its events, which are redacted already, through a logger
ACCESS = "sanic.access"


class RedactedRecord(logging.LogRecord):
    """A line of any logger, redacted before any handler sees it: message, traceback and stack."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.name == FILE_BROKER:
            return
        self.msg, self.args = _redacted(self.getMessage), ()
        if self.exc_info:
            trace = self.exc_info
            # Every formatter uses `exc_text` where it is set, instead of formatting the traceback itself.
            self.exc_text = _redacted(lambda: logging.Formatter().formatException(trace))
        if self.stack_info:
            stack = self.stack_info
            self.stack_info = _redacted(lambda: stack)


def _redacted(text: Callable[[], str]) -> str:
    try:
        return redact(text())
    except Exception as error:  # a line that cannot be redacted must neither be lost nor shown
        return f"[not shown: {type(error).__name__} while it was redacted]"


def _redact_address(record: logging.LogRecord) -> bool:
    """A filter for access log lines: the client's address is set after the record is made."""
    if (address := getattr(record, "request", None)) is not None:
        record.request = _redacted(lambda: str(address))
    return True


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("uncaught").critical("The process ends.", exc_info=(kind, error, trace))


def _log_uncaught_elsewhere(failure: Any) -> None:
    """Log an exception of a thread or a finalizer: by default Python prints such tracebacks unredacted."""
    if failure.exc_value is not None and not issubclass(failure.exc_type, SystemExit):
        trace = (failure.exc_type, failure.exc_value, failure.exc_traceback)
        logging.getLogger("uncaught").error("The process goes on.", exc_info=trace)


def quiet(part: str = "command") -> None:
    """Set up logging and warnings; call before Rasa is imported.

    Args:
        part: the process, as JSON logs name it.

    Rasa's debug and info logs contain customers' texts, and structlog prints them all unless it is configured.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    if not sys.warnoptions:
        import sanic  # noqa: F401  (it turns deprecation warnings back on when it is imported)

        warnings.simplefilter("ignore")
    logging.setLogRecordFactory(RedactedRecord)
    logging.getLogger(ACCESS).addFilter(_redact_address)
    sys.excepthook = _log_uncaught
    threading.excepthook = sys.unraisablehook = _log_uncaught_elsewhere
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if json_wanted():
        write_json(part)


def quiet_structlog() -> None:
    """Make structlog drop lines below warning and write text that can be redacted; call after Rasa is imported."""
    import structlog
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    structlog.configure(processors=[_plain(processor) for processor in structlog.get_config()["processors"]])


def _plain(processor: Any) -> Any:
    """The same structlog processor without escaped letters, which hide names, and without the values of variables."""
    from structlog import dev, processors, tracebacks

    match processor:
        case processors.JSONRenderer():
            return processors.JSONRenderer(ensure_ascii=False)
        case processors.ExceptionRenderer():
            return processors.ExceptionRenderer(tracebacks.ExceptionDictTransformer(show_locals=False))
        case dev.ConsoleRenderer():
            return type(processor)(exception_formatter=dev.plain_traceback)
    return processor
