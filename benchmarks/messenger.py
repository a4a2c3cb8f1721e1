"""How soon a delivery of Messenger is acknowledged, and how soon its answer reaches Graph (a fake on loopback).

One person after the other, and 300 messages of 30 persons over 8 connections at once. The baseline in the same run is
the health check, which does nothing.
"""

import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Any

import requests

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread, taken
from harness.served import serve

SECRET = "secret-of-the-benchmark"  # noqa: S105 (protects nothing)
ONE_BY_ONE, PERSONS, EACH, CONNECTIONS = 100, 30, 10, 8
MOST_MS = 100  # p95 of acknowledging, one by one
QUESTIONS = ("Vai mani atslēgs, ja kavēšu maksājumu?", "Is the Riga service centre open?", "Kā ar Jums sazināties?")


class Graph:
    """Accepts every message; `answered` gets the person and the time of each."""

    def __init__(self) -> None:
        self.answered: Queue[tuple[str, float]] = Queue()
        handler = type("Handler", (_Handler,), {"graph": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    graph: Graph
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "message" in body:
            self.graph.answered.put((body["recipient"]["id"], time.perf_counter()))
        answer = b'{"recipient_id": "1", "message_id": "m"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Deliver, and wait for the answers."""
    graph = Graph()
    names = ("PAGE_TOKEN", "APP_SECRET", "VERIFY_TOKEN")
    settings = {f"BOT_MESSENGER_{name}": SECRET for name in names} | {"BOT_GRAPH_URL": graph.url}
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        tell("Starting the assistant …")
        served = serve(Path(folder), BOT_AS_OF="2020-03-25", **settings)
        try:
            tell(f"Delivering {ONE_BY_ONE} messages one by one …")
            figures = _one_by_one(graph, served.url)
            tell(f"Delivering {PERSONS * EACH} messages at once …")
            figures |= _at_once(graph, served.url)
        finally:
            served.stop()
            graph.stop()
    peer, acknowledged = figures["health check"]["p50"], figures["acknowledged, one by one"]["p95"]
    return Outcome(
        columns=("Messenger", "p50, ms", "p95, ms", "as the peer"),
        rows=tuple(
            (name, f"{one['p50']:.1f}", f"{one['p95']:.1f}", f"× {one['p50'] / peer:.1f}")
            for name, one in figures.items()
        ),
        figures=figures,
        goals=(Goal(f"acknowledged: p95 below {MOST_MS} ms", f"{acknowledged:.1f} ms", acknowledged < MOST_MS),),
    )


def _one_by_one(graph: Graph, url: str) -> dict[str, Any]:
    idle, acknowledged, answered = [], [], []
    for n in range(ONE_BY_ONE):
        idle.append(taken(requests.get, f"{url}ready", timeout=10))
        began = time.perf_counter()
        acknowledged.append(taken(_deliver, url, str(n), QUESTIONS[n % len(QUESTIONS)]))
        _, moment = graph.answered.get(timeout=10)
        answered.append((moment - began) * 1000)
    return {
        "health check": spread(idle),
        "acknowledged, one by one": spread(acknowledged),
        "answered, one by one": spread(answered),
    }


def _at_once(graph: Graph, url: str) -> dict[str, Any]:
    messages = [(f"1{person}", QUESTIONS[n % len(QUESTIONS)]) for n in range(EACH) for person in range(PERSONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        acknowledged = list(pool.map(lambda each: taken(_deliver, url, *each), messages))
        moments = [graph.answered.get(timeout=60)[1] - began for _ in messages]
    return {
        "acknowledged, at once": spread(acknowledged),
        "answered, at once": spread([moment * 1000 for moment in moments]),
    }


def _deliver(url: str, person: str, text: str) -> None:
    message = {"mid": f"m_{uuid.uuid4().hex}", "text": text}
    event = {
        "sender": {"id": person},
        "recipient": {"id": "9"},
        "timestamp": int(time.time() * 1000),
        "message": message,
    }
    body = json.dumps({"object": "page", "entry": [{"id": "9", "messaging": [event]}]}).encode()
    signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
    webhook = url.replace("/chat/", "/webhooks/messenger/webhook")
    requests.post(webhook, data=body, headers=signed, timeout=60).raise_for_status()
