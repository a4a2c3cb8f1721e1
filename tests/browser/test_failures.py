"""What the visitor sees when the server or the network fails, and that nothing is done twice."""

import re

import pytest
from chat import Chat
from playwright.sync_api import expect
from standin import Fault, StandIn, reply

TWO = [reply("First."), reply("Second.")]
DOWN = (Fault(status=503), Fault(status=503))


@pytest.mark.parametrize("cut_after", [0, 1, 2])
def test_a_cut_stream_is_taken_up_with_the_same_id(chat: Chat, server: StandIn, cut_after: int) -> None:
    server.replies["two"] = TWO
    server.faults = [Fault(cut_after=cut_after)]
    chat.say("two")
    chat.hears("First.", "Second.")
    expect(chat.see(".typing")).to_be_hidden()
    assert [message["id"] for message in server.received] == [server.handled[0]] * 2


def test_what_came_before_the_cut_is_not_shown_anew(chat: Chat, server: StandIn) -> None:
    """A screen reader would read it again."""
    server.replies["two"] = TWO
    server.faults = [Fault(cut_after=1)]
    chat.say("two")
    chat.hears("First.")
    first = chat.see(".message.assistant").nth(0).element_handle()
    chat.hears("First.", "Second.")
    assert first.evaluate("element => element.isConnected")


def test_a_failing_server_is_said_with_the_phone_number(chat: Chat, server: StandIn) -> None:
    server.faults = [*DOWN]
    chat.say("Hello")
    expect(chat.status).to_contain_text("8400")
    expect(chat.see(".message.customer .about")).to_contain_text("not sent yet")


def test_a_failing_server_is_asked_again_by_itself(chat: Chat, server: StandIn) -> None:
    server.faults = [*DOWN]
    chat.say("Hello")
    chat.hears("You said: Hello")
    expect(chat.status).to_have_text("")
    assert len({message["id"] for message in server.received}) == 1


def test_another_try_is_at_once(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=503), Fault(status=503, headers={"Retry-After": "300"})]
    chat.say("Hello")
    chat.button("Try again").click()
    chat.hears("You said: Hello")
    assert len({message["id"] for message in server.received}) == 1


def test_the_focus_stays_when_the_button_to_try_again_goes(chat: Chat, server: StandIn) -> None:
    server.faults = [*DOWN]
    chat.say("Hello")
    chat.button("Try again").press("Enter")
    assert chat.focused() == "textarea"


def test_a_slow_answer_is_said_and_shown_when_it_comes(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(seconds=4)]
    chat.say("Hello")
    expect(chat.status).to_contain_text("8400")
    expect(chat.button("Try again")).to_be_visible()
    chat.hears("You said: Hello")
    expect(chat.status).to_have_text("")


def test_an_answer_in_time_is_not_called_slow(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(seconds=1.5)]
    chat.say("Hello")
    chat.page.wait_for_timeout(1200)
    expect(chat.status).to_have_text("")
    chat.hears("You said: Hello")


def test_a_slow_answer_may_be_asked_for_again(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(seconds=30)]
    chat.say("Hello")
    chat.button("Try again").click()
    chat.hears("You said: Hello")
    assert len({message["id"] for message in server.received}) == 1


def test_a_server_that_is_gone_and_comes_back(chat: Chat, server: StandIn) -> None:
    chat.say("before")
    chat.hears("You said: before")
    server.stop()
    chat.say("meanwhile")
    expect(chat.status).to_contain_text("8400")
    server.start()
    chat.hears("You said: before", "You said: meanwhile")


def test_an_answer_that_was_not_kept_is_asked_for_again(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(not_kept=True)]
    chat.say("Hello")
    chat.hears("You said: Hello")


def test_too_many_messages_are_said_and_sent_later(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=429, headers={"Retry-After": "2"})]
    chat.say("Hello")
    expect(chat.status).to_contain_text("in 2 seconds")
    chat.hears("You said: Hello")
    expect(chat.status).to_have_text("")


def test_what_is_too_long_for_the_server_comes_back_to_be_shortened(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=413)]
    chat.say("Hello")
    expect(chat.status).to_contain_text("too long")
    expect(chat.field).to_have_value("Hello")
    expect(chat.see(".message.customer .about")).to_contain_text("was not sent")


def test_what_is_refused_does_not_hold_up_the_next(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=400, seconds=0.5)]
    chat.say("one")
    chat.say("two")  # while the first is under way
    chat.hears("You said: two")


def test_a_choice_that_is_no_longer_good_is_sent_as_its_words(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [reply("Closed.", buttons=("When?",))]
    chat.say("centre")
    chat.hears("Closed.")
    server.faults = [Fault(status=400)]
    chat.button("When?").click()
    chat.hears("Closed.", "You said: When?")
    assert server.received[-1]["text"] == "When?"


def test_a_session_that_is_not_known_is_replaced_and_it_is_said(chat: Chat, server: StandIn) -> None:
    chat.say("before")
    chat.hears("You said: before")
    server.forget_sessions()
    chat.say("after")
    chat.hears("You said: before", "You said: after")
    assert re.search("a new one has begun", chat.texts("notice")[0])


def test_a_choice_of_a_lost_session_is_sent_as_its_words(chat: Chat, server: StandIn) -> None:
    server.replies["centre"] = [reply("Closed.", buttons=("When?",))]
    chat.say("centre")
    chat.hears("Closed.")
    server.forget_sessions()
    chat.button("When?").click()
    chat.hears("Closed.", "You said: When?")


def test_a_session_that_is_not_known_is_said_after_a_reload(chat: Chat, server: StandIn) -> None:
    chat.say("before")
    chat.hears("You said: before")
    server.forget_sessions()
    chat.page.reload()
    expect(chat.see(".message.notice")).to_have_count(1)


def test_no_session_can_be_had_for_a_while(chat: Chat, server: StandIn) -> None:
    server.session_faults = [*DOWN]
    chat.say("Hello")
    expect(chat.status).to_contain_text("8400")
    chat.hears("You said: Hello")


def test_offline_is_said(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    expect(chat.status).to_contain_text("You are offline")


def test_what_is_written_offline_is_sent_on_return(chat: Chat, server: StandIn) -> None:
    chat.page.context.set_offline(True)
    chat.say("one")
    chat.say("two")
    expect(chat.see(".message.customer .about").filter(has_text="not sent yet")).to_have_count(2)
    chat.page.context.set_offline(False)
    chat.hears("You said: one", "You said: two")
    expect(chat.status).to_have_text("")


def test_what_was_not_sent_survives_a_reload(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=503, headers={"Retry-After": "300"})]
    chat.say("Hello")
    expect(chat.status).to_contain_text("8400")
    chat.page.reload()
    chat.hears("You said: Hello")
    assert len({message["id"] for message in server.received}) == 1


def test_a_history_that_cannot_be_read_is_said_and_read_again(chat: Chat, server: StandIn) -> None:
    chat.say("Hello")
    chat.hears("You said: Hello")
    server.history_faults = [Fault(status=503)]
    chat.page.reload()
    expect(chat.status).to_contain_text("8400")
    chat.button("Try again").click()
    chat.hears("You said: Hello")


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_new_conversation_in_the_middle_of_an_answer(chat: Chat, server: StandIn, seconds: float) -> None:
    server.faults = [Fault(seconds=seconds)]
    chat.say("old")
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.say("new")
    chat.hears("You said: new")
    chat.said("new")


def test_a_new_conversation_before_the_old_one_has_a_session(chat: Chat, server: StandIn) -> None:
    server.session_faults = [Fault(seconds=1)]
    chat.say("old")
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.say("new")
    chat.hears("You said: new")
    assert [message["text"] for message in server.received] == ["new"]


def test_a_new_conversation_clears_what_was_wrong(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=503, headers={"Retry-After": "300"})] * 2
    chat.say("Hello")
    chat.button("Options").click()
    chat.button("Start a new conversation").click()
    chat.button("Start a new one").click()
    chat.said()
    chat.page.wait_for_timeout(1500)
    expect(chat.status).to_have_text("")


def test_what_is_wrong_does_not_cover_the_last_message(chat: Chat, server: StandIn) -> None:
    server.replies["long"] = [reply("A line.\n" * 30)]
    chat.say("long")
    expect(chat.see(".message.assistant")).to_have_count(1)
    server.faults = [Fault(status=503, headers={"Retry-After": "300"})]
    chat.say("Hello")
    expect(chat.button("Try again")).to_be_visible()
    expect(chat.see(".message.customer .bubble").last).to_be_in_viewport(ratio=1)


def test_only_the_messages_scroll(chat: Chat, server: StandIn) -> None:
    """Content for screen readers only must not take up space below the input field."""
    server.replies["long"] = [reply("A line.\n" * 30)]
    chat.say("long")
    expect(chat.see(".message.assistant")).to_have_count(1)
    panel = chat.see(".panel")
    assert panel.evaluate("panel => [panel.scrollTop, panel.scrollHeight - panel.clientHeight]") == [0, 0]


def test_a_widget_that_is_taken_off_the_page_sends_nothing_more(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=503)]
    with chat.page.expect_response("**/messages"):
        chat.say("Hello")
    chat.page.evaluate("document.querySelector('elektrum-chat').remove()")
    chat.page.wait_for_timeout(1500)
    assert len(server.received) == 1


def test_a_widget_that_is_moved_goes_on(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=503)]
    chat.say("Hello")
    chat.page.evaluate("document.body.append(document.querySelector('elektrum-chat'))")
    chat.hears("You said: Hello")
