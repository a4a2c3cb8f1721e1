"""On any page the widget has the same look and position as on an empty one."""

import pytest
from chat import Chat, Visit
from pages_of_others import AROUND, COVER, FRAMEWORKS, INHERITED, RULES, add_styles, changed, framework, looks
from playwright.sync_api import expect
from standin import StandIn, reply

ANSWER = reply("Closed. Call 8400.", buttons=("Why?",), sources=(("Announcement", "https://example.org/"),))
AT = """selector => {
    const root = document.querySelector("elektrum-chat").shadowRoot;
    const { x, y, width, height } = root.querySelector(selector).getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2)?.localName;
}"""


@pytest.fixture
def talked(visit: Visit, server: StandIn) -> Chat:
    """An open chat with an answer, its options open."""
    server.replies["centre"] = [ANSWER]
    chat = visit(language="en").open()
    chat.say("centre")
    chat.hears("Closed. Call 8400.")
    chat.button("Options").click()
    return chat


def test_rules_of_the_page_change_nothing(talked: Chat) -> None:
    before = looks(talked)
    assert {name: css for name, css in RULES.items() if changed(before, looks(talked, css))} == {}


def test_frameworks_change_nothing(talked: Chat) -> None:
    before = looks(talked)
    assert [name for name in FRAMEWORKS if changed(before, looks(talked, framework(name)))] == []


def test_what_is_part_of_the_page_has_only_its_box_from_it(visit: Visit) -> None:
    chat = visit(language="en", attributes="inline")
    chat.say("Hello")
    chat.hears("You said: Hello")
    before = {name: value for name, value in looks(chat).items() if name.endswith(INHERITED)}
    assert {name: css for name, css in RULES.items() if changed(before, looks(chat, css))} == {}


@pytest.mark.parametrize("selector", [".launcher", "textarea"], ids=["closed", "open"])
def test_it_floats_above_whatever_is_around_it(visit: Visit, selector: str) -> None:
    chat = visit(language="en")
    if selector == "textarea":
        chat.open()
    before = looks(chat)
    wrong = {}
    for name, css in AROUND.items():
        after = looks(chat, css + COVER)
        if changed(before, after) or chat.page.evaluate(AT, selector) != "elektrum-chat":
            wrong[name] = css
    assert wrong == {}


@pytest.mark.parametrize("css", [AROUND["transform of the body"], AROUND["contain"]], ids=["transform", "contain"])
def test_it_comes_up_by_itself_when_the_page_takes_it_along(visit: Visit, css: str) -> None:
    chat = visit(language="en")
    add_styles(chat, css)
    expect(chat.launcher).to_be_in_viewport(ratio=1)


def test_what_a_page_puts_on_top_stays_on_top(visit: Visit) -> None:
    """A cookie banner, for example: if no ancestor contains the widget, its z-index decides."""
    chat = visit(language="en")
    add_styles(chat, COVER.replace("50", "2147483647"))
    assert chat.page.evaluate(AT, ".launcher") == "body"


def test_a_hidden_chat_does_not_put_the_page_out_of_reach(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size({"width": 320, "height": 640})
    chat.open()
    add_styles(chat, "main > elektrum-chat { position: static } main:has(h1) { display: none } main { display: none }")
    expect(chat.panel).to_be_hidden()
    chat.page.evaluate("document.adoptedStyleSheets = []; document.querySelector('elektrum-chat').hidden = true")
    expect(chat.panel).to_be_hidden()
    chat.page.locator("main > p > a").click()
    chat.page.evaluate("document.querySelector('elektrum-chat').hidden = false")
    expect(chat.see("dialog:modal")).to_be_visible()


def test_shortcuts_of_the_page_do_not_hear_what_is_typed(talked: Chat) -> None:
    talked.page.evaluate("document.addEventListener('keydown', (event) => event.preventDefault())")
    talked.field.press_sequentially("search")
    expect(talked.field).to_have_value("search")


@pytest.mark.parametrize("side", ["right", "bottom"])
def test_it_can_be_moved_aside(visit: Visit, side: str) -> None:
    """If the page has its own button in the corner."""
    chat = visit(language="en")
    add_styles(chat, f"elektrum-chat {{ --elektrum-chat-{side}: 150px }}")
    measure = f"""each => ({{ right: innerWidth, bottom: innerHeight }}).{side} - each.getBoundingClientRect().{side}"""
    assert chat.launcher.evaluate(measure) == 150
    chat.open()
    assert chat.panel.evaluate(measure) == 150
