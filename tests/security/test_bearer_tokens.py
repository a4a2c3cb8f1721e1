"""Bearer tokens and secrets of callers: only the exact secret is accepted."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.http.bearer_tokens import bearer_token, is_secret, shows_token
from bot.channels.http.bodies import BodyTooLarge, MalformedRequest, body_of, json_object

TOKEN = "a-token-of-some-length"


def request(authorization: str | None = None, body: bytes = b"") -> Any:
    return SimpleNamespace(headers={} if authorization is None else {"Authorization": authorization}, body=body)


@pytest.mark.parametrize(
    ("authorization", "token"),
    [
        (f"Bearer {TOKEN}", TOKEN),
        (f"bearer  {TOKEN} ", TOKEN),
        (f"BEARER {TOKEN}", TOKEN),
        (f"Basic {TOKEN}", ""),
        (f"Bearer{TOKEN}", ""),
        (TOKEN, ""),
        ("Bearer ", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_token_is_what_follows_its_scheme(authorization: str | None, token: str) -> None:
    assert bearer_token(request(authorization)) == token
    assert shows_token(request(authorization), TOKEN) == (token == TOKEN)


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer  "])
def test_where_there_is_no_secret_nobody_is_let_in(authorization: str | None) -> None:
    assert not shows_token(request(authorization), "")


@pytest.mark.parametrize("given", ["", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ā", "\ud800", "\0"])
def test_what_is_not_the_secret_is_not(given: str) -> None:
    assert (is_secret(given, TOKEN), is_secret(TOKEN, TOKEN)) == (False, True)


def test_a_body_is_as_long_as_it_may_be_and_no_longer() -> None:
    assert body_of(request(body=b"1234"), 4) == b"1234"
    with pytest.raises(BodyTooLarge):
        body_of(request(body=b"12345"), 4)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"{}"', b"1", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(MalformedRequest, match=r"^A JSON object is expected\.$"):
        json_object(body)
