"""Unusual spellings of URLs, through nginx to the real servers."""

import json

import pytest
import requests
from raw_requests import sent  # tests/raw_requests.py

from harness.topology import Topology

pytestmark = pytest.mark.topology
PROBLEM = "application/problem+json"
READY = ["ready", "ready/", "ready//", "READY", "%72eady", "ready%2f", "./ready", "x/../ready/", "ready/.", "/ready"]
NO_UTF_8 = [
    b"GET /chat/\xff\xfe HTTP/1.1",
    b"GET /chat/history?\xff\xfe HTTP/1.1",
    b"GET /webhooks/phone/\xff HTTP/1.1",
]


@pytest.mark.parametrize("path", READY)
def test_readiness_is_for_inside_however_its_address_is_written(topology: Topology, path: str) -> None:
    status, _, body = sent(topology.url, f"GET /chat/{path} HTTP/1.1".encode())
    assert (status, b'"ready"' in body) == (404, False)


@pytest.mark.parametrize("lines", NO_UTF_8)
def test_an_address_that_is_no_utf_8_is_refused_and_nothing_fails(topology: Topology, lines: bytes) -> None:
    status, _, body = sent(topology.url, lines)
    assert status in {400, 404}
    assert b"Traceback" not in body


def test_what_the_servers_refuse_is_a_problem_document(topology: Topology) -> None:
    """nginx does not know the valid webhook URLs, so this one reaches a server."""
    status, kind, body = sent(topology.url, b"POST /webhooks/phone/\xff\xfe HTTP/1.1\r\nContent-Length: 0")
    assert (status, kind, json.loads(body)["status"]) == (400, PROBLEM, 400)


@pytest.mark.parametrize("path", ["", "page.css", "widget/elektrum-chat.js", "openapi.yml", "announcement?language=lv"])
def test_head_comes_through(topology: Topology, path: str) -> None:
    answer = requests.head(topology.url + path, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")


def got(topology: Topology, path: str, host: str) -> requests.Response:
    """What nginx answers to a request for a host."""
    address = topology.url.removesuffix("/chat/") + path
    return requests.get(address, headers={"Host": host}, timeout=10, allow_redirects=False)


def test_the_console_is_on_its_own_host_and_the_chat_is_on_the_public_one(topology: Topology) -> None:
    own, public = topology.console_url.removeprefix("http://"), "assistant.example"
    of_console = ("/sign-in", "/desk", "/desk/stream", "/static/console.js", "/healthz", "/readyz")
    assert {path: got(topology, path, public).status_code for path in of_console} == dict.fromkeys(of_console, 404)
    assert [got(topology, path, own).status_code for path in ("/sign-in", "/desk", "/healthz", "/chat/")] == [
        *(200, 303, 404, 404)
    ]
    assert "elektrum-chat" in got(topology, "/chat/", public).text


def test_the_console_itself_refuses_the_public_host(topology: Topology) -> None:
    """A proxy that leads there by mistake opens nothing."""
    address = f"http://127.0.0.1:{topology.environment['BOT_CONSOLE_PORT']}/sign-in"
    assert requests.get(address, headers={"Host": "assistant.example"}, timeout=10).status_code == 421
