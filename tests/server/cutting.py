"""A TCP proxy to a server that cuts connections when a test says so."""

import socket
import socketserver
import threading
from contextlib import suppress
from types import TracebackType


class CuttingProxy:
    """Forwards everything both ways. `cut_after` a text from the server: the connection is closed there, once."""

    def __init__(self, port: int) -> None:
        self._upstream = ("127.0.0.1", port)
        self._marker = b""
        self.cuts = 0
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port = int(self._server.server_address[1])

    def cut_after(self, text: str) -> None:
        """Cut the first connection on which this text arrives."""
        self._marker = text.encode()

    def __enter__(self) -> "CuttingProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def carry(self, client: socket.socket) -> None:
        """Serve one connection of the browser."""
        with socket.create_connection(self._upstream) as upstream:
            threading.Thread(target=_pass_on, args=(client, upstream), daemon=True).start()
            while received := upstream.recv(65536):
                found = received.find(self._marker) if self._marker else -1
                if found >= 0:
                    client.sendall(received[: found + len(self._marker)])
                    self._marker = b""
                    self.cuts += 1
                    return
                client.sendall(received)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Handler(socketserver.BaseRequestHandler):
    proxy: CuttingProxy

    def handle(self) -> None:
        with suppress(OSError):  # either side may hang up
            self.proxy.carry(self.request)


def _pass_on(client: socket.socket, upstream: socket.socket) -> None:
    with suppress(OSError):
        while sent := client.recv(65536):
            upstream.sendall(sent)
        upstream.shutdown(socket.SHUT_WR)
