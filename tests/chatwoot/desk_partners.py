"""Those whom the stand-in of Chatwoot speaks with in its tests: a receiver of webhooks, and a client of its APIs."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from harness.chatwoot import ApiInbox, ChatwootServer

WEBHOOK_TIMEOUT = 0.5


class Receiver:
    """A program that Chatwoot tells what happens."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        # What it answers with, and what it does before.
        self.status = 200
        self.before: Callable[[], Any] = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((dict(self.headers), body))
                receiver.before()
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/told"

    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]

    def events(self) -> list[str]:
        return [payload["event"] for payload in self.payloads()]


class Client:
    """Somebody who speaks with the desk through the public API."""

    def __init__(self, chatwoot: ChatwootServer, inbox: ApiInbox) -> None:
        self.contacts = f"{chatwoot.base_url}/public/api/v1/inboxes/{inbox.identifier}/contacts"
        self.account = f"{chatwoot.base_url}/api/v1/accounts/{chatwoot.account.id}"

    def contact(self, **facts: Any) -> dict[str, Any]:
        answer = requests.post(self.contacts, json=facts, timeout=5)
        assert answer.status_code == 200
        return dict(answer.json())

    def conversations(self, source_id: str) -> str:
        return f"{self.contacts}/{source_id}/conversations"

    def begin(self, **facts: Any) -> tuple[int, str]:
        """A new conversation of a new contact: its number and its address."""
        address = self.conversations(self.contact(**facts)["source_id"])
        number = requests.post(address, timeout=5).json()["id"]
        return number, f"{address}/{number}"

    def of_desk(self, conversation_id: int) -> str:
        return f"{self.account}/conversations/{conversation_id}"
