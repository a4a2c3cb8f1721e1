"""Tiny bots of our own, to try the gateways' clients on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, str, str]


class Bot:
    """A bot that is one function: (method, path with query, body, headers) -> (status, content type, text)."""

    def __init__(self, answer: Callable[[str, str, bytes, Any], Answer]) -> None:
        self.seen: list[tuple[str, str, bytes, dict[str, str]]] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                bot.seen.append((self.command, self.path, body, dict(self.headers)))
                status, kind, text = answer(self.command, self.path, body, self.headers)
                data = text.encode()
                self.send_response(status)
                if kind:
                    self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _any  # noqa: N815 (http.server names them)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def paths(self) -> list[str]:
        return [p for _, p, _, _ in self.seen]
