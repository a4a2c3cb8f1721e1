"""HTTP side of the stand-in: reading parameters, recording, faults, answering."""

import ast
import contextlib
import json
import re
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from graph.errors import GraphError, bad
from graph.faults import HTML

if TYPE_CHECKING:
    from graph.api import GraphApi, Record

Json = dict[str, Any]


def loose(value: str) -> Any:
    """Form and query values: JSON, also with single quotes or bare words as in Meta's curl samples."""
    if not value.startswith(("{", "[")):
        return value
    quoted = re.sub(r"([{,:]\s*)([A-Za-z_][\w-]*|\d+)(?=\s*[:},])", r'\1"\2"', value)
    for reader, source in ((json.loads, value), (ast.literal_eval, value), (json.loads, quoted)):
        try:
            return reader(source)
        except (ValueError, SyntaxError):
            continue
    return value


def read_params(query: Json, content_type: str, raw: bytes) -> Json:
    """Query and body together; the body wins.  A JSON body that is none is refused (wording assumed)."""
    params = {key: loose(value) for key, value in query.items()}
    if not raw:
        return params
    if "json" in content_type.lower():
        try:
            body = json.loads(raw.decode("utf-8"))
        except ValueError:
            raise bad("The request body is not valid JSON") from None
        if not isinstance(body, dict):
            raise bad("The request body must be a JSON object")
        return {**params, **body}
    form = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    return {**params, **{key: loose(value) for key, value in form.items()}}


def dump(value: Json) -> bytes:
    """JSON as Graph prints it: ASCII with lower-case \\uXXXX, and \\/ (seen in botframework-sdk#2050)."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()


class Server(ThreadingHTTPServer):
    """Many connections at once; clients that go away are no news."""

    daemon_threads, request_queue_size = True, 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent for broken connections, loud for everything else (a bug of the stand-in)."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "proxygen-bolt", ""
    graph: "GraphApi"

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815 (the names of http.server)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def _serve(self) -> None:
        graph = self.graph
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length) if length else b""
        if len(raw) < length:  # the client ended within its request, which reaches no API
            self.close_connection = True
            return
        record = self._record(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), raw)
        edge = parts.path.rstrip("/").rsplit("/", 1)[-1]
        fault = record.fault = graph.faults.take(record.method, edge, graph.clock())
        if fault is not None and fault.delay and not fault.accept:
            graph.stopping.wait(fault.delay)
        answer: tuple[int, bytes] = (200, b"")
        if fault is None or fault.accept or fault.kind == "slow":
            answer = self._carry_out(record)
        if fault is not None and fault.delay and fault.accept:
            graph.stopping.wait(fault.delay)
        if fault is not None and fault.kind == "cut":
            record.answered = False
            self._cut()
            return
        if fault is not None and fault.kind == "error":
            failure = GraphError(fault.code, fault.message, fault.subcode, fault.status)
            record.error, record.response = (fault.code, fault.subcode), failure.body()
            answer = (failure.status, dump(record.response or {}))
        elif fault is not None and fault.kind in ("empty", "not_json"):
            answer = (fault.status or 200, b"" if fault.kind == "empty" else fault.body or HTML)
        record.status = answer[0]
        extra = dict(fault.headers) if fault is not None else {}
        if fault is not None and fault.kind == "not_json":
            extra.setdefault("Content-Type", "text/html; charset=utf-8")
        self._answer(record, *answer, headers=extra)

    def _record(self, path: str, query: Json, raw: bytes) -> "Record":
        from graph.api import Record  # the two modules need each other

        graph = self.graph
        with graph.lock:
            record = Record(
                len(graph.requests) + 1,
                graph.clock(),
                self.command,
                path,
                query,
                {key.lower(): value for key, value in self.headers.items()},
                raw,
            )
            graph.requests.append(record)
        return record

    def _carry_out(self, record: "Record") -> tuple[int, bytes]:
        graph = self.graph
        heard = None
        with graph.lock:
            before = len(graph.sent)
            try:
                record.params = read_params(record.query, record.headers.get("content-type", ""), record.raw)
                override = str(record.params.get("method", "")).upper()
                if record.method == "POST" and override in ("GET", "DELETE"):
                    record.method = override
                record.response = graph.carry_out(record)
                record.accepted, status = True, 200
            except GraphError as refusal:
                record.response, status = refusal.body(), refusal.status
                record.error = (refusal.code, refusal.subcode)
            if len(graph.sent) > before:
                heard = graph.sent[-1]
        if heard is not None:
            for listener in graph.listeners:
                listener(heard)
        return status, dump(record.response or {})

    def _answer(self, record: "Record", status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            version = self.graph.version_of(record.path)[0]
        except GraphError:
            version = self.graph.newest
        try:
            self.send_response(status)
            headers = {"Content-Type": "application/json; charset=UTF-8", **headers}
            self.send_header("facebook-api-version", version)
            if record.error and record.error[0] == 190:
                self.send_header("WWW-Authenticate", 'OAuth "Facebook Platform" "invalid_token"')
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client went away, e.g. its timeout on a slow answer
            record.answered, self.close_connection = False, True

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
