"""Everything can be done with the keyboard, and the focus is never lost."""

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import StandIn, reply


def press(chat: Chat, *keys: str) -> None:
    for key in keys:
        chat.page.keyboard.press(key)


def test_a_whole_conversation(visit: Visit, server: StandIn) -> None:
    server.replies["centre"] = [reply("Closed.", buttons=("When?", "Why?"))]
    chat = visit(language="en")
    press(chat, "Tab", "Tab", "Enter")  # past the page's link, to the launcher
    chat.page.keyboard.type("centre")
    press(chat, "Enter")
    chat.hears("Closed.")
    press(chat, "Shift+Tab", "Shift+Tab", "Space")  # back over the second choice to the first
    chat.hears("Closed.", "You said: When?")
    press(chat, "Escape")
    expect(chat.panel).to_be_hidden()


def test_to_open_puts_the_focus_into_the_field(chat: Chat) -> None:
    assert chat.focused() == "textarea"


@pytest.mark.parametrize("how", ["Escape", "Close the chat"])
def test_to_close_gives_the_focus_back(chat: Chat, how: str) -> None:
    if how == "Escape":
        press(chat, how)
    else:
        chat.button(how).click()
    assert chat.focused() == "button.launcher"


def test_to_close_hides_the_panel_from_the_keyboard(chat: Chat) -> None:
    press(chat, "Escape", "Tab")
    assert chat.focused() == "body"


def test_escape_closes_the_options_first(chat: Chat) -> None:
    chat.button("Options").click()
    press(chat, "Escape")
    expect(chat.see(".options")).to_be_hidden()
    expect(chat.panel).to_be_visible()
    assert chat.focused() == "button.plain"


def test_escape_closes_nothing_where_the_chat_is_part_of_the_page(visit: Visit) -> None:
    chat = visit(language="en", attributes="inline")
    chat.field.focus()
    press(chat, "Escape")
    expect(chat.panel).to_be_visible()


def test_a_choice_passes_the_focus_on(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [reply("Closed.", buttons=("When?",))]
    chat.say("centre")
    chat.button("When?").press("Enter")
    assert chat.focused() == "textarea"


def test_a_page_that_loads_with_the_chat_open_keeps_its_focus(visit: Visit) -> None:
    assert visit(language="en", attributes="open").focused() == "body"


def test_the_page_behind_is_out_of_reach_on_a_small_screen(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size({"width": 320, "height": 640})
    chat.open()
    for _ in range(12):
        press(chat, "Tab")
        assert chat.focused() != "a"


def test_the_page_is_within_reach_on_a_large_screen(chat: Chat) -> None:
    focused = set()
    for _ in range(12):
        press(chat, "Tab")
        focused.add(chat.focused())
    assert "a" in focused


def test_the_conversation_can_be_scrolled(chat: Chat, server: StandIn) -> None:
    server.replies["long"] = [reply("A line.\n" * 100)]
    chat.say("long")
    expect(chat.see(".message.assistant")).to_have_count(1)
    chat.log.focus()
    before = chat.log.evaluate("log => log.scrollTop")
    press(chat, "PageDown")
    chat.page.wait_for_timeout(400)
    assert chat.log.evaluate("log => log.scrollTop") > before


def test_a_long_reply_is_shown_from_its_question_on(chat: Chat, server: StandIn) -> None:
    server.replies["long"] = [reply("A line.\n" * 100)]
    chat.say("long")
    expect(chat.see(".message.assistant")).to_have_count(1)
    expect(chat.see(".message.customer")).to_be_in_viewport()


def test_the_site_can_open_and_close_it(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.evaluate("document.querySelector('elektrum-chat').open = true")
    expect(chat.panel).to_be_visible()
    chat.page.evaluate("document.querySelector('elektrum-chat').removeAttribute('open')")
    expect(chat.panel).to_be_hidden()


def test_the_site_that_closes_it_keeps_its_focus(chat: Chat) -> None:
    chat.page.locator("main > p > a").focus()
    chat.page.evaluate("document.querySelector('elektrum-chat').open = false")
    assert chat.focused() == "a"


def test_a_link_says_that_it_opens_elsewhere(chat: Chat, server: StandIn) -> None:
    server.replies["x"] = [reply("Text.", sources=(("Announcement", "https://example.org/"),))]
    chat.say("x")
    expect(chat.see(".bubble a")).to_have_accessible_name("Announcement (opens in a new tab)")
