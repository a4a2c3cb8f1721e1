"""A stand-in for Meta's Graph API over real HTTP: it checks what Graph checks, and fails when it is told to."""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN, SECRET, VERSION = "page-token-of-the-tests", "app-secret-of-the-tests", "v26.0"
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
ACTIONS = {"mark_seen", "typing_on", "typing_off"}
FIELDS = ["messages", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "message_echoes"]
SETTINGS = {
    "BOT_MESSENGER_PAGE_TOKEN": TOKEN,
    "BOT_MESSENGER_APP_SECRET": SECRET,
    "BOT_MESSENGER_VERIFY_TOKEN": "verify-token-of-the-tests",
}


@dataclass
class Fault:
    """What goes wrong with one request."""

    status: int = 400
    code: int = 0
    seconds: float = 0
    drop: bool = False  # the connection is closed without an answer
    headers: dict[str, str] = field(default_factory=dict)


class GraphRefused(Exception):
    """A request that Graph would not take: code and message."""


class GraphStandIn:
    """The server.

    Attributes:
        sent: messages that were taken, in order: (person, message).
        actions: (person, sender action).
        controls: (what, person, app) of thread control.
        faults: taken off the list by requests that send messages, one each; `always` happens to each that finds none.
        refused: why requests were not taken, though nobody had told it to fail.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.actions: list[tuple[str, str]] = []
        self.controls: list[tuple[str, str, str]] = []
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.refused: list[str] = []
        self.profile: dict[str, Any] = {}
        self.profile_writes: list[dict[str, Any]] = []
        self.subscribed: list[str] | None = [
            "messages",
            "messaging_postbacks",
            "messaging_referrals",
            "messaging_handovers",
        ]
        self.subscribed += ["standby", "message_echoes"]
        self.scopes = ["pages_messaging", "pages_manage_metadata"]
        self.version = VERSION
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def settings(self, **more: str) -> dict[str, str]:
        """The environment of an assistant whose page this is."""
        return {**SETTINGS, "BOT_GRAPH_URL": self.url, **more}

    def texts(self, person: str) -> list[str]:
        """What a person was told."""
        with self.lock:
            return [message["text"] for to, message in self.sent if to == person]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        person = body["recipient"]["id"]
        if "sender_action" in body:
            _check(body["sender_action"] in ACTIONS, 100, "sender_action")
            with self.lock:
                self.actions.append((person, body["sender_action"]))
            return {"recipient_id": person}
        _check(body.get("messaging_type") == "RESPONSE", 100, "messaging_type")
        message = body["message"]
        _check(0 < len(message.get("text", "")) <= 2000, 100, "text")
        choices = message.get("quick_replies", [])
        _check(len(choices) <= 13, 100, "quick_replies")
        for choice in choices:
            _check(choice["content_type"] == "text" and 0 < len(choice["title"]) <= 20, 100, "title")
            _check(0 < len(choice["payload"]) <= 1000, 100, "payload")
        _check(len(message.get("metadata", "")) <= 1000, 100, "metadata")
        with self.lock:
            self.sent.append((person, message))
        return {"recipient_id": person, "message_id": f"m_{len(self.sent)}"}

    def control(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        app = str(body.get("target_app_id", ""))
        _check(what != "pass" or app.isdecimal(), 100, "target_app_id")
        with self.lock:
            self.controls.append((what, body["recipient"]["id"], app))
        return {"success": True}

    def write_profile(self, body: dict[str, Any]) -> dict[str, Any]:
        for greeting in body.get("greeting", []):
            _check(0 < len(greeting["text"]) <= 160, 100, "greeting")
        for menu in body.get("persistent_menu", []):
            _check("get_started" in body or "get_started" in self.profile, 100, "a menu needs get_started")
            _check(len(menu["call_to_actions"]) <= 20, 100, "call_to_actions")
            _check(all(0 < len(each["title"]) <= 30 for each in menu["call_to_actions"]), 100, "title")
        for breakers in body.get("ice_breakers", []):
            _check(len(breakers["call_to_actions"]) <= 4, 100, "ice_breakers")
            _check(all(0 < len(each["question"]) <= 80 for each in breakers["call_to_actions"]), 100, "question")
        for part in ("greeting", "persistent_menu", "ice_breakers"):
            locales = [each["locale"] for each in body.get(part, [])]
            _check(not locales or ("default" in locales and len(set(locales)) == len(locales)), 100, "locale")
        self.profile_writes.append(body)
        self.profile |= body
        return {"result": "success"}


def _check(right: bool, code: int, what: str) -> None:
    if not right:
        raise GraphRefused(code, what)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    standin: GraphStandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, act: Any) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        address = urlsplit(self.path)
        version, _, path = address.path.strip("/").partition("/")
        fault = self._fault(path, body)
        if fault:
            time.sleep(fault.seconds)
            if fault.drop:
                self.close_connection = True
                return
            if fault.status != 200:
                self._send(fault.status, {"error": {"code": fault.code, "message": "as told"}}, fault.headers)
                return
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        try:
            _check(self.headers.get("Authorization") == f"Bearer {TOKEN}", 190, "token")
            _check("access_token" not in query, 190, "the token does not belong into the address")
            _check(query.get("appsecret_proof") == PROOF, 100, "appsecret_proof")
            _check(version == VERSION, 2635, "version")
            self._send(200, act(path, body, query))
        except (GraphRefused, KeyError) as error:
            self.standin.refused.append(repr(error))
            code = error.args[0] if isinstance(error, GraphRefused) else 100
            self._send(400, {"error": {"code": code, "message": repr(error)}})

    def _fault(self, path: str, body: dict[str, Any]) -> Fault | None:
        if "sender_action" in body or not path.endswith(("messages", "thread_control")):
            return None
        with self.standin.lock:
            return self.standin.faults.pop(0) if self.standin.faults else self.standin.always

    def _get(self, path: str, _: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        standin = self.standin
        match path:
            case "me/messenger_profile":
                asked = query["fields"].split(",")
                return {"data": [{name: standin.profile[name]} for name in asked if name in standin.profile]}
            case "me":
                return {"id": "1000", "name": "Test page"}
            case "me/subscribed_apps":
                apps = standin.subscribed
                return {"data": [] if apps is None else [{"id": "77", "name": "Assistant", "subscribed_fields": apps}]}
            case "app":
                return {"id": "77", "name": "Assistant"}
            case "debug_token":
                return {"data": {"app_id": "77", "is_valid": True, "scopes": standin.scopes, "expires_at": 0}}
        raise GraphRefused(100, path)

    def _post(self, path: str, body: dict[str, Any], _: dict[str, str]) -> dict[str, Any]:
        match path:
            case "me/messages":
                return self.standin.message(body)
            case "me/pass_thread_control" | "me/take_thread_control":
                return self.standin.control(path.removeprefix("me/").split("_")[0], body)
            case "me/messenger_profile":
                return self.standin.write_profile(body)
        raise GraphRefused(100, path)

    def _send(self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.send_header("facebook-api-version", self.standin.version)
        self.end_headers()
        self.wfile.write(body)
