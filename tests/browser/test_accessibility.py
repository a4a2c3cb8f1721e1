"""WCAG 2.2 A and AA: axe-core's rules in every state, and what axe-core cannot check."""

from collections.abc import Callable
from typing import Any

import pytest
from accessibility import violations  # tests/accessibility.py
from chat import Chat, Visit
from playwright.sync_api import Browser, expect
from standin import Fault, StandIn, reply

ANSWER = reply(
    "The centre is closed. See https://example.org/.",
    buttons=("When will it open?", "Talk to a person"),
    sources=(("Announcement of 20 March 2020", "https://example.org/a"), ("Without an address", None)),
)
LONG = reply(f"{'Nepārtrauktselektroenerģijaspiegādeslīgumsunnoteikumi' * 6} https://example.org/{'a' * 200}")


def closed(chat: Chat) -> None:
    pass


def opened(chat: Chat) -> None:
    chat.open()


def answered(chat: Chat) -> None:
    opened(chat)
    chat.say("centre")
    expect(chat.see(".choices button")).to_have_count(2)


def in_contrast(name: str) -> Callable[[Chat], None]:
    def choose(chat: Chat) -> None:
        answered(chat)
        chat.button("Options").click()
        chat.button(name).click()

    return choose


def asking_for_a_new_conversation(chat: Chat) -> None:
    opened(chat)
    chat.button("Options").click()
    chat.button("Start a new conversation").click()


def failing(chat: Chat) -> None:
    opened(chat)
    chat.say("failing")
    expect(chat.button("Try again")).to_be_visible()


def too_long(chat: Chat) -> None:
    opened(chat)
    chat.say("x" * 2001)


STATES = {
    "closed": closed,
    "open": opened,
    "with choices": answered,
    "options": in_contrast("Normal colours"),
    "black on white": in_contrast("Black on white"),
    "yellow on black": in_contrast("Yellow on black"),
    "a new conversation?": asking_for_a_new_conversation,
    "failing": failing,
    "too long": too_long,
}
each_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)
LAYOUTS = {
    "320 px": {"width": 320, "height": 640},
    "200 % of 1280 × 720": {"width": 640, "height": 360},
    "400 % of 1280 × 1024": {"width": 320, "height": 256},
}
each_layout = pytest.mark.parametrize("size", LAYOUTS.values(), ids=LAYOUTS)


@pytest.fixture(autouse=True)
def _answers(server: StandIn) -> None:
    server.replies = {"centre": [ANSWER], "long": [LONG]}


@pytest.fixture
def failing_server(server: StandIn, request: pytest.FixtureRequest) -> None:
    if "failing" in request.node.name:
        server.faults = [Fault(status=503, headers={"Retry-After": "300"})] * 2


@each_state
@pytest.mark.usefixtures("failing_server")
def test_axe_has_nothing_to_object(visit: Visit, state: Callable[[Chat], None]) -> None:
    chat = visit(language="en")
    state(chat)
    assert violations(chat.page) == []


def test_axe_has_nothing_to_object_where_it_is_part_of_the_page(visit: Visit) -> None:
    chat = visit(language="en", attributes="inline")
    chat.say("centre")
    expect(chat.see(".choices button")).to_have_count(2)
    assert violations(chat.page) == []


@each_state
@pytest.mark.usefixtures("failing_server")
def test_axe_has_nothing_to_object_on_a_small_screen(visit: Visit, state: Callable[[Chat], None]) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size({"width": 320, "height": 640})
    state(chat)
    assert violations(chat.page) == []


@each_state
@pytest.mark.usefixtures("failing_server")
@each_layout
def test_nothing_scrolls_sideways(visit: Visit, state: Callable[[Chat], None], size: Any) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size(size)
    state(chat)
    assert chat.sideways() == []


@each_layout
@pytest.mark.parametrize("text_size", ["Normal text", "Larger text", "Largest text"])
def test_long_words_and_large_texts_do_not_scroll_sideways(visit: Visit, size: Any, text_size: str) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size(size)
    chat.open().say("long")
    expect(chat.see(".message.assistant")).to_have_count(1)
    chat.button("Options").click()
    chat.button(text_size).click()
    assert chat.sideways() == []


@each_layout
def test_the_field_can_be_reached(visit: Visit, size: Any) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size(size)
    chat.open()
    chat.field.focus()
    expect(chat.field).to_be_in_viewport(ratio=1)


@each_state
@pytest.mark.usefixtures("failing_server")
def test_what_is_touched_is_44_px(visit: Visit, state: Callable[[Chat], None]) -> None:
    chat = visit(language="en")
    state(chat)
    small = chat.see("button:visible, textarea:visible").evaluate_all(
        """all => all.map((each) => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44).map(([text]) => text)"""
    )
    assert small == []


@pytest.mark.parametrize(("button", "pixels"), [("Normal text", 16), ("Larger text", 20), ("Largest text", 24)])
@pytest.mark.parametrize("reloaded", [False, True])
def test_the_text_size_is_chosen_and_kept(chat: Chat, button: str, pixels: int, reloaded: bool) -> None:
    chat.button("Options").click()
    chat.button(button).click()
    if reloaded:
        chat.page.reload()
    expect(chat.field).to_have_css("font-size", f"{pixels}px")


def test_the_chosen_contrast_is_kept(chat: Chat) -> None:
    chat.button("Options").click()
    chat.button("Yellow on black").click()
    chat.page.reload()
    expect(chat.panel).to_have_css("background-color", "rgb(0, 0, 0)")


@pytest.mark.parametrize(
    ("wish", "selector", "style"),
    [
        ({"reduced_motion": "reduce"}, ".typing i >> nth=0", ("animation-name", "none")),
        ({"contrast": "more"}, ".panel", ("color", "rgb(0, 0, 0)")),
        ({"forced_colors": "active"}, ".message .bubble", ("border-top-style", "solid")),
    ],
    ids=["reduced motion", "more contrast", "forced colours"],
)
def test_what_the_system_asks_for_is_respected(
    browser: Browser, server: StandIn, wish: dict[str, Any], selector: str, style: tuple[str, str]
) -> None:
    context = browser.new_context(**wish)
    page = context.new_page()
    page.goto(server.page(language="en"))
    chat = Chat(page).open()
    expect(chat.see(selector).first).to_have_css(*style)
    context.close()


def test_the_conversation_is_a_polite_log(chat: Chat) -> None:
    expect(chat.log).to_have_attribute("aria-live", "polite")


def test_a_reader_hears_each_message_once(chat: Chat, server: StandIn) -> None:
    """Only new content changes in the live region."""
    chat.say("centre")
    expect(chat.see(".choices button")).to_have_count(2)
    chat.log.evaluate(
        """log => {
            window.heard = [];
            const note = (node) => !node.parentElement?.closest(".typing") && heard.push(node.textContent);
            new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(note)))
                .observe(log, { childList: true, subtree: true, characterData: true });
        }"""
    )
    chat.say("next")
    expect(chat.see(".message.assistant")).to_have_count(2)
    heard = chat.page.evaluate("heard")
    assert [text for text in heard if "centre is closed" in text] == []
    assert len([text for text in heard if "You said: next" in text]) == 1


def test_a_touch_screen_does_not_bring_up_its_keyboard(browser: Browser, server: StandIn) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server.page(language="en"))
    chat = Chat(page)
    chat.launcher.tap()
    assert chat.focused() == "div.log"
    context.close()
