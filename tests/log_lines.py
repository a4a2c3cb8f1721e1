"""Ways in which personal data could get into a log, for processes that are set up like the servers."""

SET_UP = """
from bot.observing.logs import quiet, quiet_structlog
quiet()
import asyncio, logging, structlog, threading
import bot.observing.logs as logs
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
