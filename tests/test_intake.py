"""JSON from outside: every text in it can be stored and forwarded, whatever it contains, in all channels."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.http.bodies import read_json
from bot.channels.intake import CustomerText, Payload, customer_text, encodable
from bot.settings import PROJECT

LOST = "\N{REPLACEMENT CHARACTER}"
ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # lone surrogates too
CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(CONTENT)
def test_every_text_in_it_can_be_encoded(content: object) -> None:
    found = read_json(json.dumps(content).encode())
    assert json.dumps(found, ensure_ascii=False).encode()


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_can_be_encoded_stays_as_it_is(content: object) -> None:
    for escaped in (True, False):
        assert read_json(json.dumps(content, ensure_ascii=escaped).encode()) == content


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\ud800", LOST),
        ("\udfff.", f"{LOST}."),
        ("a\ud800b", f"a{LOST}b"),
        ("\udc00\ud800", LOST * 2),
        ("\ud83d\ude00", "😀"),
        ("\ud83d😀", f"{LOST}😀"),
        ("vai mani atslēgs", "vai mani atslēgs"),
        ("", ""),
    ],
)
def test_half_a_character_is_none(text: str, kept: str) -> None:
    assert (encodable(text), read_json(json.dumps([text, {text: text}]).encode())) == (kept, [kept, {kept: kept}])
    assert customer_text(text).text == kept


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'"\xff"', b'"\xed\xa0\x80"', "{}".encode("utf-16"), b"[" * 100_000, b'{"a":' * 100_000],
    ids=["nothing", "half", "no UTF-8", "a text", "a surrogate", "UTF-16", "deep lists", "deep objects"],
)
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (its own kinds, of several libraries)
        read_json(body)


def test_no_channel_reads_json_otherwise() -> None:
    """A request's own `json`, or `json.loads` of its body, would accept lone surrogates."""
    channels = PROJECT / "bot" / "channels"
    others = [path for path in channels.rglob("*.py") if path.relative_to(channels) != Path("http", "bodies.py")]
    assert [path.name for path in others if re.search(r"request\.json\b|json\.loads\(", path.read_text("utf-8"))] == []


@given(st.text() | st.text().map("/{}".format) | st.text().map(" /{}".format))
def test_whatever_a_customer_writes_is_no_command(raw: str) -> None:
    text = customer_text(raw).text
    assert not text.strip().startswith("/")
    with pytest.raises(ValueError, match="payload"):
        Payload(text)


@pytest.mark.parametrize("command", ["/restart", " /deny", "/inform{}"])
def test_a_command_is_no_text_of_a_customer(command: str) -> None:
    assert Payload(command).text == command
    with pytest.raises(ValueError, match="command"):
        CustomerText(command)
