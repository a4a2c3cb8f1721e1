"""Messenger as it delivers events to an assistant: signed bodies of webhooks."""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from graph_standin import SECRET, GraphStandIn  # tests/graph_standin.py
from running import Running  # tests/running.py

PAGE = "1000"
PATIENCE = 20.0  # seconds
WAITING = "SELECT id FROM messenger_events WHERE done_at IS NULL AND set_aside_at IS NULL"
Event = dict[str, Any]


def now() -> int:
    """Messenger's clock, in milliseconds."""
    return int(time.time() * 1000)


def event(person: str, at: int | None = None, **what: Any) -> Event:
    """Something that a person did."""
    return {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": at or now(), **what}


def text(person: str, said: str, *, mid: str = "", at: int | None = None, **more: Any) -> Event:
    """A message; `more` stands in it, such as quick_reply."""
    return event(person, at, message={"mid": mid or f"m_{uuid.uuid4().hex}", "text": said, **more})


def echo(person: str, said: str, **more: Any) -> Event:
    """What was written for the page, by the assistant or somebody else."""
    message = {"mid": f"m_{uuid.uuid4().hex}", "text": said, "is_echo": True, **more}
    return {"sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": now(), "message": message}


def postback(person: str, payload: str, title: str = "Title", **more: Any) -> Event:
    return event(person, postback={"payload": payload, "title": title, **more})


def body(*events: Event, channel: str = "messaging") -> bytes:
    """A delivery of events, as Messenger batches them."""
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": now(), channel: list(events)}]}).encode()


def signature(content: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


@dataclass
class MessengerPage:
    """A page whose assistant runs: `graph` is where it sends its answers."""

    running: Running
    graph: GraphStandIn

    @property
    def webhook(self) -> str:
        return self.running.url.replace("/chat/", "/webhooks/messenger/webhook")

    def post(self, content: bytes, **headers: str) -> requests.Response:
        """A delivery with a signature, unless `headers` has another."""
        signed = {"X-Hub-Signature-256": signature(content), "Content-Type": "application/json", **headers}
        return requests.post(self.webhook, data=content, headers=signed, timeout=30)

    def deliver(self, *events: Event, channel: str = "messaging") -> None:
        answer = self.post(body(*events, channel=channel))
        assert answer.status_code == 200, answer.text

    def hears(self, person: str, count: int = 1, patience: float = PATIENCE) -> list[str]:
        """Wait until a person has been told so many messages, and a moment longer for one too many."""
        wait_for(lambda: len(self.graph.texts(person)) >= count, patience)
        self.settle()
        told = self.graph.texts(person)
        assert len(told) == count, told
        return told

    def settle(self) -> None:
        """Wait until nothing is left to be done."""
        wait_for(lambda: not self.rows(WAITING), PATIENCE)

    def rows(self, query: str, **values: object) -> list[Any]:
        """What the assistant's database gives."""
        return self.running.rows(query, **values)


def wait_for(condition: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.05)
