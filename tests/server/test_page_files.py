"""How the files of the page and the widget are served to browsers."""

import pytest
import requests
from running import Running  # tests/running.py

pytestmark = pytest.mark.server
FILES = ("", "page.css", "page.js", "widget/elektrum-chat.js")


def get(assistant: Running, path: str, **headers: str) -> requests.Response:
    return requests.get(assistant.url + path, headers={"Accept-Encoding": "identity", **headers}, timeout=10)


@pytest.mark.parametrize("path", FILES)
def test_a_file_comes_compressed_to_who_can_read_that(assistant: Running, path: str) -> None:
    plain, compressed = (get(assistant, path, **{"Accept-Encoding": how}) for how in ("identity", "gzip"))
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert compressed.content == plain.content


@pytest.mark.parametrize("path", FILES)
def test_what_the_browser_has_is_not_sent_again(assistant: Running, path: str) -> None:
    first = get(assistant, path)
    again = get(assistant, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Cache-Control"] == "no-cache"


def test_what_the_browser_had_of_another_version_is_sent_anew(assistant: Running) -> None:
    assert get(assistant, FILES[-1], **{"If-None-Match": 'W/"older"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"), zip(FILES, ("text/html", "text/css", "text/javascript", "text/javascript"), strict=True)
)
def test_a_file_says_what_it_is(assistant: Running, path: str, kind: str) -> None:
    answer = get(assistant, path)
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["none.js", "widget/none.js", "widget/shapes.d.ts", "widget/..%2Fpage%2Fpage.js"])
def test_there_is_nothing_else(assistant: Running, path: str) -> None:
    assert get(assistant, path).status_code == 404
