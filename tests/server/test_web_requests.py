"""Unusual requests: HEAD, invalid UTF-8, lone surrogates. Nothing fails or stays broken."""

import json
import uuid

import pytest
import requests
from raw_requests import sent  # tests/raw_requests.py
from running import Running, replies  # tests/running.py

pytestmark = pytest.mark.server
PROBLEM = "application/problem+json"
GIVEN = ("chat/", "chat/page.css", "chat/widget/elektrum-chat.js", "chat/openapi.yml", "chat/ready", "health/live")
GIVEN += ("chat/announcement?language=lv", "health/ready", "", "chat/history", "chat/nothing", "nothing")
UNREADABLE = {
    "a path that is no UTF-8": b"GET /chat/\xff\xfe HTTP/1.1",
    "a path of no channel": b"GET /\xff\xfe HTTP/1.1",
    "a webhook": b"POST /webhooks/phone/\xff\xfe HTTP/1.1",
    "a query": b"GET /chat/announcement?language=\xff HTTP/1.1",
    "no address": b"GET http://[ HTTP/1.1",
    "a relative path": b"GET chat HTTP/1.1",
    "NUL": b"GET /chat/\x00 HTTP/1.1",
    "another protocol": b"GET /chat/ HTTP/9",
    "no request": b"\x16\x03\x01\x02\x00",
    "a length that is no number": b"POST /chat/session HTTP/1.1\r\nContent-Length: many",
    "a negative length": b"POST /chat/session HTTP/1.1\r\nContent-Length: -5",
    "a signed length": b"POST /chat/session HTTP/1.1\r\nContent-Length: +2",
    "two lengths": b"POST /chat/session HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3",
    "a length beside chunks": b"POST /chat/session HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked",
    "a coding that nobody has": b"POST /chat/session HTTP/1.1\r\nTransfer-Encoding: gzip, chunked",
    "a header without a name": b"GET /chat/ HTTP/1.1\r\nnothing",
}
HEADERS = (
    "Authorization: Bearer",
    "Origin:",
    "X-Forwarded-For:",
    "If-None-Match:",
    "Accept-Encoding:",
    "Host:",
    "Cookie:",
)
HALF = "vai mani atslēgs \ud800"


def server_of(assistant: Running) -> str:
    return assistant.url.removesuffix("chat/")


@pytest.mark.parametrize("path", GIVEN)
def test_head_is_answered_like_get_without_a_body(assistant: Running, path: str) -> None:
    headers = {"Accept-Encoding": "identity"}
    get, head = (
        requests.request(how, server_of(assistant) + path, headers=headers, timeout=10) for how in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers == get.headers


def test_head_is_not_for_what_is_sent(assistant: Running) -> None:
    answer = requests.head(assistant.url + "messages", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["history", "ready", "page.js"])
def test_what_may_be_asked_for_is_said(assistant: Running, path: str) -> None:
    assert requests.post(assistant.url + path, timeout=10).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("head", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused(assistant: Running, head: bytes) -> None:
    status, kind, body = sent(assistant.url, head)
    assert (status, kind, json.loads(body)["status"]) == (400, PROBLEM, 400)


@pytest.mark.parametrize("path", ["/chat/%FF%FE", "/%FF%FE", "/chat/widget/%FF.js", "/webhooks/phone/%FF", "/%00"])
def test_what_there_is_not_is_a_problem_document_everywhere(assistant: Running, path: str) -> None:
    status, kind, body = sent(assistant.url, f"GET {path} HTTP/1.1".encode())
    assert (status, kind, json.loads(body)["status"]) == (404, PROBLEM, 404)


@pytest.mark.parametrize("header", HEADERS)
def test_headers_that_are_no_utf_8(assistant: Running, header: str) -> None:
    head = b"GET /chat/history HTTP/1.1\r\n" + header.encode() + b" \xff\xfe"
    # The Host of the request itself is the second one then, and two are no request.
    assert sent(assistant.url, head)[0] == (400 if header == "Host:" else 401)


def posted(assistant: Running, path: str, body: object, session: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {session}", "Content-Type": "application/json"}
    return requests.post(assistant.url + path, data=json.dumps(body).encode(), headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {"id": "half-\ud800-of-it", "text": "x"}, 400),
        ("messages", {"id": str(uuid.uuid4()), "button": "\ud800"}, 404),
        ("messages", {"id": str(uuid.uuid4()), "text": "x", "\ud800": 1}, 400),
        ("session", {"language": "\ud800"}, 400),
        ("session", {"token": "\ud800"}, 403),
        ("session", {"token": "a.\ud800.b"}, 403),
        ("sign-in", {"token": "\ud800"}, 403),
    ],
)
def test_halves_of_characters_are_refused(assistant: Running, path: str, body: object, status: int) -> None:
    answer = posted(assistant, path, body, assistant.session())
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)


@pytest.mark.parametrize(
    ("text", "kept"),
    [(HALF, "vai mani atslēgs \ufffd"), ("\udc00 vai mani atslēgs", "\ufffd vai mani atslēgs"), ("😀 ok", "😀 ok")],
)
def test_a_history_with_half_a_character_can_be_read(assistant: Running, text: str, kept: str) -> None:
    session = assistant.session()
    body = {"id": str(uuid.uuid4()), "text": text}
    first, again = (replies(posted(assistant, "messages", body, session)) for _ in range(2))
    answer = requests.get(assistant.url + "history", headers={"Authorization": f"Bearer {session}"}, timeout=10)
    assert (first, answer.status_code) == (again, 200)
    assert answer.json()["messages"][0]["text"] == kept


def test_a_body_that_is_no_utf_8_is_refused(assistant: Running) -> None:
    for body in (b'{"text": "\xff"}', b'{"text": "\xed\xa0\x80"}', "{}".encode("utf-16"), b"[" * 30_000):
        answer = requests.post(assistant.url + "session", data=body, timeout=10)
        assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
