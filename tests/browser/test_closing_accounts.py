"""Answers about an account disappear when it closes: from screen, other tabs, downloads and the back/forward cache."""

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import StandIn, reply

DEBT = "Parauga 3-12 owes 52.10"
GONE = "For your security, the answer about the account is no longer shown."


def account(server: StandIn, seconds: int) -> None:
    server.replies["debt"] = [reply(DEBT, buttons=("Pay later",), private_for=seconds)]


def shown(chat: Chat) -> bool:
    return "52.10" in str(chat.page.evaluate("document.querySelector('elektrum-chat').shadowRoot.innerHTML"))


def asked(chat: Chat) -> Chat:
    chat.say("Hello")
    chat.say("debt")
    chat.hears("You said: Hello", DEBT)
    return chat


def gone(chat: Chat) -> None:
    chat.said("Hello", "debt")
    expect(chat.see(".message.assistant").last).to_contain_text(GONE)
    expect(chat.see(".choices button")).to_have_count(0)
    assert not shown(chat)


def test_it_goes_by_itself_in_every_tab(chat: Chat, visit: Visit, server: StandIn) -> None:
    account(server, 2)
    other = visit(language="en").open()
    asked(chat)
    other.hears("You said: Hello", DEBT)
    server.close_accounts()
    for each in (chat, other):
        gone(each)


def test_it_goes_at_once_when_a_reply_says_that_it_is_closed(chat: Chat, visit: Visit, server: StandIn) -> None:
    """Typing "sign out" has a visible effect in every tab."""
    account(server, 600)
    other = visit(language="en").open()
    asked(chat)
    server.close_accounts()
    server.replies["sign out"] = [reply("Closed.", accounts_closed=True)]
    chat.say("sign out")
    for each in (chat, other):
        each.hears("You said: Hello", f"{GONE} Ask again if you need it.", "Closed.")
        assert not shown(each)


def test_it_goes_without_the_server_too(chat: Chat, server: StandIn) -> None:
    account(server, 2)
    asked(chat)
    server.stop()
    gone(chat)


def test_it_stays_where_the_server_says_that_the_account_is_used(chat: Chat, server: StandIn) -> None:
    account(server, 2)
    asked(chat)
    account(server, 600)
    chat.say("debt")
    chat.hears("You said: Hello", DEBT, DEBT)
    chat.page.wait_for_timeout(2_300)
    chat.hears("You said: Hello", DEBT, DEBT)


def test_what_the_server_still_shows_comes_back(chat: Chat, server: StandIn) -> None:
    account(server, 2)
    asked(chat)
    for conversation in server.conversations.values():
        for message in conversation.messages.values():
            for each in message["replies"]:
                if "private_for" in each:
                    each["private_for"] = 600
    chat.page.wait_for_timeout(2_300)
    chat.hears("You said: Hello", DEBT)


def test_it_is_not_there_after_a_reload(chat: Chat, server: StandIn) -> None:
    account(server, 600)
    asked(chat)
    server.close_accounts()
    chat.page.reload()
    gone(chat)


def test_it_is_in_no_copy(chat: Chat, server: StandIn) -> None:
    account(server, 2)
    asked(chat)
    server.close_accounts()
    gone(chat)
    chat.button("Options").click()
    with chat.page.expect_download() as download:
        chat.button("Download the conversation").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert GONE in text
    assert "52.10" not in text


def test_a_computer_that_slept_shows_it_no_more(chat: Chat, server: StandIn) -> None:
    """Timers are suspended then; the clock is not."""
    account(server, 600)
    asked(chat)
    server.close_accounts()
    chat.page.evaluate("const now = Date.now; Date.now = () => now() + 601_000; void 0")
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    gone(chat)


def test_the_way_back_to_a_page_that_is_kept_shows_it_only_from_the_server(chat: Chat, server: StandIn) -> None:
    account(server, 600)
    asked(chat)
    kept = "(name) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }))"
    chat.page.evaluate(kept, "pagehide")
    gone(chat)
    chat.page.evaluate(kept, "pageshow")
    chat.hears("You said: Hello", DEBT)
    chat.page.evaluate(kept, "pagehide")
    server.close_accounts()
    chat.page.evaluate(kept, "pageshow")
    gone(chat)


def test_the_way_back_after_somebody_has_left_shows_nothing(chat: Chat, server: StandIn) -> None:
    """Pages in the back/forward cache get no messages from other tabs."""
    account(server, 600)
    asked(chat)
    name = next(key for key in chat.page.evaluate("Object.keys(localStorage)") if key.startswith("elektrum-chat http"))
    chat.page.evaluate("(name) => localStorage.setItem(name, JSON.stringify({ epoch: 'another' }))", name)
    chat.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    chat.said()
    assert not shown(chat)


def test_where_the_website_clears_what_is_stored_nothing_is_shown(chat: Chat, server: StandIn) -> None:
    """As with `Clear-Site-Data` when somebody signs out."""
    account(server, 600)
    asked(chat)
    chat.page.evaluate("localStorage.clear()")
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    chat.said()
    assert not shown(chat)


def test_it_does_not_stay_on_the_screen_of_a_lost_session(chat: Chat, server: StandIn) -> None:
    account(server, 600)
    asked(chat)
    server.forget_sessions()
    chat.say("after")
    expect(chat.see(".message.notice")).to_have_count(1)
    assert not shown(chat)


@pytest.mark.answers_nonsense
@pytest.mark.parametrize("seconds", [0, -5, "x", None, 1e12])
def test_nonsense_of_the_server_breaks_nothing(chat: Chat, server: StandIn, seconds: object) -> None:
    server.replies["debt"] = [{**reply(DEBT), "private_for": seconds}]
    chat.say("debt")
    chat.hears(DEBT)
