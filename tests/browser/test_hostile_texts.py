"""Texts of both sides are rendered as text (no XSS), and only URLs and our phone numbers become links."""

import pytest
from chat import Chat
from playwright.sync_api import expect
from standin import StandIn, reply

PAYLOADS = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "<svg/onload=window.hacked=1>",
    "\"><iframe srcdoc='<script>top.hacked=1</script>'>",
    "{{constructor.constructor('window.hacked=1')()}}",
    "</textarea><b>x",
]
each_payload = pytest.mark.parametrize("payload", PAYLOADS)
ADDRESSES = [
    "javascript:window.hacked=1",
    " javascript:window.hacked=1",
    "JaVaScRiPt:hacked=1",
    "data:text/html,<script>1",
]


@pytest.fixture(autouse=True)
def _not_hacked(chat: Chat) -> object:
    """No text was executed, or became an element."""
    yield
    assert chat.page.evaluate("window.hacked") is None
    assert chat.see(":is(img, script, iframe, b)").count() == 0


@each_payload
def test_in_what_is_typed(chat: Chat, payload: str) -> None:
    chat.say(payload)
    chat.said(payload)


@each_payload
def test_in_a_reply(chat: Chat, server: StandIn, payload: str) -> None:
    server.replies["x"] = [reply(payload)]
    chat.say("x")
    chat.hears(payload)


@each_payload
def test_in_the_title_of_a_choice(chat: Chat, server: StandIn, payload: str) -> None:
    server.replies["x"] = [reply("Text.", buttons=(payload,))]
    chat.say("x")
    chat.see(".choices button").click()
    chat.said("x", payload)


@each_payload
def test_in_the_title_of_a_source(chat: Chat, server: StandIn, payload: str) -> None:
    server.replies["x"] = [reply("Text.", sources=((payload, "https://example.org/"),))]
    chat.say("x")
    expect(chat.see(".bubble a")).to_contain_text(payload)


@each_payload
def test_after_a_reload(chat: Chat, server: StandIn, payload: str) -> None:
    server.replies[payload] = [reply(payload)]
    chat.say(payload)
    chat.hears(payload)
    chat.page.reload()
    chat.hears(payload)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_source_that_is_no_web_address_is_no_link(chat: Chat, server: StandIn, address: str) -> None:
    server.replies["x"] = [reply("Text.", sources=(("Source", address),))]
    chat.say("x")
    chat.hears("Text.")
    expect(chat.see(".bubble a")).to_have_count(0)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_text_that_is_no_web_address_is_no_link(chat: Chat, server: StandIn, address: str) -> None:
    server.replies["x"] = [reply(f"See {address}")]
    chat.say("x")
    chat.hears(f"See {address}")
    expect(chat.see(".bubble a")).to_have_count(0)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&c=2"]),
        (
            "(https://example.org/ā) and http://example.org/b, too",
            ["https://example.org/%C4%81", "http://example.org/b"],
        ),
        ("„https://example.org/a”", ["https://example.org/a"]),
        ("https://", []),
        ("Call 8400, 8404 or, in danger, call 112.", ["tel:8400", "tel:8404", "tel:112"]),
        ("Draudu gadījumā zvaniet 112! Zvaniet 8400.", ["tel:112", "tel:8400"]),
        ("8400 €, 8400,50 €, 18400, 112 days", []),
        ("on elektrum.lv or www.elektrum.lv.", ["https://elektrum.lv/", "https://www.elektrum.lv/"]),
        ("anna@elektrum.lv elektrum.lv.example.org notelektrum.lv", []),
        ('https://example.org/"onmouseover="hacked=1', ["https://example.org/"]),
    ],
)
def test_addresses_and_numbers_in_texts_are_links(chat: Chat, server: StandIn, text: str, links: list[str]) -> None:
    server.replies["x"] = [reply(text)]
    chat.say("x")
    expect(chat.see(".message.assistant .about")).to_have_count(1)
    assert chat.see(".bubble a").evaluate_all("all => all.map((each) => each.href)") == links


def test_links_tell_nothing_and_give_nothing_away(chat: Chat, server: StandIn) -> None:
    server.replies["x"] = [reply("https://example.org/")]
    chat.say("x")
    expect(chat.see(".bubble a")).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.answers_nonsense
@pytest.mark.parametrize(
    "nonsense",
    [{"text": None}, {"buttons": None}, {"sources": None}, {"sources": [{}]}, {"buttons": [{}]}, {"language": 7}],
    ids=str,
)
def test_a_reply_out_of_shape_does_no_harm(chat: Chat, server: StandIn, nonsense: dict[str, object]) -> None:
    server.replies["x"] = [reply("Text.") | nonsense]
    chat.say("x")
    expect(chat.see(".message.assistant .about")).not_to_have_count(0)
    chat.say("next")
    expect(chat.see(".message.assistant").last).to_contain_text("You said: next")
