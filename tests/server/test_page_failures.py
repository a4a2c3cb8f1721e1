"""The servers and the network fail under a browser: the conversation continues, and nothing is done twice."""

import signal
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def cut(assistant: Running) -> Iterator[CuttingProxy]:
    with CuttingProxy(int(assistant.environment["BOT_PORT"])) as proxy:
        yield proxy


def requests_for_a_person(running: Running) -> int:
    return int(running.rows("SELECT count(*) FROM handoffs")[0][0])


@pytest.mark.parametrize("after", ["text/event-stream", "event: reply", "event: done"])
def test_a_stream_that_is_cut_is_taken_up(
    visit: Visit, assistant: Running, cut: CuttingProxy, page_of: PageOf, after: str
) -> None:
    chat = visit(page_of(f"http://127.0.0.1:{cut.port}/chat/")).open()
    before, cuts = requests_for_a_person(assistant), cut.cuts
    cut.cut_after(after)
    chat.say(WANTS_A_PERSON)
    expect(chat.see(".typing")).to_be_visible()
    expect(chat.see(".typing")).to_be_hidden()
    chat.hears_about("EL-")
    assert (chat.see(".message.assistant").count(), cut.cuts - cuts) == (1, 1)
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


@pytest.fixture
def chats(visit: Visit, running: Running, other_website: OtherWebsite) -> list[Chat]:
    """On the assistant's own page and on another website's, each with a conversation that has begun."""
    both = [visit(page).open() for page in (running.url, other_website.page(running.url))]
    for chat in both:
        chat.say("Vai muzejs Ķegumā ir slēgts?")
        chat.hears_about("Enerģētikas muzejs")
    return both


def test_a_killed_server_comes_back_and_the_conversation_goes_on(chats: list[Chat], running: Running) -> None:
    running.kill()
    for chat in chats:
        chat.say("cik ilgi?")
        expect(chat.status).to_contain_text("8400")
    again = restart(running)
    try:
        for chat in chats:
            try_at_once(chat)
            expect(chat.see(".message.assistant").last).to_contain_text("Atvēršanas diena", timeout=RESTART)
            expect(chat.status).to_have_text("")
            chat.page.reload()
            chat.said("Vai muzejs Ķegumā ir slēgts?", "cik ilgi?")
    finally:
        again.stop()


def test_a_message_whose_server_was_killed_is_not_answered_twice(chats: list[Chat], running: Running) -> None:
    """Nobody knows how far it got: the customer gets an apology, and may ask again."""
    action_server = running.child("bot.server.action_server")
    action_server.send_signal(signal.SIGSTOP)  # so that the turn takes long enough to be killed in the middle
    for chat in chats:
        chat.say(WANTS_A_PERSON)
    chats[0].page.wait_for_timeout(1000)
    running.kill()
    again = restart(running)
    try:
        for chat in chats:
            try_at_once(chat)
            expect(chat.see(".message.assistant").last).to_contain_text("8400", timeout=RESTART)
            chat.said("Vai muzejs Ķegumā ir slēgts?", WANTS_A_PERSON)
        assert requests_for_a_person(running) == 0
        for chat in chats:
            chat.say(WANTS_A_PERSON)
            chat.hears_about("EL-")
    finally:
        again.stop()
