"""Talking with the assistant when all goes well."""

import re

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import Fault, StandIn, reply

ANSWER = reply("The centre is closed.", buttons=("When will it open?", "Talk to a person"))


def test_a_reply_is_shown(chat: Chat) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")


def test_several_replies_are_shown_in_order(chat: Chat, server: StandIn) -> None:
    server.replies["two"] = [reply("First."), reply("Second.")]
    chat.say("two")
    chat.hears("First.", "Second.")


def test_a_choice_is_sent_as_its_reference(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [ANSWER]
    chat.say("centre")
    chat.button("When will it open?").click()
    chat.said("centre", "When will it open?")
    chat.hears(ANSWER["text"], "You said: When will it open?")
    assert server.received[-1]["button"] == "ref-When will it open?"


def test_a_choice_goes_when_something_is_said(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [ANSWER]
    chat.say("centre")
    expect(chat.see(".choices button")).to_have_count(2)
    chat.say("something else")
    expect(chat.see(".choices button")).to_have_count(0)


def test_a_double_click_is_one_message(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [ANSWER]
    chat.say("centre")
    chat.button("When will it open?").dblclick()
    chat.hears(ANSWER["text"], "You said: When will it open?")
    assert len({message["id"] for message in server.received}) == 2


def test_enter_twice_is_one_message(chat: Chat, server: StandIn) -> None:
    chat.field.fill("Hello")
    chat.field.press("Enter")
    chat.field.press("Enter")
    chat.hears("You said: Hello")
    assert len(server.received) == 1


def test_shift_and_enter_is_a_new_line(chat: Chat, server: StandIn) -> None:
    chat.field.press_sequentially("one")
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("two")
    chat.field.press("Enter")
    chat.hears("You said: one\ntwo")


def test_talk_to_a_person(chat: Chat, server: StandIn) -> None:
    chat.button("Options").click()
    chat.button("Talk to a person").click()
    chat.said("I want to talk to a person")


def test_a_new_conversation_has_a_new_session(chat: Chat, server: StandIn) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.said()
    chat.say("Again")
    chat.hears("You said: Again")
    assert (len(server.signed_out), len(server.conversations)) == (1, 1)


def test_a_new_conversation_may_be_thought_over(chat: Chat) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Cancel").click()
    chat.said("Hello")


def test_the_conversation_is_downloaded(chat: Chat, server: StandIn) -> None:
    server.replies["why"] = [reply("Because.", sources=(("Announcement", "https://example.org/a"),))]
    chat.say("why")
    chat.hears("Because.")
    chat.button("Options").click()
    with chat.page.expect_download() as download:
        chat.button("Download the conversation").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert re.search(r"You, \d\d:\d\d\nwhy\n\nAssistant, \d\d:\d\d\nBecause\.\nSource: Announcement https", text)
    assert re.fullmatch(r"elektrum-conversation-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2020-03-25T12:05:00.000+00:00", "25 March 2020 at 14:05"),  # winter time
        ("2020-03-29T22:30:00.000+00:00", "30 March 2020 at 01:30"),  # summer time, and the next day in Riga
    ],
)
def test_times_are_those_of_riga(chat: Chat, server: StandIn, at: str, shown: str) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    for conversation in server.conversations.values():
        for message in conversation.messages.values():
            message["replies"][0]["at"] = at
    chat.page.reload()
    expect(chat.see(".message.assistant time")).to_have_text(shown)


def test_what_comes_while_closed_is_counted(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(seconds=0.5)]
    server.replies["two"] = [reply("First."), reply("Second.")]
    chat.say("two")
    chat.field.press("Escape")
    expect(chat.launcher).to_have_accessible_name("Ask us, 2 new messages")


def test_what_was_read_in_one_tab_is_no_news_in_another(visit: Visit) -> None:
    chat, other = visit(language="en").open(), visit(language="en")
    chat.page.bring_to_front()
    chat.say("Hello")
    chat.hears("You said: Hello")
    other.page.reload()
    expect(other.launcher).to_have_accessible_name("Ask us")


def test_typing_shows_while_an_answer_is_on_its_way(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(seconds=0.8)]
    chat.say("Hello")
    expect(chat.see(".typing")).to_be_visible()
    chat.hears("You said: Hello")
    expect(chat.see(".typing")).to_be_hidden()


@pytest.mark.parametrize(
    ("length", "left"),
    [
        (1799, ""),
        (1800, "200 characters left"),
        (1999, "1 character left"),
        (2001, "The message is 1 character too long"),
    ],
)
def test_the_room_that_is_left_is_shown_near_the_end(chat: Chat, length: int, left: str) -> None:
    chat.field.fill("x" * length)
    expect(chat.see("#left")).to_have_text(left)


@pytest.mark.parametrize(
    ("text", "is_sent"),
    [("ā" * 2000, True), ("🙂" * 2000, True), ("ā" * 2001, False), ("  ", False)],
    ids=["letters", "pictures", "too long", "empty"],
)
def test_only_what_the_server_takes_is_sent(chat: Chat, server: StandIn, text: str, is_sent: bool) -> None:
    chat.say(text)
    if is_sent:
        expect(chat.see(".message.customer")).to_have_count(1)
        expect(chat.see(".typing")).to_be_hidden()
    else:
        chat.page.wait_for_timeout(300)
    assert bool(server.received) == is_sent
