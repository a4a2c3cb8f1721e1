"""A fake server that implements the chat's API over real HTTP, and fails when told to.

The message's text selects the answer from `REPLIES`, else it is an echo. Failures come from `faults`: each request to
`messages` pops the first one.
"""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
from described_handler import PATH, DescribedHandler, QuietServer  # tests/browser/described_handler.py
from desk_standin import REFERENCE, StandInDesk  # tests/browser/desk_standin.py

from bot.settings import PROJECT

WIDGET = PROJECT / "bot" / "channels" / "widget"
# The strictest policy of a website: nothing inline, and no HTML from strings (Trusted Types).
CONTENT_POLICY = (
    "default-src 'none'; script-src {server}; style-src 'none'; connect-src {server}; img-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{server}/chat/widget/elektrum-chat.js"></script></head>
<body><main><h1>{title}</h1><p><a href="#first">A link of the page</a></p>
<elektrum-chat {attributes}></elektrum-chat></main></body></html>"""

DESK_REQUESTS = ("typing", "back", "share", "call-back", "rating")
Reply = dict[str, Any]


def reply(
    text: str,
    *,
    language: str = "en",
    buttons: tuple[str, ...] = (),
    sources: tuple[Any, ...] = (),
    private_for: int | None = None,
    accounts_closed: bool = False,
    request: str | None = None,
) -> Reply:
    """A reply; `private_for` makes it an answer about an account, to be shown for so many seconds.

    `accounts_closed` makes it announce that the accounts are closed now; `request` is the kind of a request
    that it records.
    """
    return {
        **({"request": {"reference": REFERENCE, "kind": request}} if request else {}),
        **({"private_for": private_for} if private_for else {}),
        **({"accounts_closed": True} if accounts_closed else {}),
        "text": text,
        "buttons": [{"title": title, "button": f"ref-{title}"} for title in buttons],
        "sources": [{"title": title, "url": url} for title, url in sources],
        "language": language,
    }


def token(customer: str, issued: int = 1) -> str:
    """A website's token with the part that a browser can read; `issued` in seconds since 1970."""
    claims = {"iss": "https://website.example", "sub": customer, "iat": issued}
    return jwt.encode(claims, "a key that nobody checks here, but long enough", "HS256")


@dataclass
class Fault:
    """A fault for one message: an error, silence before it, or a stream that ends after some replies."""

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
    accounts_closed: bool = False
    desk: StandInDesk = field(default_factory=StandInDesk)


class StandIn:
    """The server. `received` are the bodies of all requests to `messages`, `handled` the new ids among them.

    Its pages are at `home`: 127.0.0.1 is its own name; a page at localhost is of another origin, and may use it.
    """

    def __init__(self, home: str = "127.0.0.1") -> None:
        self.home = home
        self.replies: dict[str, list[Reply]] = {}
        self.faults: list[Fault] = []
        self.session_faults: list[Fault] = []
        self.history_faults: list[Fault] = []
        self.conversations: dict[str, Conversation] = {}
        self.received: list[dict[str, Any]] = []
        self.sign_ins: list[str] = []
        self.signed_out: list[str] = []
        self.sign_out_faults: list[Fault] = []
        self.refused_tokens: set[str] = set()
        self.accounts_down = False
        self.complaints: list[str] = []  # responses that do not match openapi.yml
        self.handled: list[str] = []
        self.followers: list[str | None] = []  # Last-Event-ID of each request for the desk's events
        self._server: QuietServer | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start, or restart on the same port and with the same conversations."""
        handler = type("Handler", (_Handler,), {"standin": self, "complaints": self.complaints})
        self._server = QuietServer(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def page(self, *, language: str = "lv", attributes: str = "") -> str:
        """The URL of a page with the widget."""
        return f"http://{self.home}:{self.port}/page?language={language}&attributes={attributes.replace(' ', '+')}"

    def answer(self, text: str) -> list[Reply]:
        return self.replies.get(text) or [reply(f"You said: {text}")]

    def forget_sessions(self) -> None:
        self.conversations.clear()

    @property
    def desk(self) -> StandInDesk:
        """The desk of the latest conversation."""
        return list(self.conversations.values())[-1].desk

    def close_accounts(self) -> None:
        """As after inactivity."""
        for conversation in self.conversations.values():
            conversation.accounts_closed = True


class _Handler(DescribedHandler):
    standin: StandIn

    def answer_get(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/page":
            self._page(query)
        elif path.startswith(f"{PATH}widget/"):
            self._file(WIDGET / Path(path).name)
        elif path == f"{PATH}history":
            self._history()
        elif path in (f"{PATH}desk", f"{PATH}desk/events"):
            self._desk(path)
        else:
            self._problem(404)

    def answer_post(self, body: dict[str, Any]) -> None:
        handle = {
            "session": self._session,
            "messages": self._messages,
            "sign-in": self._sign_in,
            "sign-out": self._sign_out,
            **{f"desk/{name}": partial(self._tell_desk, name) for name in DESK_REQUESTS},
        }
        handle.get(self.path.removeprefix(PATH), lambda _: self._problem(404))(body)

    def _page(self, query: str) -> None:
        given = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
        server = f"http://127.0.0.1:{self.standin.port}"
        texts = {"title": "Test page", "language": given["language"], "attributes": given["attributes"]}
        policy = {"Content-Security-Policy": CONTENT_POLICY.format(server=server)}
        self._send(200, PAGE.format(server=server, **texts), "text/html; charset=utf-8", policy)

    def _file(self, file: Path) -> None:
        if not file.is_file():
            return self._problem(404)
        return self._send(200, file.read_text(encoding="utf-8"), "text/javascript; charset=utf-8")

    def _session(self, body: dict[str, Any]) -> None:
        fault = self._next(self.standin.session_faults)
        time.sleep(fault.seconds)
        if fault.status != 200:
            return self._problem(fault.status, fault.headers)
        token = body.get("token")
        others = [each for each in self.standin.conversations.values() if each.token == token and each.messages]
        # As the real one: a token is valid in one conversation, until that ends.
        if token in self.standin.refused_tokens or (token and others):
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
        if conversation.token and _customer(conversation.token) != _customer(body["token"]):
            return self._problem(409)
        conversation.token = body["token"]
        self.standin.sign_ins.append(body["token"])
        return self._send(200, json.dumps({"signed_in": True}))

    def _sign_out(self, _: dict[str, Any]) -> None:
        fault = self._next(self.standin.sign_out_faults)
        time.sleep(fault.seconds)
        if fault.status != 200:
            return self._problem(fault.status)
        session = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if self.standin.conversations.pop(session, None) is None and session not in self.standin.signed_out:
            return self._problem(401)
        self.standin.signed_out.append(session)
        return self._send(200, json.dumps({"signed_in": False}))

    def _history(self) -> None:
        fault = self._next(self.standin.history_faults)
        if fault.status != 200:
            return self._problem(fault.status)
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        said = [
            _withheld(entry) if conversation.accounts_closed and "private_for" in entry else entry
            for message in conversation.messages.values()
            for entry in (message["customer"], *message["replies"])
        ]
        return self._send(200, json.dumps({"messages": conversation.desk.merged(said)}))

    def _desk(self, path: str) -> None:
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        if path == f"{PATH}desk":
            return self._send(200, json.dumps(conversation.desk.state))
        self.standin.followers.append(self.headers.get("Last-Event-ID"))
        self._open_stream()
        server, sent = self.standin._server, int(self.headers.get("Last-Event-ID") or 0)
        state, typing, cuts = "", 0, conversation.desk.cuts
        while self.standin._server is server and conversation.desk.cuts == cuts:
            for said in conversation.desk.said[:]:
                if said["number"] > sent:
                    self._event("said", said, said["number"])
                    sent = said["number"]
            if (now := json.dumps(conversation.desk.state)) != state:
                self._event("state", json.loads(now))
                state = now
            if conversation.desk.typed > typing:
                typing = conversation.desk.typed
                self._event("typing", {"name": conversation.desk.state["name"]})
            if conversation.desk.state["state"] in ("none", "closed"):
                return None
            time.sleep(0.03)
        return None

    def _tell_desk(self, what: str, body: dict[str, Any]) -> None:
        conversation = self._conversation()
        if conversation is None:
            return self._problem(401)
        conversation.desk.hear(what, body)
        if what == "typing":
            return self._send(204, "")
        return self._send(200, json.dumps(conversation.desk.state))

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
        self._open_stream()
        if (number := conversation.desk.take(message)) is not None:
            return self._event("done", {"number": number})
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

    def _conversation(self) -> Conversation | None:
        session = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return self.standin.conversations.get(session)

    def _next(self, faults: list[Fault]) -> Fault:
        return faults.pop(0) if faults else Fault()


def _customer(token: str) -> object:
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("sub")
    except jwt.InvalidTokenError:
        return token


def _withheld(entry: Reply) -> Reply:
    kept = {key: value for key, value in entry.items() if key != "private_for"}
    return {**kept, "text": "", "buttons": [], "sources": [], "withheld": True}
