"""A server that is told to stop while it starts."""

import subprocess
import sys
import threading

import requests

from bot.settings import PROJECT
from harness.ports import free_port

STOP_PATIENCE = 120  # seconds
# Answers while it still starts, as the Rasa server does while it warms up; each in half a second.
SERVER = """
import asyncio, sys
from sanic import Sanic, response
from bot.rasa.patching import apply, patches_by

app = Sanic("starting")

@app.after_server_start
async def warm_up(app, _):
    print("warming up", flush=True)
    await asyncio.sleep(2)

@app.get("/")
async def answer(request):
    print("asked", flush=True)
    await asyncio.sleep(0.5)
    return response.text("answered")

if sys.argv[2] == "ours":
    for name in ("mark_started", "stop_when_started"):
        apply(patches_by(f"bot.rasa.stopping:{name}"))
app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False)
"""


def stopped_while_it_starts(whose: str) -> tuple[str, int]:
    """The response to a request sent before, and the server's exit status."""
    port = free_port()
    heard: list[str] = []
    command = [sys.executable, "-c", SERVER, str(port), whose]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        asking = threading.Thread(target=lambda: heard.append(asked(port)))
        for line in process.stdout:
            if line.strip() == "warming up":
                asking.start()
            if line.strip() == "asked":
                process.terminate()
                break
        asking.join(STOP_PATIENCE)
        status = process.wait(STOP_PATIENCE)
    return heard[0], status


def asked(port: int) -> str:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=STOP_PATIENCE).text
    except requests.ConnectionError:
        return "nothing"


def test_what_it_is_asked_is_answered() -> None:
    assert stopped_while_it_starts("ours") == ("answered", 0)


def test_sanic_by_itself_does_not_answer() -> None:
    """If that is fixed, bot/rasa/stopping.py can be removed."""
    heard, _ = stopped_while_it_starts("Sanic's")
    assert heard == "nothing"
