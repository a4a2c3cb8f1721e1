"""The HTTP of a fake server: responses that are compared with openapi.yml, CORS, server-sent events."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import described  # tests/described.py
from jsonschema import ValidationError
from origins import PREFLIGHT, SHOWN  # tests/origins.py

PATH = "/chat/"


class QuietServer(ThreadingHTTPServer):
    """Restarts on the same port, and does not wait for streams that are open."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A browser that closes the connection is not an error."""


class DescribedHandler(BaseHTTPRequestHandler):
    """Sends responses, and collects in `complaints` how they differ from openapi.yml."""

    complaints: list[str]

    def log_message(self, *_: Any) -> None:
        pass

    def answer_get(self) -> None:
        """Answer GET, and HEAD, whose body is left out."""
        raise NotImplementedError

    def answer_post(self, body: dict[str, Any]) -> None:
        """Answer POST with this JSON."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer_get()

    def do_HEAD(self) -> None:
        self.answer_get()

    def do_POST(self) -> None:
        self.answer_post(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"))

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        for name, value in PREFLIGHT.items() if self._is_allowed() else ():
            self.send_header(name, value)
        self.end_headers()

    def _is_allowed(self) -> bool:
        return self.headers.get("Origin") == f"http://localhost:{self.server.server_address[1]}"

    def end_headers(self) -> None:
        """CORS headers as the real channel's, on every response including errors."""
        self.send_header("Vary", "Origin")
        if self._is_allowed():
            for name, value in {**SHOWN, "Access-Control-Allow-Origin": self.headers["Origin"]}.items():
                self.send_header(name, value)
        super().end_headers()

    def _open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def _event(self, name: str, data: Any, number: int | None = None) -> None:
        event = f"id: {number}\n" if number else ""
        event += f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        self._compare(200, described.STREAM, event)
        self.wfile.write(event.encode())
        self.wfile.flush()

    def _compare(self, status: int, kind: str, body: str) -> None:
        """Check against openapi.yml, except what a proxy might answer in our place."""
        if status >= 500 or not self.path.startswith(PATH):
            return
        try:
            described.check(self.command, self.path.removeprefix(PATH[:-1]), status, kind, body)
        except (AssertionError, ValidationError) as error:
            self.complaints.append(str(error))

    def _problem(self, status: int, headers: dict[str, str] | None = None) -> None:
        phrase = HTTPStatus(status).phrase
        body = json.dumps({"type": "about:blank", "status": status, "title": phrase, "detail": phrase})
        self._send(status, body, "application/problem+json", headers)

    def _send(
        self, status: int, body: str, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        content = body.encode()
        self._compare(status, kind, body)
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
