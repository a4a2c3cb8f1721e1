"""What any logger of the servers writes is redacted; written by a process of its own, set up as the servers are."""

import subprocess
import sys

import pytest

SET_UP = """
from bot.server.logs import quiet, quiet_structlog
quiet()
import asyncio, logging, structlog, threading
import bot.server.logs as logs
from rasa_sdk.endpoint import create_app
from sanic import Sanic
import rasa.core.agent
quiet_structlog()
app = create_app("actions")
Sanic("with_its_own_handlers")
said = "mani sauc Ārija Ķirse, līgums 90010000033, tālrunis +371 26123456, anna.paraugs@example.com"

class Thrown:
    def __del__(self):
        raise ValueError(said)

def failing(said):
    raise ValueError(said)

request = {"request": "GET /" + said, "host": "h", "status": 200, "byte": 1}

async def forgotten():
    asyncio.create_task(asyncio.to_thread(failing, said))
    await asyncio.sleep(0.1)

def without_redaction(log):
    whole, logs.redact = logs.redact, None
    log()
    logs.redact = whole

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
    "sanic's server": 'logging.getLogger("sanic.server").error(said)',
    "sanic's line of a request": 'logging.getLogger("sanic.access").info("", extra=request)',
    "a stack": 'logging.getLogger("bot").error(said, stack_info=True)',
    "a task that nobody waits for": "asyncio.run(forgotten())",
    "what cannot be redacted": 'logging.getLogger("bot").error("%d", said)',
    "a redactor that fails": 'without_redaction(lambda: logging.getLogger("bot.server").warning(said))',
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


@pytest.mark.parametrize(
    ("way", "line"),
    [
        ("our logger", "ERROR bot.channels: Failed: mani sauc [name], līgums [contract]"),
        ("sanic's server", "ERROR sanic.server: mani sauc [name]"),
        ("sanic's line of a request", "[INFO][h]: GET /mani sauc [name]"),
        ("an exception's text", "ERROR root: x\n"),
        ("what cannot be redacted", f"ERROR bot: {NOT_SHOWN}"),
        ("a redactor that fails", f"WARNING bot.server: {NOT_SHOWN}"),
        ("what nobody catches in a thread", "ERROR uncaught: "),
        ("what nobody catches", "CRITICAL uncaught: "),
    ],
)
def test_level_and_logger_stay_readable(written: dict[str, str], way: str, line: str) -> None:
    assert line in written[way]
