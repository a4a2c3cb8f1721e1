"""A really running assistant: both servers, started as `bot serve` starts them, on ports of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bot.settings import PROJECT

PATIENCE = 120  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

    def post(self, body: Any, **kwargs: Any) -> requests.Response:
        return requests.post(self.url + "messages", json=body, timeout=60, **kwargs)

    def ask(self, text: str, session: str | None = None) -> list[dict[str, Any]]:
        """The replies to one message, in a new conversation unless one is given."""
        answer = self.post({"session": session or self.session(), "text": text})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["replies"])

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

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def start(folder: Path, **variables: str) -> Running:
    """Start an assistant with a database of its own and wait until it says that it is ready."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
        "BOT_PORT": str(port),
        "BOT_ACTION_PORT": str(free_port()),
        "BOT_OUTBOX": str(folder / "outbox.jsonl"),
        "BOT_LOGS": str(folder / "log"),
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
