"""Several customers on one computer: signing out leaves nothing of the account in any tab, whatever fails meanwhile."""

from collections.abc import Callable

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import Fault, StandIn, reply, token

ANNA, BERTA = "customer-a", "customer-b"
DEBT = "Parauga 3-12 owes 52.10"
SET = "token => document.querySelector('elektrum-chat').setAttribute('token', token)"


def sign_out_by_attribute(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('elektrum-chat').removeAttribute('token')")


def sign_out_by_property(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('elektrum-chat').token = null")


def sign_out_by_method(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('elektrum-chat').signOut()")


def another_comes(chat: Chat) -> None:
    chat.page.evaluate(SET, token(BERTA, 2))


WAYS = {
    "the attribute goes": sign_out_by_attribute,
    "the property goes": sign_out_by_property,
    "signOut()": sign_out_by_method,
    "another customer's token": another_comes,
}
each_way = pytest.mark.parametrize("leave", WAYS.values(), ids=WAYS)


@pytest.fixture(autouse=True)
def _account(server: StandIn) -> None:
    server.replies["debt"] = [reply(DEBT, buttons=("Pay later",), private_for=600)]


def signed_in(visit: Visit, customer: str = ANNA, issued: int = 1) -> Chat:
    """An open page of a customer who has asked for the account."""
    chat = visit(language="en", attributes=f"token={token(customer, issued)}").open()
    chat.say("debt")
    chat.hears(DEBT)
    return chat


def everything(chat: Chat) -> str:
    """Everything that the page and its storage contain."""
    return str(
        chat.page.evaluate(
            """() => {
                const root = document.querySelector("elektrum-chat").shadowRoot;
                const fields = [...root.querySelectorAll("textarea")].map(({ value }) => value);
                return root.innerHTML + JSON.stringify([fields, {...localStorage}, {...sessionStorage}]);
            }"""
        )
    )


def nothing_is_left(chat: Chat) -> None:
    chat.said()
    chat.hears()
    left = everything(chat)
    assert [text for text in ("52.10", "Parauga", "debt", "customer-a") if text in left] == []


@each_way
def test_whoever_leaves_takes_everything_along(visit: Visit, server: StandIn, leave: Callable[[Chat], None]) -> None:
    chat, other = signed_in(visit), visit(language="en", attributes=f"token={token(ANNA)}").open()
    other.hears(DEBT)
    (session,) = server.conversations
    other.field.fill("debt of mine, half written")
    leave(chat)
    nothing_is_left(chat)
    nothing_is_left(other)
    expect(other.field).to_have_value("")
    chat.page.wait_for_function("true")
    chat.say("Hello")
    chat.hears("You said: Hello")
    assert server.signed_out == [session]


@each_way
def test_the_next_message_is_of_whoever_is_there_then(
    visit: Visit, server: StandIn, leave: Callable[[Chat], None]
) -> None:
    chat = signed_in(visit)
    leave(chat)
    chat.say("Hello")
    chat.hears("You said: Hello")
    wanted = token(BERTA, 2) if leave is another_comes else None
    assert [conversation.token for conversation in server.conversations.values()] == [wanted]


def test_a_page_without_the_token_shows_nothing_and_ends_it(visit: Visit, server: StandIn) -> None:
    signed_in(visit).page.close()
    chat = visit(language="en")
    chat.page.clock.install()
    chat.page.reload()
    chat.open()
    nothing = chat.page.locator("text=52.10")
    expect(nothing).to_have_count(0)
    assert server.signed_out == []  # the page may still set a token
    chat.page.clock.fast_forward("00:06")
    expect(nothing).to_have_count(0)
    chat.page.clock.resume()
    chat.say("Hello")
    chat.hears("You said: Hello")
    assert (len(server.signed_out), [each.token for each in server.conversations.values()]) == (1, [None])


def test_who_writes_before_the_page_brings_a_token_is_somebody_new(visit: Visit, server: StandIn) -> None:
    signed_in(visit).page.close()
    chat = visit(language="en").open()
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.said("Hello")
    assert [each.token for each in server.conversations.values()] == [None]


def test_a_page_that_brings_the_token_a_moment_later_goes_on(visit: Visit, server: StandIn) -> None:
    signed_in(visit).page.close()
    chat = visit(language="en").open()
    chat.hears()
    chat.page.evaluate(SET, token(ANNA, 2))
    chat.hears(DEBT)
    assert server.signed_out == []


def test_a_page_with_another_customers_token_begins_anew(visit: Visit, server: StandIn) -> None:
    signed_in(visit).page.close()
    chat = visit(language="en", attributes=f"token={token(BERTA, 2)}").open()
    nothing_is_left(chat)
    chat.say("Hello")
    chat.hears("You said: Hello")
    assert [each.token for each in server.conversations.values()] == [token(BERTA, 2)]


def test_a_newer_token_of_the_same_customer_changes_nothing(visit: Visit, server: StandIn) -> None:
    """Websites issue a new one for each page."""
    chat, other = signed_in(visit), visit(language="en", attributes=f"token={token(ANNA, 2)}").open()
    chat.page.evaluate(SET, token(ANNA, 3))
    for each in (chat, other):
        each.said("debt")
        each.hears(DEBT)
    other.say("Hello")
    chat.hears(DEBT, "You said: Hello")
    assert (server.signed_out, len(server.conversations)) == ([], 1)


def test_who_signs_in_during_a_conversation_keeps_it(chat: Chat, server: StandIn) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.evaluate(SET, token(ANNA))
    chat.say("debt")
    chat.hears("You said: Hello", DEBT)
    assert (server.signed_out, server.sign_ins) == ([], [token(ANNA)])


def test_a_token_that_stands_in_another_tab_signs_nobody_in_again(visit: Visit, server: StandIn) -> None:
    chat, other = signed_in(visit), visit(language="en", attributes=f"token={token(ANNA, 5)}").open()
    other.hears(DEBT)
    sign_out_by_attribute(chat)
    nothing_is_left(other)
    for _ in range(2):  # as it is, and after going back to the old page
        other.say("Hello")
        other.hears("You said: Hello")
        assert [each.token for each in server.conversations.values()] == [None]
        other.button("Options").click()
        other.button("Start a new conversation").click()
        other.button("Start a new one").click()
        other.page.reload()


def test_who_signs_in_again_is_signed_in(visit: Visit, server: StandIn) -> None:
    chat = signed_in(visit, issued=5)
    sign_out_by_method(chat)
    chat.page.evaluate(SET, token(ANNA, 6))
    chat.say("debt")
    chat.hears(DEBT)
    assert [each.token for each in server.conversations.values()] == [token(ANNA, 6)]


def test_a_new_conversation_is_still_the_customers(visit: Visit, server: StandIn) -> None:
    chat = signed_in(visit)
    (session,) = server.conversations
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.said()
    chat.say("debt")
    chat.hears(DEBT)
    assert server.signed_out == [session]
    assert [each.token for each in server.conversations.values()] == [token(ANNA)]


def test_a_new_conversation_waits_until_the_token_is_free(visit: Visit, server: StandIn) -> None:
    """The server accepts a token in another conversation only once it knows that the first one has ended."""
    chat = signed_in(visit)
    server.sign_out_faults = [Fault(seconds=0.5)]
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.say("debt")
    chat.hears(DEBT)
    assert [each.token for each in server.conversations.values()] == [token(ANNA)]


def test_an_answer_on_its_way_comes_to_nobody(visit: Visit, server: StandIn) -> None:
    chat = signed_in(visit)
    server.faults = [Fault(seconds=1)]
    chat.say("debt")
    sign_out_by_attribute(chat)
    chat.page.wait_for_timeout(1300)
    nothing_is_left(chat)


def test_a_session_on_its_way_is_not_the_next_ones(visit: Visit, server: StandIn) -> None:
    server.session_faults = [Fault(seconds=1)]
    chat = visit(language="en", attributes=f"token={token(ANNA)}").open()
    chat.say("debt")
    sign_out_by_attribute(chat)
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.page.wait_for_timeout(800)
    assert [each.token for each in server.conversations.values()] == [None]


def test_what_was_not_sent_is_not_sent_for_the_next_one(visit: Visit, server: StandIn) -> None:
    """Also if the tab was on another page meanwhile."""
    chat = signed_in(visit)
    server.faults = [Fault(status=503, headers={"Retry-After": "300"})] * 2
    chat.say("unsent of mine")
    expect(chat.button("Try again")).to_be_visible()
    chat.page.goto("about:blank")
    other = visit(language="en", attributes=f"token={token(ANNA)}").open()
    other.hears(DEBT)
    sign_out_by_attribute(other)
    nothing_is_left(other)
    chat.page.go_back()
    chat.page.wait_for_timeout(500)
    assert "unsent of mine" not in everything(chat)
    assert [each["text"] for each in server.received].count("unsent of mine") <= 2


def test_a_server_that_fails_is_told_later(visit: Visit, server: StandIn) -> None:
    chat = signed_in(visit)
    (session,) = server.conversations
    server.sign_out_faults = [Fault(status=503)]
    sign_out_by_attribute(chat)
    nothing_is_left(chat)
    chat.page.wait_for_timeout(5_600)
    assert server.signed_out == [session]


def test_whose_account_was_opened_by_code_is_known_to_the_server(chat: Chat, server: StandIn) -> None:
    """Another customer cannot continue a conversation without a token in which somebody's account was opened."""
    chat.say("debt")
    chat.hears(DEBT)
    (conversation,) = server.conversations.values()
    conversation.token = token(ANNA)
    chat.page.evaluate(SET, token(BERTA, 2))
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.said("Hello")
    assert [each.token for each in server.conversations.values()] == [token(BERTA, 2)]


def test_it_is_known_before_anything_is_shown(visit: Visit, chat: Chat, server: StandIn) -> None:
    chat.say("debt")
    chat.hears(DEBT)
    (conversation,) = server.conversations.values()
    conversation.token = token(ANNA)
    chat.page.close()
    other = visit(language="en", attributes=f"token={token(BERTA, 2)}")
    expect(other.launcher).to_be_visible(visible=False) if other.panel.is_visible() else other.open()
    other.page.wait_for_timeout(500)
    nothing_is_left(other)
