"""Talking with a person through the running assistant; the agent acts through the desk's own functions."""

import json
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from chat import Visit  # tests/chat.py
from desk_scene import Place, play  # tests/desk_scene.py
from graph.connected import MessengerPage, page_of_the_tests, refused, settings_of  # tests/graph
from playwright.sync_api import Browser, expect
from running import Running, events, start  # tests/running.py
from sqlalchemy.exc import OperationalError

from bot.desk.claiming import claim, close, give_back, renew
from bot.desk.desk_events import DeskEvent, agent_said, events_after
from bot.desk.desk_requests import by_reference, found
from bot.desk.kinds import DeskEventKind, RequestOutcome
from bot.desk.presence import seen
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = pytest.mark.server
PERSON = "Gribu runāt ar cilvēku"
MODULE = "bot.server.rasa_server"


@dataclass
class Agent:
    """A person at the desk of a running assistant, with a heartbeat."""

    running: Running
    id: int
    name: str = "Ilze"
    gone: threading.Event = field(default_factory=threading.Event)

    def session(self) -> Any:
        return session_scope(self.running.environment["DATABASE_URL"])

    def is_there(self) -> None:
        with self.session() as session:
            seen(session, self.id, self.name, ("lv", "en"))
            renew(session, self.id)

    def takes(self, reference: Reference) -> None:
        with self.session() as session:
            claim(session, reference, self.id, self.name)

    def says(self, reference: Reference, text: str) -> int:
        with self.session() as session:
            return agent_said(session, reference, self.id, text, str(uuid.uuid4()))

    def hears(self, conversation: str) -> list[DeskEvent]:
        with self.session() as session:
            return events_after(session, 0, conversation_id=conversation, kinds={DeskEventKind.CUSTOMER_SAID})


@dataclass
class Stream:
    """The desk's events as a client reads them; `cut` ends the connection."""

    answer: requests.Response
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def read(self) -> None:
        event = ""
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                name, _, value = line.partition(": ")
                if name == "id":
                    self.numbers.append(int(value))
                event = value if name == "event" else event
                if name == "data":
                    self.heard.append((event, json.loads(value)))
        except (requests.RequestException, AttributeError, ValueError):
            pass  # cut

    def cut(self) -> None:
        self.answer.close()

    @property
    def said(self) -> list[str]:
        return [data["text"] or data["event"] for name, data in self.heard if name == "said"]

    def until(self, *said: str) -> None:
        wait_for(lambda: self.said == [*said], lambda: str(self.heard))

    def until_state(self, state: str) -> dict[str, Any]:
        states = lambda: [data for name, data in self.heard if name == "state"]  # noqa: E731
        wait_for(lambda: states()[-1:] and states()[-1]["state"] == state, lambda: str(self.heard))
        return states()[-1]


def wait_for(ready: Any, told: Any) -> None:
    deadline = time.monotonic() + 90
    while not ready():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)


def bearer(session: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}", **more}


def follow(running: Running, session: str, last: int | None = None) -> Stream:
    headers = bearer(session, **({"Last-Event-ID": str(last)} if last is not None else {}))
    answer = requests.get(running.url + "desk/events", headers=headers, stream=True, timeout=30)
    assert answer.status_code == 200
    answer.encoding = "utf-8"
    stream = Stream(answer)
    threading.Thread(target=stream.read, daemon=True).start()
    return stream


def tell(running: Running, session: str, path: str, body: Any = None) -> requests.Response:
    return requests.post(running.url + f"desk/{path}", headers=bearer(session), json=body, timeout=10)


def send(running: Running, session: str, text: str, message_id: str | None = None) -> list[tuple[str, Any]]:
    answer = running.post({"text": text, **({"id": message_id} if message_id else {})}, session)
    assert answer.status_code == 200, answer.text
    return events(answer)


def asked(running: Running, session: str) -> tuple[Reference, str]:
    """The reference of a person's request, and its conversation."""
    reference = send(running, session, PERSON)[0][1]["request"]["reference"]
    with session_scope(running.environment["DATABASE_URL"]) as database:
        request = by_reference(database, reference)
        assert request is not None
        return request.reference, request.conversation_id


def told(running: Running, session: str) -> list[str]:
    """The history: what was said, and what happened."""
    answer = requests.get(running.url + "history", headers=bearer(session), timeout=10)
    return [each["text"] or each["event"] for each in answer.json()["messages"]]


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessengerPage]:
    """A page whose threads are passed to no other app: people answer at our desk."""
    with page_of_the_tests() as graph:
        settings = settings_of(graph)
        page = MessengerPage(start(tmp_path_factory.mktemp("desk"), BOT_CONSOLE="yes", **settings), graph)
        page.echo_all()
        yield page
        page.running.stop()


@pytest.fixture(scope="module")
def own(thread: MessengerPage) -> Running:
    """An assistant of this file's own, since one of its servers is killed."""
    return thread.running


@pytest.fixture
def agent(own: Running) -> Iterator[Agent]:
    agent = Agent(own, int(time.monotonic_ns() % 1_000_000) + 1)

    def beat() -> None:
        while not agent.gone.wait(3):
            with suppress(OperationalError):  # SQLite was busy; the next beat comes soon
                agent.is_there()

    agent.is_there()
    threading.Thread(target=beat, daemon=True).start()
    yield agent
    agent.gone.set()


def test_they_talk_in_order_and_the_assistant_is_silent(own: Running, agent: Agent) -> None:
    session = own.session()
    reference, conversation = asked(own, session)
    stream = follow(own, session)
    assert stream.until_state("waiting")["before"] == 0
    agent.takes(reference)
    agent.says(reference, "Labdien!")
    first, again = str(uuid.uuid4()), "Vai mani atslēgs?"
    given = [send(own, session, again, first), send(own, session, again, first)]
    agent.says(reference, "Nē.")
    stream.until("taken", "Labdien!", "Vai mani atslēgs?", "Nē.")
    assert [[name for name, _ in one] for one in given] == [["done"], ["done"]]
    assert given[0] == given[1]
    assert [event.text for event in agent.hears(conversation)] == [again]
    assert tell(own, session, "typing").status_code == 204
    assert tell(own, session, "back").json()["state"] == "closed"
    stream.until("taken", "Labdien!", "Vai mani atslēgs?", "Nē.", "returned")
    assert [name for name, _ in send(own, session, "Paldies")] == ["reply", "done"]
    assert told(own, session)[2:-2] == ["taken", "Labdien!", "Vai mani atslēgs?", "Nē.", "returned"]


def test_what_was_missed_comes_after_the_last_number(own: Running, agent: Agent) -> None:
    session = own.session()
    reference, _ = asked(own, session)
    agent.takes(reference)
    stream = follow(own, session)
    agent.says(reference, "Viens")
    stream.until("taken", "Viens")
    stream.cut()
    agent.says(reference, "Divi")
    with agent.session() as database:
        close(database, reference, agent.id, RequestOutcome.ANSWERED)
    later = follow(own, session, stream.numbers[-1])
    later.until("Divi", "closed")
    assert later.until_state("closed")["rate"] == ["person", "assistant"]
    assert tell(own, session, "rating", {"about": "person", "value": 5}).json()["rate"] == ["assistant"]


def test_a_server_that_is_killed_loses_and_doubles_nothing(own: Running, agent: Agent) -> None:
    session = own.session()
    reference, conversation = asked(own, session)
    agent.takes(reference)
    stream = follow(own, session)
    stream.until("taken")
    send(own, session, "Pirms")
    stream.until("taken", "Pirms")
    os.kill(own.child(MODULE).pid, signal.SIGKILL)
    agent.says(reference, "Vai Jūs tur esat?")
    message_id = str(uuid.uuid4())

    def gets_through() -> bool:
        try:
            return bool(send(own, session, "Pēc", message_id))
        except (requests.RequestException, AssertionError):
            return False

    deadline = time.monotonic() + 90
    while not gets_through():
        assert time.monotonic() < deadline
        agent.is_there()
        time.sleep(0.5)
    follow(own, session, stream.numbers[-1]).until("Vai Jūs tur esat?", "Pēc")
    assert [event.text for event in agent.hears(conversation)] == ["Pirms", "Pēc"]
    assert told(own, session)[2:] == ["taken", "Pirms", "Vai Jūs tur esat?", "Pēc"]


@contextmanager
def held_up(own: Running, agent: Agent, reference: Reference) -> Iterator[None]:
    """The agent takes the request while a message is being answered."""
    timer = threading.Timer(0.01, agent.takes, [reference])
    timer.start()
    yield
    timer.join()


def test_a_turn_in_flight_at_the_claim_is_answered_by_one_of_them(own: Running, agent: Agent) -> None:
    """Whoever was first: the assistant's reply came before the claim, or the person has the message."""
    for _ in range(5):
        session = own.session()
        reference, conversation = asked(own, session)
        with held_up(own, agent, reference):
            replied = send(own, session, "Vai mani atslēgs?")[0][0] == "reply"
        assert [event.text for event in agent.hears(conversation)] == ([] if replied else ["Vai mani atslēgs?"])
        order = told(own, session)[2:]
        assert order.index("taken") == (len(order) - 1 if replied else 0), order


def test_the_number_tells_its_state(own: Running, agent: Agent) -> None:
    session = own.session()
    reference, _ = asked(own, session)
    assert reference.number in send(own, session, "Kad kāds man atzvanīs?")[0][1]["text"]
    agent.takes(reference)
    another = own.session()
    assert "šobrīd strādā" in send(own, another, f"Kas notiek ar lūgumu {reference}?")[0][1]["text"]
    with agent.session() as database:
        give_back(database, reference, agent.id)
    assert "ir pabeigts" in send(own, another, f"Kas notiek ar lūgumu {reference}?")[0][1]["text"]
    assert "neatrodu" in send(own, another, "Kas notiek ar lūgumu EL-AAAA-AAAA?")[0][1]["text"]


def test_a_number_that_is_written_is_a_call_back(own: Running) -> None:
    session = own.session()
    reference, _ = asked(own, session)
    assert "Zvans ir pierakstīts" in send(own, session, "Zvaniet man uz 26 000 000")[0][1]["text"]
    state = requests.get(own.url + "desk", headers=bearer(session), timeout=10).json()
    assert (state["reference"], state["call_back"]) == (reference.number, True)


def test_a_form_asks_for_a_call_and_sharing_is_allowed(own: Running) -> None:
    session = own.session()
    assert tell(own, session, "share").status_code == 404
    reference, _ = asked(own, session)
    assert tell(own, session, "call-back", {"number": "26", "consent": True}).status_code == 400
    assert tell(own, session, "call-back", {"number": "26000000", "consent": True}).json()["call_back"]
    assert tell(own, session, "share", {}).json()["shared"]
    with session_scope(own.environment["DATABASE_URL"]) as database:
        assert found(database, reference).state == "waiting"


def test_nobody_without_a_session_gets_anything(own: Running) -> None:
    statuses = {tell(own, "x", path).status_code for path in ("typing", "back", "share", "call-back", "rating")}
    statuses |= {requests.get(own.url + path, timeout=10).status_code for path in ("desk", "desk/events")}
    assert statuses == {401}


def test_in_messenger_a_person_answers_in_the_same_thread(thread: MessengerPage, agent: Agent, person: str) -> None:
    thread.say(person, PERSON)
    with agent.session() as database:
        request = by_reference(database, thread.hears(person)[-1])
    assert request is not None
    agent.takes(request.reference)
    assert "Tagad Jums atbild Ilze" in thread.hears(person, 2)[-1]
    thread.say(person, "Vai mani atslēgs?")
    wait_for(lambda: agent.hears(request.conversation_id), lambda: "The person hears nothing.")
    agent.says(request.reference, "Nē.")
    assert thread.hears(person, 3)[-1] == "Nē."
    thread.say(person, "Uz asistentu")
    assert "Atkal atbild asistents" in thread.hears(person, 4)[-1]
    assert refused(thread.graph) == []


def test_a_visitor_and_a_person_talk_in_the_browser(own: Running, agent: Agent, visit: Visit) -> None:
    chat = visit(f"{own.url}?lang=lv").open()
    chat.say(PERSON)
    expect(chat.see(".desk > [role=status]")).to_contain_text("Jūsu lūguma numurs ir EL-")
    shown = chat.see(".desk > [role=status]").inner_text()
    with agent.session() as database:
        request = by_reference(database, shown)
    assert request is not None
    agent.takes(request.reference)
    expect(chat.see(".desk > [role=status]")).to_have_text("Jums atbild Ilze")
    chat.say("Vai mani atslēgs?")
    wait_for(lambda: agent.hears(request.conversation_id), lambda: "The person hears nothing.")
    agent.says(request.reference, "Nē, mierīgi!")
    expect(chat.see(".message.person")).to_contain_text("Nē, mierīgi!")
    chat.button("Atpakaļ pie asistenta").click()
    expect(chat.see(".message.notice").last).to_contain_text("atkal atbild asistents")
    chat.say("Vai mani atslēgs?")
    expect(chat.see(".message.assistant")).to_have_count(2)


def test_a_customer_and_two_agents_talk_in_their_browsers(
    own: Running, browser: Browser, complaints: list[str]
) -> None:
    """The same on PostgreSQL with two Rasa servers: tests/topology/test_topology_desk.py."""
    play(browser, Place(own.url, own.bot), complaints)
