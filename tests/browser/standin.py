"""A small server that speaks the chat's contract over real HTTP, and fails where it is told to.

What is said to it decides the answer: `REPLIES` by the text, else an echo. Failures come from `faults`: each request to
`messages` takes the first one off the list.
"""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bot.settings import PROJECT

WIDGET = PROJECT / "bot" / "channels" / "widget"
PATH = "/chat/"
# As strict as a website may be: nothing inline, and not even a string that becomes HTML.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="/chat/widget/elektrum-chat.js"></script></head>
<body><main><h1>{title}</h1><p><a href="#first">A link of the page</a></p>
<elektrum-chat {attributes}></elektrum-chat></main></body></html>"""

Reply = dict[str, Any]


def reply(text: str, *, language: str = "en", buttons: tuple[str, ...] = (), sources: tuple[Any, ...] = ()) -> Reply:
    return {
        "text": text,
        "buttons": [{"title": title, "button": f"ref-{title}"} for title in buttons],
        "sources": [{"title": title, "url": url} for title, url in sources],
        "language": language,
    }


@dataclass
class Fault:
    """What goes wrong with one message: an error, silence before it, or a stream that ends after some replies."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    cut_after: int | None = None
    not_kept: bool = False


@dataclass
class Conversation:
    messages: dict[str, Any] = field(default_factory=dict)  # by id: the request and its replies
    language: str | None = None
    token: str | None = None


class StandIn:
    """The server. `received` are the bodies of all requests to `messages`, `handled` the new ids among them."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.faults: list[Fault] = []
        self.session_faults: list[Fault] = []
        self.history_faults: list[Fault] = []
        self.conversations: dict[str, Conversation] = {}
        self.received: list[dict[str, Any]] = []
        self.sign_ins: list[str] = []
        self.refused_tokens: set[str] = set()
        self.accounts_down = False
        self.handled: list[str] = []
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start, after a stop on the same port and with all that was said."""
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def page(self, *, language: str = "lv", attributes: str = "") -> str:
        """The address of a page with the widget."""
        return f"http://127.0.0.1:{self.port}/page?language={language}&attributes={attributes.replace(' ', '+')}"

    def answer(self, text: str) -> list[Reply]:
        return self.replies.get(text) or [reply(f"You said: {text}")]

    def forget_sessions(self) -> None:
        self.conversations.clear()


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A browser that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    standin: StandIn

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/page":
            self._page(query)
        elif path.startswith(f"{PATH}widget/"):
            self._file(WIDGET / Path(path).name)
        elif path == f"{PATH}history":
            self._history()
        else:
            self._problem(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        handle = {"session": self._session, "messages": self._messages, "sign-in": self._sign_in}
        handle[self.path.removeprefix(PATH)](body)

    def _page(self, query: str) -> None:
        given = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
        page = PAGE.format(title="Test page", language=given["language"], attributes=given["attributes"])
        self._send(200, page, "text/html; charset=utf-8", {"Content-Security-Policy": CONTENT_POLICY})

    def _file(self, file: Path) -> None:
        self._send(200, file.read_text(encoding="utf-8"), "text/javascript; charset=utf-8")

    def _session(self, body: dict[str, Any]) -> None:
        fault = self._next(self.standin.session_faults)
        time.sleep(fault.seconds)
        if fault.status != 200:
            return self._problem(fault.status, fault.headers)
        token = body.get("token")
        if token in self.standin.refused_tokens:
            return self._problem(403)
        session = uuid.uuid4().hex
        self.standin.conversations[session] = Conversation(language=body.get("language"), token=token)
        signed_in = bool(token) and not self.standin.accounts_down
        return self._send(201, json.dumps({"session": session, "signed_in": signed_in}))

    def _sign_in(self, body: dict[str, Any]) -> None:
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        if body["token"] in self.standin.refused_tokens:
            return self._problem(403)
        if self.standin.accounts_down:
            return self._problem(503)
        conversation.token = body["token"]
        self.standin.sign_ins.append(body["token"])
        return self._send(200, json.dumps({"signed_in": True}))

    def _history(self) -> None:
        fault = self._next(self.standin.history_faults)
        if fault.status != 200:
            return self._problem(fault.status)
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        said = [
            entry for message in conversation.messages.values() for entry in (message["customer"], *message["replies"])
        ]
        return self._send(200, json.dumps({"messages": said}))

    def _messages(self, body: dict[str, Any]) -> None:
        self.standin.received.append(body)
        fault = self._next(self.standin.faults)
        time.sleep(fault.seconds)
        if fault.status != 200:
            return self._problem(fault.status, fault.headers)
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        if len(body.get("text", "")) > 2000:
            return self._problem(413)
        message = conversation.messages.get(body["id"]) or self._handle(body, keep=not fault.not_kept)
        if not fault.not_kept:
            conversation.messages[body["id"]] = message
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        for each in message["replies"][: fault.cut_after]:
            self._event("reply", {key: value for key, value in each.items() if key != "from"})
        if fault.cut_after is None:
            self._event("done", {"again": True} if fault.not_kept else {})
        return None

    def _handle(self, body: dict[str, Any], *, keep: bool) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        text = body.get("text") or body["button"].removeprefix("ref-")
        self.standin.handled.append(body["id"])
        replies = self.standin.answer(text) if keep else [reply("Sorry, call 8400.")]
        nothing: dict[str, Any] = {"buttons": [], "sources": []}
        customer = {"id": body["id"], "from": "customer", "text": text, "language": None, "at": now, **nothing}
        return {
            "id": body["id"],
            "customer": customer,
            "replies": [
                {**each, "id": f"{body['id']}/{n}", "from": "assistant", "at": now} for n, each in enumerate(replies)
            ],
        }

    def _event(self, name: str, data: Any) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def _conversation(self) -> Conversation | None:
        session = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return self.standin.conversations.get(session)

    def _next(self, faults: list[Fault]) -> Fault:
        return faults.pop(0) if faults else Fault()

    def _problem(self, status: int, headers: dict[str, str] | None = None) -> None:
        phrase = HTTPStatus(status).phrase
        body = json.dumps({"status": status, "title": phrase, "detail": phrase})
        self._send(status, body, "application/problem+json", headers)

    def _send(
        self, status: int, body: str, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
