"""A really running assistant: both servers, started as `bot serve` starts them, on ports of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
from outboxes import Outbox  # tests/outboxes.py

from bot.settings import PROJECT

PATIENCE = 120  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def events(answer: requests.Response) -> list[tuple[str, dict[str, Any]]]:
    """The events of a streamed answer: name and data."""
    found = []
    for block in answer.content.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def replies(answer: requests.Response) -> list[dict[str, Any]]:
    """The replies of a streamed answer."""
    return [data for name, data in events(answer) if name == "reply"]


@dataclass
class Running:
    """A running assistant. `url` is its page; `output` the file with what it printed."""

    process: subprocess.Popen[bytes]
    url: str
    environment: dict[str, str]
    output: Path

    def session(self) -> str:
        answer = requests.post(self.url + "session", timeout=10)
        return str(answer.json()["session"])

    def post(self, body: Any, session: str | None = None, **kwargs: Any) -> requests.Response:
        """Send what should be a message; an object without an id gets one."""
        if isinstance(body, dict):
            body = {"id": str(uuid.uuid4()), **body}
        bearer = {"Authorization": f"Bearer {session}"} if session else {}
        return requests.post(self.url + "messages", json=body, headers=bearer, timeout=60, **kwargs)

    def ask(self, text: str, session: str | None = None) -> list[dict[str, Any]]:
        """The replies to one message, in a new conversation unless one is given."""
        answer = self.post({"text": text}, session or self.session())
        assert answer.status_code == 200, answer.text
        return replies(answer)

    def outbox(self) -> Outbox:
        """What is sent to customers from now on."""
        return Outbox(Path(self.environment["BOT_OUTBOX"]), from_now_on=True)

    def bot(self, *arguments: str) -> str:
        """Run the `bot` command on this assistant's database."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def kill(self) -> None:
        """End the Rasa server as a lack of memory would; what watches it stops the rest."""
        self.child("bot.server.rasa_server").kill()
        self.process.wait(30)

    def child(self, module: str) -> psutil.Process:
        """The server that runs a module."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if module in child.cmdline())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def start(folder: Path, **variables: str) -> Running:
    """Start an assistant with a database of its own and wait until it says that it is ready."""
    port = int(variables.get("BOT_PORT", free_port()))
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
        "BOT_PORT": str(port),
        "BOT_ACTION_PORT": str(free_port()),
        "BOT_OUTBOX": str(folder / "outbox.jsonl"),
        "BOT_LOGS": str(folder / "log"),
        # Tests come from one address, and faster than people.
        "BOT_LIMIT_CONVERSATION": "10000",
        "BOT_LIMIT_ADDRESS": "100000",
        **variables,
    }
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "--no-train"],
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, f"http://127.0.0.1:{port}/chat/", environment, output)
    deadline = time.monotonic() + PATIENCE
    while "Ready after" not in output.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            shutil.copy(output, folder / "failed.txt")
            raise AssertionError(f"The assistant did not start:\n{output.read_text(encoding='utf-8')}")
        time.sleep(0.2)
    return running
