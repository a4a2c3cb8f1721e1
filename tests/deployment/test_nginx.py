"""What a running nginx passes to the servers, and its own CORS headers on errors."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from origins import SHOWN, told, wanted  # tests/origins.py

from bot.settings import PROJECT
from harness.ports import free_port
from harness.topology.part import Part
from harness.topology.services import CONSOLE_HOST, nginx

pytestmark = pytest.mark.nginx
WEBSITES = "https://elektrum.example  https://www.website.example:8443"
INSIDE = {"/ready"}  # of the channel
DESCRIBED = yaml.safe_load((PROJECT / "bot/channels/web/openapi.yml").read_text(encoding="utf-8"))["paths"]
WIDGET = sorted(path.name for path in (PROJECT / "bot/channels/widget").glob("*.js"))
FILES = ["/", "/page.css", "/page.js", "/openapi.yml", *(f"/widget/{name}" for name in WIDGET)]
OPEN = [f"/chat{path}" for path in [*FILES, *sorted(set(DESCRIBED) - INSIDE)]]
CLOSED = [
    "/chat/ready",
    "/chat/ready/",
    "/chat/ready//",
    "//chat//ready",
    "/chat/READY",
    "/Chat/ready",
    "/chat/%72eady",
    "/chat/ready%2f",
    "/chat/ready/%2e",
    "/chat/./ready",
    "/chat/x/../ready",
    "/chat/x/..%2fready/",
    "/chat/ready.",
    "/chat/ready/..;/ready",
    "/chat/ready;x",
    "/chat/ready?x",
    "/chat/history/",
    "/chat/nothing",
    "/health/ready",
    "/health/live",
    "/chat/../health/ready",
    "/model",
    "/conversations/x/tracker",
    "/webhooks/messenger/webhook/",
]


class _Upstream(BaseHTTPRequestHandler):
    server_name = "assistant"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Served-By", self.server_name)
        self.send_header("Content-Length", "0")
        self.end_headers()


class _Console(_Upstream):
    server_name = "console"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an nginx whose servers accept everything."""
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    console = ThreadingHTTPServer(("127.0.0.1", 0), _Console)
    threading.Thread(target=console.serve_forever, daemon=True).start()
    ports = int(upstream.server_address[1]), int(console.server_address[1])
    yield from _running(tmp_path_factory.mktemp("behind") / "nginx", *ports)
    upstream.shutdown()
    console.shutdown()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an nginx whose servers are down."""
    yield from _running(tmp_path_factory.mktemp("alone") / "nginx", free_port())


def _running(folder: Path, server: int, console: int = 9) -> Iterator[str]:
    folder.parent.chmod(0o755)
    port = free_port()
    part: Part = nginx(folder, port, free_port(), [server] * 2, [server] * 2, origins=WEBSITES, console=console)
    part.start()
    part.wait()
    yield f"http://127.0.0.1:{port}"
    part.kill()


def asked(url: str, path: str) -> int:
    """The status for a path that is sent unnormalised."""
    request = requests.Request("GET", url).prepare()
    request.url = url + path
    with requests.Session() as session:
        return session.send(request, timeout=10, allow_redirects=False).status_code


@pytest.mark.parametrize("path", OPEN)
def test_what_the_chat_has_for_the_world_comes_through(behind: str, path: str) -> None:
    assert asked(behind, path) == 200


@pytest.mark.parametrize("path", CLOSED)
def test_nothing_else_does_however_it_is_written(behind: str, path: str) -> None:
    assert asked(behind, path) == 404


def served_by(url: str, path: str, host: str) -> str:
    """Which server gets a request for a host; "nobody" where nginx itself answers."""
    answer = requests.get(url + path, headers={"Host": host}, timeout=10, allow_redirects=False)
    return answer.headers.get("X-Served-By", "nobody")


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/desk", "/desk/stream", "/desk/EL-7KQ4-XH3M", "/static/console.css"]
)
@pytest.mark.parametrize(
    ("host", "server"),
    [(CONSOLE_HOST, "console"), ("assistant.test", "nobody"), ("127.0.0.1", "nobody"), (f"x.{CONSOLE_HOST}", "nobody")],
)
def test_the_console_is_reached_on_its_own_host_only(behind: str, path: str, host: str, server: str) -> None:
    assert served_by(behind, path, host) == server


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz/", "/healthz?x"])
def test_probes_of_the_console_stay_inside(behind: str, path: str) -> None:
    assert served_by(behind, path, CONSOLE_HOST) == "nobody"


def test_the_chat_is_not_on_the_consoles_host(behind: str) -> None:
    assert served_by(behind, "/chat/", CONSOLE_HOST) == "console"


@pytest.mark.parametrize(("path", "to"), [("/", "/chat/"), ("/chat", "/chat/")])
def test_who_comes_to_the_door_is_led_to_the_page(behind: str, path: str, to: str) -> None:
    answer = requests.get(behind + path, timeout=10, allow_redirects=False)
    assert (answer.is_redirect, answer.headers["Location"]) == (True, to)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://elektrum.example", True),
        ("https://www.website.example:8443", True),
        ("https://www.website.example", False),
        ("https://elektrum.example.evil.example", False),
        ("https://elektrumxexample", False),
        ("~", False),
        ("https://elektrum.example ~ https://elektrum.example", False),
        ("https://elektrum.example https://elektrum.example", False),
        ("null", False),
        (None, False),
    ],
)
def test_its_own_refusals_are_told_to_named_websites_only(alone: str, origin: str | None, allowed: bool) -> None:
    found = told(f"{alone}/chat/", "GET", "history", origin)
    expected = wanted("GET", 503, origin if allowed else None)
    # Without an allowed origin nothing can be read, so the other CORS headers do not matter.
    assert (found.status, found.cors.get("Access-Control-Allow-Origin"), found.varies) == (
        503,
        expected.cors.get("Access-Control-Allow-Origin"),
        True,
    )
    assert found.cors.items() <= {**expected.cors, **SHOWN}.items()


def test_what_is_too_large_too(alone: str) -> None:
    headers = {"Origin": "https://elektrum.example"}
    answer = requests.post(f"{alone}/chat/messages", data=b"x" * 200_000, headers=headers, timeout=10)
    found = (answer.status_code, answer.headers.get("Access-Control-Allow-Origin"))
    assert found == (413, "https://elektrum.example")


def test_kubernetes_opens_the_same_and_nothing_else() -> None:
    text = (PROJECT / "deploy/kubernetes/ingress.yml").read_text(encoding="utf-8")
    paths = next(iter(yaml.safe_load_all(text)))["spec"]["rules"][0]["http"]["paths"]
    exact = {each["path"] for each in paths if each["pathType"] == "Exact"}
    folders = {each["path"] for each in paths if each["pathType"] == "Prefix"}
    assert (exact, folders) == ({path for path in OPEN if "/widget/" not in path}, {"/chat/widget/"})
