"""Training without Rasa's progress bars; its steps go to a callback instead."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.settings.setting import variable

LEVEL, BARS_OFF = "LOG_LEVEL", "WARNING"  # Rasa shows no progress bars at this level
HOOKS = "rasa.engine.training.hooks"  # Rasa's logger that names each component


@contextmanager
def quiet_training(report: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Within the block, no bars are shown, and `report` is told each component that is trained or taken from cache."""
    logger, steps, before = logging.getLogger(HOOKS), _Steps(report), variable(LEVEL)
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(steps)
    os.environ[LEVEL] = BARS_OFF
    try:
        yield
    finally:
        logger.removeHandler(steps)
        logger.setLevel(level)
        logger.propagate = propagate
        os.environ.pop(LEVEL)
        if before is not None:
            os.environ[LEVEL] = before


class _Steps(logging.Handler):
    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__()
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith(("Starting to train component", "Restored component")):
            told = message.replace("Starting to train component", "Training").replace("Restored", "Taking")
            self._report(told.rstrip("."))
