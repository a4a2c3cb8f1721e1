"""CORS: allowed origins get the headers with every response, and no other origin does."""

from collections.abc import Callable

import pytest
import requests
from origins import ASKED, CASES, IDS, SHOWN, told, wanted  # tests/origins.py
from other_website import OtherWebsite  # tests/other_website.py
from running import Running  # tests/running.py

pytestmark = pytest.mark.server
# By their relation to the allowed origin.
OTHERS: dict[str, Callable[[str], str | None]] = {
    "another scheme": lambda named: named.replace("http:", "https:"),
    "another port": lambda named: f"{named}0",
    "no port": lambda named: named.rpartition(":")[0],
    "another host": lambda named: named.replace("localhost", "127.0.0.1"),
    "a host below": lambda named: named.replace("localhost", "www.localhost"),
    "a name that begins so": lambda named: named.replace("localhost", "localhost.evil.example"),
    "capital letters": lambda named: named.replace("localhost", "LOCALHOST"),
    "a slash": lambda named: f"{named}/",
    "no name": lambda _: "null",
    "two": lambda named: f"{named} https://elsewhere.example",
    "none": lambda _: None,
}


@pytest.fixture
def named(other_website: OtherWebsite) -> str:
    return other_website.origin


def cors_of(answer: requests.Response) -> dict[str, str]:
    return {name.title(): value for name, value in answer.headers.items() if name.lower().startswith("access-control")}


@pytest.mark.parametrize(("method", "path", "status"), CASES, ids=IDS)
def test_a_named_website_may_read_every_answer(
    assistant: Running, named: str, method: str, path: str, status: int
) -> None:
    assert told(assistant.url, method, path, named) == wanted(method, status, named)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(("method", "path", "status"), [CASES[0], CASES[3], CASES[-1]], ids=[IDS[0], IDS[3], IDS[-1]])
def test_nobody_else_may(
    assistant: Running, named: str, method: str, path: str, status: int, other: Callable[[str], str | None]
) -> None:
    assert told(assistant.url, method, path, other(named)) == wanted(method, status, None)


def test_a_browser_may_send_what_the_widget_sends(assistant: Running, named: str) -> None:
    """The CORS preflight request of a browser, as in the Fetch standard."""
    answer = requests.options(assistant.url + "messages", headers={"Origin": named, **ASKED}, timeout=10)
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert set(ASKED["Access-Control-Request-Headers"].split(",")) <= allowed
    assert answer.ok


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_what_there_is_no_method_for(assistant: Running, named: str, method: str) -> None:
    answer = requests.request(method, assistant.url + "session", headers={"Origin": named}, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert cors_of(answer) == {**SHOWN, "Access-Control-Allow-Origin": named}


@pytest.mark.parametrize("size", [65 * 1024, 1100 * 1024], ids=["for the channel", "for the server"])
def test_what_is_too_large(assistant: Running, named: str, size: int) -> None:
    answer = requests.post(assistant.url + "session", data=b"x" * size, headers={"Origin": named}, timeout=10)
    assert answer.status_code == 413
    assert cors_of(answer) == {**SHOWN, "Access-Control-Allow-Origin": named}


@pytest.mark.parametrize("path", ["ready", "", "page.css", "openapi.yml", "announcement?language=lv"])
def test_what_else_there_is(assistant: Running, named: str, path: str) -> None:
    assert told(assistant.url, "GET", path, named) == wanted("GET", 200, named)


@pytest.mark.parametrize("path", ["", "health/live", "nothing"])
def test_what_is_no_part_of_the_chat_is_for_no_website(assistant: Running, named: str, path: str) -> None:
    url = assistant.url.removesuffix("chat/")
    assert "Access-Control-Allow-Origin" not in told(url, "GET", path, named).cors
