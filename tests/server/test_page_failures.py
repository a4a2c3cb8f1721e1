"""The servers and the network fail under a browser: the conversation continues, and nothing is done twice."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from chat import Chat, Visit  # tests/chat.py
from cutting import CuttingProxy  # tests/server/cutting.py
from other_website import OtherWebsite, PageOf  # tests/other_website.py
from playwright.sync_api import expect
from running import Running, start  # tests/running.py

pytestmark = pytest.mark.server
RESTART = 120_000  # milliseconds that a server may take to come back, and the chat to retry
WANTS_A_PERSON = "Gribu runāt ar cilvēku"
CLOSED, HOW_LONG = "Vai muzejs Ķegumā ir slēgts?", "cik ilgi?"
MOST_ASKED = 5  # times; on a machine with much else to do an answer may be the apology that it takes too long


@pytest.fixture(scope="module")
def cut(assistant: Running) -> Iterator[CuttingProxy]:
    with CuttingProxy(int(assistant.environment["BOT_PORT"])) as proxy:
        yield proxy


def gets_answer(chat: Chat, question: str, about: str, *, before: int | None = None) -> list[str]:
    """Ask until the answer is no apology, as a customer does; returns all that was asked.

    Args:
        before: how many answers there were when the question was asked; None: it is still to be asked.
    """
    answers, asked = chat.see(".message.assistant"), list[str]()
    while len(asked) < MOST_ASKED:
        if before is None:
            before = answers.count()
            chat.say(question)
        asked.append(question)
        expect(answers).to_have_count(before + 1, timeout=RESTART)
        if about in answers.last.inner_text():
            return asked
        before = None
    pytest.fail(f"{question!r} was never answered with {about!r}: {chat.texts('assistant')}")


def requests_for_a_person(running: Running) -> int:
    return int(running.rows("SELECT count(*) FROM handoffs")[0][0])


def messages_taken(running: Running) -> int:
    """How many messages the server has taken, whether they are answered or not."""
    return int(running.rows("SELECT count(*) FROM web_turns")[0][0])


@pytest.mark.parametrize("after", ["text/event-stream", "event: reply", "event: done"])
def test_a_stream_that_is_cut_is_taken_up(
    visit: Visit, assistant: Running, cut: CuttingProxy, page_of: PageOf, after: str
) -> None:
    for _ in range(MOST_ASKED):  # until the answer is no apology
        chat = visit(page_of(f"http://127.0.0.1:{cut.port}/chat/")).open()
        before, cuts = requests_for_a_person(assistant), cut.cuts
        cut.cut_after(after)
        chat.say(WANTS_A_PERSON)
        expect(chat.see(".typing")).to_be_visible()
        expect(chat.see(".typing")).to_be_hidden()
        expect(chat.see(".message.assistant")).to_have_count(1)
        assert cut.cuts - cuts == 1
        if "EL-" in chat.texts("assistant")[0]:
            break
    chat.hears_about("EL-")
    assert requests_for_a_person(assistant) == before + 1


@pytest.fixture
def running(tmp_path: Path, other_website: OtherWebsite) -> Iterator[Running]:
    running = start(tmp_path, BOT_AS_OF="2020-03-25", BOT_ORIGINS=other_website.origin)
    yield running
    if running.process.poll() is None:
        running.stop()


def restart(running: Running) -> Running:
    """Restart it on the same port, with its stored data."""
    same = {name: running.environment[name] for name in ("BOT_PORT", "BOT_ACTION_PORT", "BOT_AS_OF", "BOT_ORIGINS")}
    return start(running.output.parent, **same)


def try_at_once(chat: Chat) -> None:
    """The chat retries by itself too, but with a growing back-off."""
    retry = chat.button("Mēģināt vēlreiz")
    if retry.is_visible():
        retry.click()


@dataclass
class Begun:
    """A chat in which something was said."""

    chat: Chat
    said: list[str]


@pytest.fixture
def chats(visit: Visit, running: Running, other_website: OtherWebsite) -> list[Begun]:
    """On the assistant's own page and on another website's, each with a conversation that has begun."""
    both = [visit(page).open() for page in (running.url, other_website.page(running.url))]
    return [Begun(chat, gets_answer(chat, CLOSED, "Enerģētikas muzejs")) for chat in both]


def test_a_killed_server_comes_back_and_the_conversation_goes_on(chats: list[Begun], running: Running) -> None:
    running.kill()
    for each in chats:
        each.chat.say(HOW_LONG)
        expect(each.chat.status).to_contain_text("8400")
    again = restart(running)
    try:
        for each in chats:
            try_at_once(each.chat)
            asked = gets_answer(each.chat, HOW_LONG, "Atvēršanas diena", before=len(each.said))
            expect(each.chat.status).to_have_text("")
            each.chat.page.reload()
            each.chat.said(*each.said, *asked)
    finally:
        again.stop()


def test_a_message_whose_server_was_killed_is_not_answered_twice(chats: list[Begun], running: Running) -> None:
    """Nobody knows how far it got: the customer gets an apology, and may ask again."""
    action_server = running.child("bot.server.action_server")
    action_server.send_signal(signal.SIGSTOP)  # so that the turn takes long enough to be killed in the middle
    before = messages_taken(running)
    for each in chats:
        each.chat.say(WANTS_A_PERSON)
    deadline = time.monotonic() + RESTART / 1000
    while messages_taken(running) < before + len(chats):
        assert time.monotonic() < deadline, "The messages never came."
        time.sleep(0.02)
    running.kill()
    again = restart(running)
    try:
        for each in chats:
            try_at_once(each.chat)
            expect(each.chat.see(".message.assistant").last).to_contain_text("8400", timeout=RESTART)
            each.chat.said(*each.said, WANTS_A_PERSON)
        assert requests_for_a_person(running) == 0
        for each in chats:
            gets_answer(each.chat, WANTS_A_PERSON, "EL-")
    finally:
        again.stop()
