"""Logging of the servers: warnings and errors only, and never what customers write."""

import logging
import os
import sys
import warnings


def quiet() -> None:
    """Set up logging and warnings; call before Rasa is imported.

    Rasa's debug and info logs hold customers' texts, and structlog prints them all unless it is configured.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    if not sys.warnoptions:
        import sanic  # noqa: F401  (it turns deprecation warnings back on when it is imported)

        warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def quiet_structlog() -> None:
    """Let structlog drop everything below warning; call after Rasa is imported."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
