"""The script more than once on a page, the element more than once, and elements that come and go."""

import pytest
from chat import Chat, Visit
from playwright.sync_api import ConsoleMessage, expect
from standin import StandIn

SECOND = "document.body.append(document.createElement('elektrum-chat'))"
FIRST_GOES = "document.querySelector('elektrum-chat').remove()"


@pytest.mark.parametrize("address", ["elektrum-chat.js", "elektrum-chat.js?v=2"], ids=["same", "another version"])
def test_the_script_may_be_loaded_twice(chat: Chat, address: str) -> None:
    chat.page.evaluate("address => import(new URL(address, document.querySelector('script').src))", address)
    chat.say("Hello")
    chat.hears("You said: Hello")


def test_a_second_element_steps_aside_and_says_so(chat: Chat) -> None:
    warnings: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "warning":
            warnings.append(message.text)

    chat.page.on("console", note)
    chat.page.evaluate(SECOND)
    chat.page.evaluate("document.querySelectorAll('elektrum-chat')[1].open = true")
    expect(chat.see(".launcher")).to_have_count(1)
    expect(chat.see(".panel")).to_have_count(1)
    assert [text.split(".")[0] for text in warnings] == ["<elektrum-chat> is on this page already"]
    chat.say("Hello")
    chat.hears("You said: Hello")


def test_the_second_takes_the_place_of_the_first(chat: Chat, server: StandIn) -> None:
    """As when a single-page application puts in the new page before it takes out the old one."""
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.evaluate(f"{SECOND}; {FIRST_GOES}")
    chat.hears("You said: Hello")
    chat.say("Again")
    chat.hears("You said: Hello", "You said: Again")
    assert len(server.handled) == 2


def test_an_element_that_comes_back_goes_on(chat: Chat) -> None:
    chat.page.evaluate("window.kept = document.querySelector('elektrum-chat'); kept.remove()")
    chat.page.evaluate("document.body.append(kept)")
    chat.say("Hello")
    chat.hears("You said: Hello")


def test_in_the_top_layer_it_comes_back_there(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.evaluate("document.querySelector('main').style.transform = 'translate(0, 50px)'")
    chat.page.evaluate("window.kept = document.querySelector('elektrum-chat'); kept.remove()")
    chat.page.evaluate("document.querySelector('main').append(kept)")
    expect(chat.launcher).to_be_in_viewport(ratio=1)
    assert chat.see(".chat").evaluate("root => root.matches(':popover-open')")


def test_in_a_shadow_tree_it_speaks_the_language_around(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.evaluate(
        """() => {
            document.querySelector("elektrum-chat").remove();
            const part = document.body.appendChild(document.createElement("div"));
            part.attachShadow({ mode: "open" }).append(document.createElement("elektrum-chat"));
        }"""
    )
    expect(chat.launcher).to_have_accessible_name("Ask us")
    chat.open().say("Hello")
    chat.hears("You said: Hello")


def test_in_a_dialog_of_the_page(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.evaluate(
        """() => {
            const dialog = document.body.appendChild(document.createElement("dialog"));
            dialog.append(document.querySelector("elektrum-chat"));
            dialog.showModal();
        }"""
    )
    chat.open().say("Hello")
    chat.hears("You said: Hello")
    expect(chat.panel).to_be_in_viewport(ratio=1)
