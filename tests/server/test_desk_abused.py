"""What a customer with bad intent sends to the desk: nothing fails, is doubled, or reaches others."""

import base64
import json
import time
import uuid
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import requests
from desk_agent import DeskAgent, asked_for_a_person  # tests/desk_agent.py
from running import Running, events  # tests/running.py

from bot.desk.desk_requests import found, of_conversation
from bot.desk.kinds import About
from bot.desk.ratings import ratings_of
from bot.message_limits import MESSAGE_LIMIT
from bot.words.reference import Reference

pytestmark = pytest.mark.server
AGENTS = count(5_000)
PATHS = ("typing", "back", "share", "call-back", "rating")
TAKES_NO_BODY = {"typing", "back", "share"}


@dataclass
class AtDesk:
    """A customer who has asked for a person."""

    running: Running
    session: str
    agent: DeskAgent
    reference: Reference
    conversation: str

    def post(self, path: str, body: bytes = b"", **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.session}", "Content-Type": "application/json", **headers}
        return requests.post(f"{self.running.url}desk/{path}", data=body, headers=sent, timeout=10)

    def tell(self, path: str, **body: Any) -> requests.Response:
        return self.post(path, json.dumps(body).encode())

    def get(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.session}", **headers}
        return requests.request(method, self.running.url + path, headers=sent, timeout=10)

    def says(self, text: str, message_id: str | None = None) -> requests.Response:
        return self.running.post({"text": text, "id": message_id or str(uuid.uuid4())}, self.session)

    def heard(self) -> list[str | None]:
        return [event.text for event in self.agent.hears(self.conversation)]

    def is_taken(self) -> "AtDesk":
        self.agent.takes(self.reference)
        return self

    def is_closed(self) -> "AtDesk":
        self.is_taken().agent.says(self.reference, "Labdien!")
        self.agent.closes(self.reference)
        return self


def new(assistant: Running) -> AtDesk:
    session = assistant.session()
    reference, conversation = asked_for_a_person(assistant, session)
    return AtDesk(assistant, session, DeskAgent(assistant, next(AGENTS)), reference, conversation)


@pytest.fixture
def customer(assistant: Running) -> AtDesk:
    return new(assistant)


ODD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "an empty object": b"{}",
    "not a number": b'{"about": "person", "value": NaN, "number": Infinity}',
    "no UTF-8": b'{"number": "\xff\xfe"}',
    "half a character": b'{"number": "\\ud800", "consent": true, "about": "\\udfff", "value": 1}',
    "NUL": b'{"number": "26000000\\u0000", "consent": true, "about": "person\\u0000", "value": 5}',
    "deep": b'{"number": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "huge": b'{"number": "' + b"2" * 70_000 + b'"}',
    "a huge number": b'{"about": "person", "value": 1' + b"0" * 5_000 + b"}",
    "HTML": b'{"number": "<img src=x onerror=alert(1)>26000000", "consent": true}',
    "a premium rate": b'{"number": "+371 9000 0000", "consent": true}',
    "SQL": b'{"number": "26000000\'; DROP TABLE handoffs; --", "consent": true}',
    "consent in words": b'{"number": "26000000", "consent": "true"}',
    "a reference of another": b'{"number": "26000000", "consent": true, "reference": "EL-AAAA-AAAA"}',
    "the beginning of time": b'{"number": "26000000", "consent": true,'
    b' "from": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-14:00"}',
    "the past": b'{"number": "26000000", "consent": true,'
    b' "from": "2020-03-20T08:00:00+02:00", "until": "2020-03-20T12:00:00+02:00"}',
    "times that are none": b'{"number": "26000000", "consent": true, "from": {}, "until": []}',
    "half a star": b'{"about": "person", "value": 4.5}',
    "no star": b'{"about": "person", "value": 0}',
    "minus one": b'{"about": "assistant", "value": -1}',
}


def test_nothing_odd_is_taken_and_nothing_fails(assistant: Running) -> None:
    for customer in (new(assistant), new(assistant).is_taken(), new(assistant).is_closed()):
        for path in ("call-back", "rating"):
            statuses = {name: customer.post(path, body).status_code for name, body in ODD_BODIES.items()}
            assert {name: status for name, status in statuses.items() if status not in {400, 413}} == {}
        with customer.agent.session() as session:
            (request,) = of_conversation(session, customer.conversation)
            assert ratings_of(session, request.reference) == {}
        assert not customer.get("desk").json()["call_back"]


def test_what_takes_no_body_is_done_whatever_the_body_is(customer: AtDesk) -> None:
    statuses = {customer.post(path, body).status_code for path in sorted(TAKES_NO_BODY) for body in ODD_BODIES.values()}
    assert statuses <= {200, 204, 413}


ODD_NUMBERS = ["-1", "1e3", "0x10", "９", "1" * 18, "1" * 5_000, "1;2", "NaN", "''"]


def test_an_odd_last_number_is_none_or_one_that_is_never_reached(assistant: Running) -> None:
    customer = new(assistant).is_closed()
    for last in ODD_NUMBERS:
        answer = customer.get("desk/events", **{"Last-Event-ID": last.encode().decode("latin-1")})
        assert (answer.status_code, "event: state" in answer.text) == (200, True), last[:20]


@pytest.mark.parametrize("path", ["desk", "desk/events"])
def test_only_the_head_is_asked_for(customer: AtDesk, path: str) -> None:
    began = time.monotonic()
    answer = customer.get(path, "HEAD")
    assert (answer.status_code, answer.content) in [(200, b""), (405, b"")]
    assert time.monotonic() - began < 5, "The events of an open request have no end."


def forged(session: str) -> dict[str, str]:
    """Sessions that nobody was given."""
    head, content, signature = session.split(".")
    inside = json.loads(base64.urlsafe_b64decode(content + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**inside, "sub": "another"}).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return {
        "another conversation": f"{head}.{other}.{signature}",
        "no signature": f"{unsigned}.{content}.",
        "half a signature": f"{head}.{content}.{signature[:20]}",
        "nothing": "",
        "the conversation itself": str(inside["sub"]),
        "very long": "x" * 7_000,
    }


def test_nobody_reaches_a_conversation_with_a_session_that_is_forged(customer: AtDesk) -> None:
    customer.is_taken()
    for name, session in forged(customer.session).items():
        thief = AtDesk(customer.running, session, customer.agent, customer.reference, customer.conversation)
        statuses = {thief.post(path).status_code for path in PATHS}
        statuses |= {thief.get(path).status_code for path in ("desk", "desk/events", "history")}
        assert statuses == {401}, name
    with customer.agent.session() as session:
        assert found(session, customer.reference).is_live


def test_another_customers_session_shows_and_changes_nothing(assistant: Running, customer: AtDesk) -> None:
    customer.is_taken()
    customer.agent.says(customer.reference, "Jūsu rēķins …")
    other = new(assistant)
    for path, body in (("back", {}), ("share", {}), ("call-back", {"number": "26000000", "consent": True})):
        assert other.tell(path, **body).json()["reference"] == other.reference.number
    assert "Jūsu rēķins" not in other.get("history").text + other.get("desk").text
    with customer.agent.session() as session:
        assert found(session, customer.reference).is_live


def test_a_message_that_is_sent_again_and_again_is_said_once(customer: AtDesk) -> None:
    customer.is_taken()
    message_id = str(uuid.uuid4())
    answers = [events(customer.says(text, message_id)) for text in ("Viens", "Viens", "Pavisam kas cits")]
    assert answers == [answers[0]] * 3
    assert customer.heard() == ["Viens"]


def test_what_a_customer_writes_is_text(customer: AtDesk) -> None:
    customer.is_taken()
    said = [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} %s %(x)s {0.__class__}",
        "/restart",
        "\u202edetsop si siht\u202c \u200b\u2066x",
        "event: said\ndata: {}\n\nid: 999999999",
        "ž" * MESSAGE_LIMIT,
    ]
    for text in said:
        assert customer.says(text).status_code == 200
    assert customer.says("ž" * (MESSAGE_LIMIT + 1)).status_code == 413
    assert customer.says("a\0b").status_code == 200
    assert customer.heard() == [*said, "ab"]
    customer.agent.closes(customer.reference)
    followed = customer.get("desk/events").text
    assert [line for line in followed.splitlines() if line.startswith("id: 9999")] == []


def test_what_is_out_of_turn_has_no_effect(customer: AtDesk) -> None:
    """Rating before the end, twice, or for nobody; going back and typing when nobody is there."""
    rate = {"about": str(About.PERSON), "value": 1}
    assert customer.tell("rating", **rate).json()["state"] == "waiting"
    customer.is_closed()
    for value in (5, 1):
        answer = customer.tell("rating", **{**rate, "value": value})
        assert answer.json()["rate"] == [str(About.ASSISTANT)]
    with customer.agent.session() as session:
        assert ratings_of(session, customer.reference) == {About.PERSON: 5}
    assert customer.tell("back").json()["state"] == "closed"
    assert customer.post("typing").status_code == 204
    assert customer.tell("share").json()["shared"] is False
