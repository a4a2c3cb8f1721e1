"""The HTTP server of the metrics: slow clients (slowloris) or too many of them do not block threads for long."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from bot.observing import metrics
from bot.server import metrics_server
from bot.server.metrics_server import MetricsServer, family_and_address

SECONDS = 1.0  # maximal duration of a connection here
SLACK = metrics_server.LOOK_EVERY + 1.5


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    server = MetricsServer("127.0.0.1", 0, SECONDS)
    server.start()
    yield server
    server.shutdown()
    server.server_close()


def connected(server: MetricsServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.server_port), timeout=5)


def seconds_until_closed(connection: socket.socket, drip: bytes = b"") -> float:
    """How long the server keeps a connection on which `drip` is sent again and again."""
    began = time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - began < 10:
        try:
            connection.sendall(drip)
            if not connection.recv(1000):
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    return time.monotonic() - began


def scraped(server: MetricsServer) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{server.server_port}/metrics", timeout=5)


def test_figures_are_given_out(server: MetricsServer) -> None:
    metrics.RATE_LIMITED.labels("work").inc()
    answer = scraped(server)
    assert (answer.status_code, 'bot_rate_limited_total{route="work"}' in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("said", "drip"),
    [
        (b"", b""),
        (b"GET /metrics HTTP/1.1\r\n", b""),
        (b"GET /metrics HTTP/1.1\r\n", b"X: 1\r\n"),
        (b"", b"G"),
    ],
    ids=["nothing is sent", "half a request", "one header after another", "one byte after another"],
)
def test_a_slow_client_is_cut_off(server: MetricsServer, said: bytes, drip: bytes) -> None:
    before = threading.active_count()
    with connected(server) as slow:
        slow.sendall(said)
        assert seconds_until_closed(slow, drip) < SECONDS + SLACK
    deadline = time.monotonic() + SLACK
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before
    assert scraped(server).status_code == 200


def test_who_is_quick_is_answered_beside_slow_ones(server: MetricsServer) -> None:
    slow = [connected(server) for _ in range(metrics_server.MOST_CONNECTIONS - 1)]
    assert scraped(server).status_code == 200
    for each in slow:
        each.close()


def test_more_connections_than_threads_are_closed_unread(server: MetricsServer) -> None:
    before = threading.active_count()
    crowd = [connected(server) for _ in range(3 * metrics_server.MOST_CONNECTIONS)]
    time.sleep(0.2)
    assert threading.active_count() - before <= metrics_server.MOST_CONNECTIONS
    for each in crowd:
        each.close()


@pytest.mark.parametrize(
    ("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6), ("::", socket.AF_INET6)]
)
def test_an_address_of_either_family_can_be_configured(host: str, family: socket.AddressFamily) -> None:
    """What is served on, whether or not the machine of the tests has such an address."""
    assert family_and_address(host, 9100) == (family, (host, 9100))
