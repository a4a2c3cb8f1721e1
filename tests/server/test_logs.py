"""What any logger of the servers writes is redacted; written by a process of its own, set up as the servers are."""

import subprocess
import sys

import pytest

SET_UP = """
from bot.server.logs import quiet, quiet_structlog
quiet()
import logging, structlog, threading
from rasa_sdk.endpoint import create_app
import rasa.core.agent
quiet_structlog()
app = create_app("actions")
said = "mani sauc Ārija Ķirse, līgums 90010000033, tālrunis +371 26123456, anna.paraugs@example.com"

class Thrown:
    def __del__(self):
        raise ValueError(said)

def failing(said):
    raise ValueError(said)

def logged(log):
    try:
        failing(said)
    except ValueError:
        log()
"""
MARK = "---- "
PERSONAL = ("90010000033", "26123456", "anna.paraugs@example.com", "rija", "irse")
WAYS = {
    "our logger": 'logging.getLogger("bot.channels").error("Failed: %s", said)',
    "a message with its values": 'logging.getLogger("bot").warning("%(what)s", {"what": said})',
    "Rasa's logger": 'logging.getLogger("rasa.core.processor").error(said)',
    "structlog": 'structlog.get_logger("rasa.core").error("event.failed", event_info=said, said=said)',
    "sanic's root": 'logging.getLogger("sanic.root").error(said)',
    "sanic's errors": 'logging.getLogger("sanic.error").error(said)',
    "structlog's exceptions": 'logged(lambda: structlog.get_logger("rasa.core").error("event.failed", exc_info=True))',
    "an exception's text": 'logged(lambda: logging.exception("x"))',
    "sanic's exceptions": 'logging.getLogger("sanic.error").error("x", exc_info=ValueError(said))',
    "what cannot be redacted": 'logging.getLogger("bot").error("%d", said)',
    "what nobody catches in a thread": "one = threading.Thread(target=failing, args=(said,)); one.start(); one.join()",
    "what nobody can catch": "Thrown()",
    "what nobody catches": "raise ValueError(said)",
}
NOT_SHOWN = "[not shown: TypeError"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """What each way wrote; the last one ends the process."""
    lines = "\n".join(f"print({MARK!r} + {name!r}, flush=True)\n{way}" for name, way in WAYS.items())
    command = [sys.executable, "-c", SET_UP + lines]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    parts = done.stdout.split(MARK)[1:]
    return dict(part.split("\n", 1) for part in parts)


@pytest.mark.parametrize("way", WAYS)
def test_logs_are_redacted(written: dict[str, str], way: str) -> None:
    assert [one for one in PERSONAL if one in written[way]] == []


@pytest.mark.parametrize("way", WAYS)
def test_no_line_is_lost(written: dict[str, str], way: str) -> None:
    assert "[contract]" in written[way] or NOT_SHOWN in written[way]


def test_what_cannot_be_redacted_is_not_shown(written: dict[str, str]) -> None:
    assert f"ERROR bot: {NOT_SHOWN}" in written["what cannot be redacted"]
