"""A running assistant, and how tests talk to it."""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import psutil
import requests
from outboxes import Outbox  # tests/outboxes.py
from sqlalchemy import text

from bot.settings import PROJECT
from bot.storage.engine import engine_for
from harness.served import Served, serve


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


class Running(Served):
    """A running assistant, and what tests do with it."""

    def session(self) -> str:
        answer = requests.post(self.url + "session", timeout=60)
        return str(answer.json()["session"])

    def post(self, body: Any, session: str | None = None, **kwargs: Any) -> requests.Response:
        """Send a message, valid or not; an object without an id gets one."""
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
        """Messages sent to customers from now on."""
        return Outbox(Path(self.environment["BOT_OUTBOX"]), from_now_on=True)

    def end_emergency(self, last_day: str) -> None:
        """End the emergency at once, as one person does where nobody else can be reached."""
        self.bot("emergency", "end", "--on", last_day, "--emergency", "--why", "a test")

    def bot(self, *arguments: str) -> str:
        """Run the `bot` command on this assistant's database."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return done.stdout

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Run a query or a change on this assistant's database."""
        with engine_for(self.environment["DATABASE_URL"]).begin() as connection:
            result = connection.execute(text(query), values)
            return result.all() if result.returns_rows else []

    def child(self, module: str) -> psutil.Process:
        """The server that runs a module."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if module in child.cmdline())


def start(folder: Path, **variables: str) -> Running:
    """Start an assistant with its own database and wait until it says that it is ready."""
    return Running(**vars(serve(folder, **variables)))
