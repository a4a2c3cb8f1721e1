"""Request smuggling: no server of ours accepts a request with ambiguous framing, hangs on it, or keeps working on it.

h11 is the reference for what is well-formed: what we accept, it accepts, and it reads the same body.
"""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import h11
import psutil
import pytest
import requests
from running import Running  # tests/running.py

from bot.rasa.http_framing import LONGEST_CHUNK_LINE, chunk_begins, is_framed
from bot.server.action_secret import action_secret, authorization

HOST, CHUNKED = b"Host: assistant", b"Transfer-Encoding: chunked"
BODY = b"{}"
Wire = tuple[tuple[bytes, ...], bytes]  # headers except Host, and what follows them


def _length(value: bytes) -> Wire:
    return (b"Content-Length: " + value,), BODY


def _coding(value: bytes) -> Wire:
    return (b"Transfer-Encoding: " + value,), b"2\r\n{}\r\n0\r\n\r\n"


def _chunks(body: bytes) -> Wire:
    return (CHUNKED,), body


TAKEN: dict[str, Wire] = {
    "a length": _length(b"2"),
    "a length with zeros": _length(b"00002"),
    "a length with spaces and a tab around it": ((b"Content-Length:  \t2\t ",), BODY),
    "chunks": _chunks(b"2\r\n{}\r\n0\r\n\r\n"),
    "chunks in several": _chunks(b"1\r\n{\r\n01\r\n}\r\n000\r\n\r\n"),
    "chunks in capitals": ((b"TRANSFER-ENCODING: chunked",), b"2\r\n{}\r\n0\r\n\r\n"),
    "a chunk with an extension": _chunks(b"2;name=value\r\n{}\r\n0\r\n\r\n"),
}
REFUSED: dict[str, Wire] = {
    "-1": _length(b"-1"),
    "-2": _length(b"-2"),
    "+2": _length(b"+2"),
    "0_2": _length(b"0_2"),
    "0x2": _length(b"0x2"),
    "2.0": _length(b"2.0"),
    "2e0": _length(b"2e0"),
    "2,2": _length(b"2,2"),
    "2, 2": _length(b"2, 2"),
    "2;": _length(b"2;"),
    "2 2": _length(b"2 2"),
    "quoted": _length(b'"2"'),
    "full-width": _length("２".encode()),
    "Arabic": _length("٢".encode()),
    "superscript": _length(b"\xb2"),
    "no length": _length(b""),
    "five thousand digits": _length(b"0" * 4999 + b"2"),
    "a vertical tab": _length(b"\x0b2"),
    "NUL": _length(b"2\0"),
    "two lengths": ((b"Content-Length: 2", b"Content-Length: 3"), BODY),
    "a length twice": ((b"Content-Length: 2", b"content-length: 2"), BODY),
    "a length before chunks": ((b"Content-Length: 2", CHUNKED), b"2\r\n{}\r\n0\r\n\r\n"),
    "a length behind chunks": ((CHUNKED, b"Content-Length: 2"), b"2\r\n{}\r\n0\r\n\r\n"),
    "a space before the colon": ((b"Content-Length : 2",), BODY),
    "a folded length": ((b"X-Other: 1\r\n Content-Length: 2",), BODY),
    "a folded value": ((b"Content-Length:\r\n 2",), BODY),
    "a line's end without a return": ((b"X-Other: 1\nContent-Length: 2",), BODY),
    "a return alone": ((b"X-Other: 1\rContent-Length: 2",), BODY),
    "a header without a colon": ((b"Content-Length 2",), BODY),
    "a header without a name": ((b": 2",), BODY),
    "a name in another script": (("Cöntent-Length: 2".encode(),), BODY),
    "two hosts": ((b"Host: another", b"Content-Length: 2"), BODY),
    "chunks, then identity": _coding(b"chunked, identity"),
    "identity": _coding(b"identity"),
    "gzip, then chunks": _coding(b"gzip, chunked"),
    "chunks of chunks": _coding(b"chunked, chunked"),
    "xchunked": _coding(b"xchunked"),
    "chunked;q=1": _coding(b"chunked;q=1"),
    "an empty coding": _coding(b""),
    "quoted chunks": _coding(b'"chunked"'),
    "a vertical tab before chunks": _coding(b"\x0bchunked"),
    "two codings": ((CHUNKED, CHUNKED), b"2\r\n{}\r\n0\r\n\r\n"),
    "a negative chunk": _chunks(b"-2\r\n{}\r\n0\r\n\r\n"),
    "a signed chunk": _chunks(b"+2\r\n{}\r\n0\r\n\r\n"),
    "a chunk with an underscore": _chunks(b"0_2\r\n{}\r\n0\r\n\r\n"),
    "a chunk with 0x": _chunks(b"0x2\r\n{}\r\n0\r\n\r\n"),
    "a chunk with a space before it": _chunks(b" 2\r\n{}\r\n0\r\n\r\n"),
    "a chunk that is no number": _chunks(b"two\r\n{}\r\n0\r\n\r\n"),
    "a chunk without a size": _chunks(b"\r\n{}\r\n0\r\n\r\n"),
    "a chunk of twenty digits": _chunks(b"00000000000000000002\r\n{}\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": _chunks(b"1\r\n{}\r\n0\r\n\r\n"),
    "a chunk that is shorter than it says": _chunks(b"3\r\n{}\r\n0\r\n\r\n"),
    "a chunk whose line ends without a return": _chunks(b"2\n{}\r\n0\r\n\r\n"),
    "an extension without an end": _chunks(b"2;" + b"a" * LONGEST_CHUNK_LINE * 200),
    "a request where the last line should be": _chunks(b"2\r\n{}\r\n0\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"),
}
# h11 accepts these; no client of ours sends them, and parsers differ about them.
STRICTER = {
    "a length twice",
    "2, 2",
    "2,2",
    "a length before chunks",
    "a length behind chunks",
    "a folded length",
    "a folded value",
    "a line's end without a return",
    "a chunk of twenty digits",
}
TRAILERS = _chunks(b"2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n")
LINES = {
    "HTTP/0.9": b"POST /",
    "HTTP/0.9 with a version": b"POST / HTTP/0.9",
    "HTTP/2": b"POST / HTTP/2.0",
    "HTTP/1.10": b"POST / HTTP/1.10",
    "http in small letters": b"POST / http/1.1",
    "a tab between": b"POST\t/ HTTP/1.1",
    "two spaces between": b"POST  / HTTP/1.1",
    "no method": b" / HTTP/1.1",
    "a method with a colon": b"PO:ST / HTTP/1.1",
    "a control character in the path": b"POST /\x01 HTTP/1.1",
    "a return in the path": b"POST /\r HTTP/1.1",
}
SERVERS: dict[str, tuple[Callable[[Running], str], str]] = {
    "the Rasa server": (lambda running: running.url, "/chat/session"),
    "the action server": (lambda running: f"http://127.0.0.1:{running.environment['BOT_ACTION_PORT']}", "/webhook"),
    "Rasa's API": (lambda running: f"http://127.0.0.1:{running.environment['BOT_API_PORT']}", "/model/parse"),
}
UNCLEAR = {400, 422}  # the action server answers 422, since Rasa interprets 400 as a form that rejects a value
UNREAD = {401, 403}  # not even to an insider with the right secret: the headers were not read


def wire(line: bytes, case: Wire) -> bytes:
    headers, body = case
    return b"\r\n".join([line, HOST, *headers]) + b"\r\n\r\n" + body


def read_by_h11(request: bytes) -> bytes | None:
    """The body of a complete request; None if it is malformed or incomplete."""
    reader, body = h11.Connection(h11.SERVER), b""
    reader.receive_data(request)
    try:
        while True:
            event = reader.next_event()
            if isinstance(event, h11.Data):
                body += event.data
            if isinstance(event, h11.EndOfMessage):
                return body
            if event is h11.NEED_DATA:
                return None
    except h11.RemoteProtocolError:
        return None


def read_by_us(request: bytes) -> bool:
    """Whether the head, and the first chunk if there are chunks, are accepted."""
    head, _, body = request.partition(b"\r\n\r\n")
    return is_framed(head) and (CHUNKED.lower() not in head.lower() or chunk_begins(b"\r\n" + body) is True)


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_the_judge_takes_what_we_take(case: Wire) -> None:
    request = wire(b"POST / HTTP/1.1", case)
    assert (read_by_us(request), read_by_h11(request)) == (True, BODY)


@pytest.mark.parametrize("name", REFUSED)
def test_the_judge_takes_none_of_the_others_but_those_named(name: str) -> None:
    assert (read_by_h11(wire(b"POST / HTTP/1.1", REFUSED[name])) is None) is (name not in STRICTER)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_request_lines_that_are_none(line: bytes) -> None:
    assert not is_framed(wire(line, TAKEN["a length"]).partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        pytest.param(b"POST / HTTP/1.0\r\nContent-Length: 2", True, id="HTTP/1.0 without a host"),
        pytest.param(b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked", False, id="HTTP/1.0 knows no chunks"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 2", False, id="HTTP/1.1 without a host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX-Name: \xc4\x81\xff", True, id="bytes that are no ASCII"),
    ],
)
def test_heads(head: bytes, taken: bool) -> None:
    assert is_framed(head) is taken


def test_a_chunk_is_waited_for_byte_by_byte() -> None:
    last = b"\r\n0\r\n\r\n"
    assert [chunk_begins(last[:end]) for end in range(len(last) + 1)] == [None] * len(last) + [True]


def connected(url: str) -> socket.socket:
    """A connection to a server; the API's socket opens a moment after the assistant says that it is ready."""
    address, deadline = urlsplit(url), time.monotonic() + 60
    while True:
        try:
            return socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=5)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def answered(url: str, request: bytes) -> tuple[int, bytes]:
    """Status and full response to raw bytes, after which the connection closes within five seconds."""
    with connected(url) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return int(answer.split(b" ", 2)[1]), answer


@pytest.mark.server
@pytest.mark.parametrize("case", [*REFUSED.values(), TRAILERS], ids=[*REFUSED, "trailers"])
@pytest.mark.parametrize("server", SERVERS)
def test_a_server_refuses_it_and_answers_others(guarded: Running, server: str, case: Wire) -> None:
    url, path = SERVERS[server]
    headers, body = case
    secret = {"the action server": authorization(action_secret())}.get(
        server, f"Bearer {guarded.environment['BOT_API_TOKEN']}"
    )
    request = wire(f"POST {path} HTTP/1.1".encode(), ((b"Authorization: " + secret.encode(), *headers), body))
    status, answer = answered(url(guarded), request)
    assert status in UNCLEAR | UNREAD
    assert b'"version"' not in answer  # which identifies Rasa's own responses
    assert requests.get(guarded.url.removesuffix("chat/") + "health/live", timeout=2).status_code == 200


@pytest.mark.server
@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize("server", SERVERS)
def test_a_server_takes_what_is_clear(guarded: Running, server: str, case: Wire) -> None:
    url, path = SERVERS[server]
    headers, body = case
    request = wire(f"POST {path} HTTP/1.1".encode(), ((*headers, b"Connection: close"), body))
    assert answered(url(guarded), request)[0] not in UNCLEAR


@pytest.mark.server
def test_no_server_goes_on_working_at_any_of_them(guarded: Running) -> None:
    processes = [guarded.child("bot.server.rasa_server"), guarded.child("bot.server.action_server")]
    metrics = f"http://127.0.0.1:{guarded.environment['BOT_METRICS_PORT']}"
    open_ones = []
    for url, path in [*((find(guarded), path) for find, path in SERVERS.values()), (metrics, "/metrics")]:
        for case in REFUSED.values():
            connection = connected(url)
            connection.sendall(wire(f"POST {path} HTTP/1.1".encode(), case))
            open_ones.append(connection)
    time.sleep(2)
    before = [psutil.Process.cpu_times(one) for one in processes]
    time.sleep(2)
    after = [psutil.Process.cpu_times(one) for one in processes]
    for connection in open_ones:
        connection.close()
    worked = [sum(late[:2]) - sum(early[:2]) for early, late in zip(before, after, strict=True)]
    assert max(worked) < 1, worked  # of two seconds; an endless loop would use both
    assert requests.get(metrics + "/metrics", timeout=2).status_code == 200
