"""Reloads, several tabs, and customers signed in by the website."""

import json

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import StandIn, reply


def test_the_conversation_is_there_after_a_reload(chat: Chat) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.reload()
    chat.hears("You said: Hello")
    chat.said("Hello")


def test_choices_are_there_after_a_reload(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [reply("Closed.", buttons=("When?",))]
    chat.say("centre")
    chat.hears("Closed.")
    chat.page.reload()
    chat.button("When?").click()
    chat.hears("Closed.", "You said: When?")


@pytest.mark.parametrize("is_open", [True, False])
def test_whether_it_is_open_is_kept(chat: Chat, is_open: bool) -> None:
    if not is_open:
        chat.field.press("Escape")
    chat.page.reload()
    expect(chat.panel).to_be_visible(visible=is_open)


def test_nothing_is_stored_of_what_was_said(chat: Chat) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    # A message is kept until it is answered, and forgotten right after the answer is shown.
    chat.page.wait_for_function("() => !JSON.stringify([{...localStorage}, {...sessionStorage}]).includes('Hello')")


def test_storage_may_be_forbidden(visit: Visit) -> None:
    chat = visit(language="en")
    chat.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    chat.page.reload()
    chat.open().say("Hello")
    chat.hears("You said: Hello")


@pytest.mark.parametrize("spoiled", ["{", "null", "7", '"text"'])
def test_what_is_stored_may_be_spoiled(chat: Chat, spoiled: str) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.evaluate(
        "(spoiled) => { for (const key in localStorage) if (key.startsWith('elektrum')) localStorage[key] = spoiled; }",
        spoiled,
    )
    chat.page.reload()
    chat.say("Again")
    chat.hears("You said: Again")


def test_both_tabs_show_what_one_says(visit: Visit) -> None:
    one, other = visit(language="en").open(), visit(language="en").open()
    one.say("Hello")
    other.hears("You said: Hello")
    other.said("Hello")


def test_two_tabs_have_one_session(visit: Visit, server: StandIn) -> None:
    one, other = visit(language="en").open(), visit(language="en").open()
    one.say("one")
    other.say("two")
    expect(one.see(".message.assistant .bubble > p:not(.about)")).to_have_count(2)
    expect(other.see(".message.assistant .bubble > p:not(.about)")).to_have_count(2)
    assert len(server.conversations) == 1


def test_a_new_conversation_is_new_in_every_tab(visit: Visit) -> None:
    one, other = visit(language="en").open(), visit(language="en").open()
    one.say("Hello")
    other.hears("You said: Hello")
    one.page.bring_to_front()
    one.button("Options").click()
    one.button("Start a new conversation").click()
    one.button("Start a new one").click()
    other.said()


def test_a_session_lost_in_one_tab_is_said_in_the_other(visit: Visit, server: StandIn) -> None:
    one, other = visit(language="en").open(), visit(language="en").open()
    one.say("before")
    other.hears("You said: before")
    server.forget_sessions()
    one.say("after")
    other.hears("You said: before", "You said: after")
    expect(other.see(".message.notice")).to_have_count(1)


def test_a_token_comes_with_the_session(visit: Visit, server: StandIn) -> None:
    chat = visit(language="en", attributes="token=signed").open()
    chat.say("Hello")
    chat.hears("You said: Hello")
    assert [conversation.token for conversation in server.conversations.values()] == ["signed"]


def test_a_later_token_signs_in(chat: Chat, server: StandIn) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.evaluate("document.querySelector('elektrum-chat').setAttribute('token', 'later')")
    chat.say("Again")
    chat.say("And again")
    chat.hears("You said: Hello", "You said: Again", "You said: And again")
    assert server.sign_ins == ["later"]


def test_a_token_that_is_refused_is_said_and_the_conversation_goes_on(visit: Visit, server: StandIn) -> None:
    server.refused_tokens = {"stale"}
    chat = visit(language="en", attributes="token=stale").open()
    chat.say("Hello")
    chat.hears("You said: Hello")
    expect(chat.see(".message.notice")).to_have_count(1)


def test_a_later_token_that_is_refused_leaves_the_conversation_alone(chat: Chat, server: StandIn) -> None:
    server.refused_tokens = {"stale"}
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.evaluate("document.querySelector('elektrum-chat').setAttribute('token', 'stale')")
    chat.say("Again")
    chat.hears("You said: Hello", "You said: Again")
    assert len(server.conversations) == 1


def test_a_refused_token_is_said_when_something_is_asked(visit: Visit, chat: Chat, server: StandIn) -> None:
    server.refused_tokens = {"stale"}
    chat.say("Hello")
    chat.hears("You said: Hello")
    other = visit(language="en", attributes="token=stale").open()
    other.hears("You said: Hello")
    expect(other.see(".message.notice")).to_have_count(0)
    other.say("Again")
    other.hears("You said: Hello", "You said: Again")
    expect(other.see(".message.notice")).to_have_count(1)


def test_a_token_is_shown_again_until_accounts_can_be_read(visit: Visit, server: StandIn) -> None:
    server.accounts_down = True
    chat = visit(language="en", attributes="token=signed").open()
    chat.say("Hello")
    chat.hears("You said: Hello")
    server.accounts_down = False
    chat.say("Again")
    chat.hears("You said: Hello", "You said: Again")
    assert server.sign_ins == ["signed"]


def test_the_session_is_begun_in_the_language_of_the_page(visit: Visit, server: StandIn) -> None:
    chat = visit(language="lv").open()
    chat.say("Labdien")
    chat.hears("You said: Labdien")
    assert json.dumps([conversation.language for conversation in server.conversations.values()]) == '["lv"]'
