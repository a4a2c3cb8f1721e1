"""A person takes over: who is there, what they say, back to the assistant, a call back, a rating, bad connections."""

from collections.abc import Iterator

import pytest
from accessibility import violations  # tests/accessibility.py
from chat import Chat, Visit
from desk_standin import OPEN, REFERENCE
from playwright.sync_api import Locator, Page, expect
from standin import StandIn, reply

ASK, RECORDED = "A person, please", f"Your request is recorded; its number is {REFERENCE}."
TIMES = [{"from": "2026-12-07T08:00:00+02:00", "until": "2026-12-07T12:00:00+02:00"}]
CLOSED = {
    "availability": {"state": "weekend", "opens_at": "2026-12-07T08:00:00+02:00", "wait_minutes": None},
    "times": TIMES,
}


@pytest.fixture
def server() -> Iterator[StandIn]:
    """The pages are another website's: that is the harder case, and the others are tested in both."""
    standin = StandIn("localhost")
    yield standin
    standin.stop()
    assert standin.complaints == []


@pytest.fixture(autouse=True)
def _answers(server: StandIn) -> None:
    server.replies = {ASK: [reply(RECORDED, request="person")], "complain": [reply("Recorded.", request="complaint")]}


def desk(chat: Chat) -> Locator:
    return chat.see(".desk")


def status(chat: Chat) -> Locator:
    return chat.see(".desk > [role=status]")


def person_says(chat: Chat, *texts: str) -> None:
    expect(chat.see(".message.person .bubble > p:not(.about)")).to_have_text(list(texts))


def notices(chat: Chat, *texts: str) -> None:
    expect(chat.see(".message.notice p")).to_have_text(list(texts))


@pytest.fixture
def waiting(chat: Chat) -> Chat:
    """A customer who has asked for a person."""
    chat.say(ASK)
    expect(status(chat)).to_contain_text("Nobody is waiting before you.")
    return chat


@pytest.fixture
def held(waiting: Chat, server: StandIn) -> Chat:
    """A customer with whom a person talks."""
    server.desk.take_over()
    expect(status(waiting)).to_have_text("Ilze is answering you")
    return waiting


def gets(chat: Chat, server: StandIn, text: str) -> None:
    """Wait until the person has a message."""
    while text not in [said["text"] for said in server.desk.said]:
        chat.page.wait_for_timeout(20)


def requests_for(page: Page, name: str) -> list[str]:
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if name in request.url else None)
    return found


def test_the_desks_part_is_loaded_when_a_person_is_asked_for(visit: Visit) -> None:
    chat = visit(language="en")
    loaded = requests_for(chat.page, "widget/desk")
    chat.open().say("Hello")
    chat.hears("You said: Hello")
    assert loaded == []
    chat.say(ASK)
    expect(desk(chat)).to_be_visible()
    assert loaded


def test_the_queue_is_shown(waiting: Chat, server: StandIn) -> None:
    expect(status(waiting)).to_contain_text(f"{REFERENCE}. Nobody is waiting before you. Waiting time lately: 2–5 min.")
    server.desk.state["before"] = 1
    expect(status(waiting)).to_contain_text("1 person is waiting before you.")
    server.desk.state["before"] = 2
    expect(status(waiting)).to_contain_text("2 people are waiting before you.")


def test_they_talk(held: Chat, server: StandIn) -> None:
    server.desk.say("Good morning!")
    person_says(held, "Good morning!")
    held.say("Can I pay next week?")
    held.said(ASK, "Can I pay next week?")
    gets(held, server, "Can I pay next week?")
    server.desk.say("You can.")
    person_says(held, "Good morning!", "You can.")
    held.hears(RECORDED)
    notices(held, "Ilze is answering you now.")
    assert [each["text"] for each in server.desk.said if each["from"] == "customer"] == ["Can I pay next week?"]


def test_what_a_person_writes_stays_text(held: Chat, server: StandIn) -> None:
    server.desk.say("<img src=x onerror=window.hacked=1>")
    person_says(held, "<img src=x onerror=window.hacked=1>")
    assert held.page.evaluate("window.hacked") is None


def test_typing_is_shown_both_ways(held: Chat, server: StandIn) -> None:
    server.desk.typed += 1
    expect(desk(held)).to_contain_text("Ilze is typing")
    server.desk.say("Hello")
    expect(desk(held)).not_to_contain_text("Ilze is typing")
    held.field.press_sequentially("Hello")
    expect(held.field).to_have_value("Hello")
    held.page.wait_for_timeout(100)
    assert [what for what, _ in server.desk.heard] == ["typing"]


@pytest.mark.parametrize("how", ["reloaded", "in another tab"])
def test_the_conversation_goes_on(held: Chat, server: StandIn, visit: Visit, how: str) -> None:
    held.say("One")
    gets(held, server, "One")
    server.desk.say("Two")
    person_says(held, "Two")
    if how == "reloaded":
        held.page.reload()
        other = held
    else:
        other = visit(language="en")
        other.open()
    expect(status(other)).to_have_text("Ilze is answering you")
    other.say("Three")
    other.said(ASK, "One", "Three")
    gets(other, server, "Three")
    server.desk.say("Four")
    for chat in (held, other):
        person_says(chat, "Two", "Four")
        chat.said(ASK, "One", "Three")
        expect(chat.see(".message").last).to_contain_text("Four")


def test_what_was_missed_comes_by_its_number(held: Chat, server: StandIn) -> None:
    server.desk.say("Before")
    person_says(held, "Before")
    server.stop()
    server.desk.say("Meanwhile")
    server.start()
    person_says(held, "Before", "Meanwhile")
    assert server.followers[-1] == "2"


def test_what_was_missed_comes_though_later_messages_were_acknowledged(held: Chat, server: StandIn) -> None:
    held.page.route("**/desk/events", lambda route: route.abort())
    server.desk.cut()
    server.desk.say("Missed")
    held.say("Mine")
    gets(held, server, "Mine")
    held.page.unroute("**/desk/events")
    person_says(held, "Missed")
    expect(held.see(".message").last).to_contain_text("Mine")


def test_offline_and_back(held: Chat, server: StandIn) -> None:
    held.page.context.set_offline(True)
    server.desk.cut()
    held.say("Written offline")
    expect(held.see(".message.customer").last).to_contain_text("not sent yet")
    server.desk.say("Are you there?")
    held.page.context.set_offline(False)
    person_says(held, "Are you there?")
    expect(held.see(".message").last).to_contain_text("Written offline")
    expect(held.see(".message.customer").last).not_to_contain_text("not sent yet")
    assert [each["text"] for each in server.desk.said if each["from"] == "customer"] == ["Written offline"]


def test_the_order_is_the_desks_though_an_acknowledgement_is_late(held: Chat, server: StandIn) -> None:
    late = []
    held.page.route("**/messages", lambda route: late.append((route, route.fetch())))
    held.say("One")
    gets(held, server, "One")
    server.desk.say("Two")
    person_says(held, "Two")
    expect(held.see(".message").last).to_contain_text("Two")
    for route, answer in late:
        route.fulfill(response=answer)
    expect(held.see(".message").last).to_contain_text("Two")


def test_back_to_the_assistant(held: Chat, server: StandIn) -> None:
    held.button("Back to the assistant").click()
    notices(held, "Ilze is answering you now.", "The assistant is answering again.")
    held.say("Hello")
    held.hears(RECORDED, "You said: Hello")


def test_a_person_who_is_lost_is_replaced(held: Chat, server: StandIn) -> None:
    server.desk.lose()
    expect(held.see(".message.notice").last).to_contain_text("The connection to our colleague was lost.")
    server.desk.take_over("Jānis")
    expect(status(held)).to_have_text("Jānis is answering you")


def test_a_claim_that_came_with_a_message_is_noticed_by_it(waiting: Chat, server: StandIn) -> None:
    """The stream is down; the acknowledgement tells that a person has the message."""
    waiting.page.route("**/desk/events", lambda route: route.abort())
    server.desk.cut()
    server.desk.take_over()
    waiting.say("Hello?")
    waiting.page.wait_for_timeout(300)
    waiting.page.unroute("**/desk/events")
    expect(status(waiting)).to_have_text("Ilze is answering you")
    waiting.hears(RECORDED)


def test_the_person_may_read_what_was_written_if_the_customer_says_so(waiting: Chat, server: StandIn) -> None:
    waiting.button("Yes").click()
    expect(status(waiting)).to_contain_text("may read what you wrote before")
    assert server.desk.heard == [("share", {})]
    expect(waiting.see("[data-label=shareQuestion]")).to_be_hidden()


def test_who_says_no_is_not_asked_again(waiting: Chat, server: StandIn) -> None:
    waiting.button("No").click()
    waiting.page.reload()
    expect(desk(waiting)).to_be_visible()
    expect(waiting.see("[data-label=shareQuestion]")).to_be_hidden()
    assert server.desk.heard == []


def test_the_rating_is_asked_once(held: Chat, server: StandIn) -> None:
    server.desk.end(rate=("person", "assistant"))
    held.button("4 of 5").click()
    expect(held.see(".question:visible")).to_contain_text("Did the assistant help you?")
    held.button("No answer").click()
    expect(status(held)).to_have_text("Thank you for your answer!")
    assert [body for what, body in server.desk.heard if what == "rating"] == [
        {"about": "person", "value": 4},
        {"about": "assistant", "value": None},
    ]
    held.page.reload()
    expect(held.see(".message.notice")).to_have_count(2)
    expect(desk(held)).to_be_hidden()


def test_nobody_is_asked_to_rate_what_ended_by_itself(held: Chat, server: StandIn) -> None:
    server.desk.end()
    expect(held.see(".message.notice")).to_have_count(2)
    expect(desk(held)).to_be_hidden()


@pytest.fixture
def closed(chat: Chat, server: StandIn) -> Chat:
    """At the weekend, a customer has asked for a person."""
    chat.say("Hello")
    chat.hears("You said: Hello")
    server.desk.state |= CLOSED
    chat.say(ASK)
    expect(status(chat)).to_contain_text("Our colleagues do not answer here at the weekend.")
    return chat


def test_a_call_back_is_asked_for_by_keyboard(closed: Chat, server: StandIn) -> None:
    expect(status(closed)).to_contain_text("Next working hours: Monday")
    closed.button("Please call me back").focus()
    for key in ("Enter", *"26000000", "Tab", "ArrowDown", "Tab", "Space", "Tab", "Enter"):
        closed.page.keyboard.press(key)
    expect(status(closed)).to_contain_text("We will call you back.")
    assert server.desk.heard == [("call-back", {"number": "26000000", "consent": True, **TIMES[0]})]
    assert closed.focused() == "textarea"


@pytest.mark.parametrize(
    ("number", "agrees", "said"),
    [("26", True, "Please check the phone number."), ("26000000", False, "To call you back, we need your agreement.")],
)
def test_what_is_missing_is_said(closed: Chat, server: StandIn, number: str, agrees: bool, said: str) -> None:
    closed.button("Please call me back").click()
    closed.see("#call-number").fill(number)
    closed.see("#call-consent").set_checked(agrees)
    closed.button("Ask for the call").click()
    expect(closed.see("#call-trouble")).to_have_text(said)
    assert server.desk.heard == []


def test_a_complaint_asks_for_a_way_to_answer_it(chat: Chat, server: StandIn) -> None:
    chat.say("complain")
    expect(chat.button("Please call me back")).to_be_visible()
    expect(chat.see("[data-label=shareQuestion]")).to_be_hidden()


def test_the_conversation_that_is_left_leaves_nothing(held: Chat) -> None:
    held.button("Options").click()
    held.button("Start a new conversation").click()
    held.button("Start a new one").click()
    expect(desk(held)).to_be_hidden()
    expect(held.see(".message.person")).to_have_count(0)


def test_it_speaks_latvian(visit: Visit, server: StandIn) -> None:
    chat = visit(language="lv").open()
    server.replies[ASK] = [reply(RECORDED, language="lv", request="person")]
    chat.say(ASK)
    expect(status(chat)).to_contain_text("Pirms Jums neviens negaida.")
    server.desk.take_over()
    expect(status(chat)).to_have_text("Jums atbild Ilze")
    notices(chat, "Tagad Jums atbild Ilze.")


def form(chat: Chat, server: StandIn) -> None:
    server.desk.state |= CLOSED
    chat.button("Please call me back").click()
    chat.button("Ask for the call").click()


def talk(chat: Chat, server: StandIn) -> None:
    server.desk.take_over()
    server.desk.say("Good morning!")
    server.desk.typed += 1
    person_says(chat, "Good morning!")


def rate(chat: Chat, server: StandIn) -> None:
    talk(chat, server)
    server.desk.end(rate=("person",))
    expect(chat.button("4 of 5")).to_be_visible()


@pytest.mark.parametrize(
    "size", [{"width": 1024, "height": 768}, {"width": 360, "height": 640}, {"width": 320, "height": 256}]
)
@pytest.mark.parametrize("state", [form, talk, rate], ids=["a call back", "talking", "rating"])
def test_axe_has_nothing_to_object_to_a_person(waiting: Chat, server: StandIn, state: object, size: object) -> None:
    waiting.page.set_viewport_size(size)  # type: ignore[arg-type]
    state(waiting, server)  # type: ignore[operator]
    assert violations(waiting.page) == []
    assert waiting.sideways() == []
    for each in waiting.see(".desk :is(button, input, select):visible").all():
        each.scroll_into_view_if_needed()
        expect(each).to_be_in_viewport()


def test_the_open_state_is_the_one_of_the_description(server: StandIn) -> None:
    assert OPEN["state"] == "open"
