"""The HTTP server that Prometheus scrapes: one thread per connection, with a time limit.

prometheus_client's own server waits for ever for the rest of a request, or for a client that does not read the answer,
and for any number of connections.
"""

import socket
import threading
import time
from contextlib import suppress
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import make_wsgi_app

from bot import deadlines

MOST_CONNECTIONS = 16  # concurrent; further ones are closed unread
LOOK_EVERY = 0.5  # seconds


def family_and_address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """Whether an address is one of IPv4 or of IPv6, and the address as `bind` takes it.

    Raises:
        OSError: it is no address, and no known name.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return family, (str(address[0]), int(address[1]))


class MetricsServer(ThreadingMixIn, WSGIServer):
    """Closes connections that take too long in all, so a client that sends slowly (slowloris) gains nothing.

    Attributes:
        seconds: that a connection may last.
    """

    daemon_threads = True

    def __init__(self, host: str, port: int, seconds: float = deadlines.METRICS_CONNECTION) -> None:
        """
        Raises:
            OSError: the address is not this machine's, or the port is in use.
        """
        self.seconds = seconds
        self._began: dict[socket.socket, float] = {}
        self.address_family, address = family_and_address(host, port)
        super().__init__(address, _Handler)
        self.set_app(make_wsgi_app())

    def start(self) -> None:
        """Serve in a thread of its own, until the process ends or `shutdown` is called."""
        threading.Thread(target=self.serve_forever, args=(LOOK_EVERY,), daemon=True).start()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether a thread is free for a connection."""
        return len(self._began) < MOST_CONNECTIONS

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread."""
        self._began[request] = time.monotonic()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, whichever side has ended it."""
        self._began.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Close connections whose time is over: the thread that reads or writes there gets an error."""
        before = time.monotonic() - self.seconds
        for connection, began in self._began.copy().items():
            if began < before:
                with suppress(OSError):  # it ended at this moment
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore broken connections; the standard library would print the client's address and a traceback."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Log no requests, like prometheus_client."""
