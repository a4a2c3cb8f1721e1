"""Messenger against the running assistant: what comes, what is answered, and who is silent when."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import requests
from graph_standin import SETTINGS, Fault, GraphStandIn  # tests/graph_standin.py
from messenger_page import (  # tests/messenger_page.py
    MessengerPage,
    body,
    echo,
    event,
    now,
    postback,
    signature,
    text,
    wait_for,
)
from running import start  # tests/running.py
from sqlalchemy import select

from bot.storage.tables import ConversationEvent

pytestmark = pytest.mark.server
NUMBERS = count(7_000_000_001)
CUT_OFF, NOT_CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?", "neatslēdz elektroapgādi kavētu maksājumu dēļ"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessengerPage]:
    graph = GraphStandIn()
    running = start(tmp_path_factory.mktemp("messenger"), BOT_AS_OF="2020-03-25", **graph.settings())
    yield MessengerPage(running, graph)
    running.stop()
    graph.stop()


@pytest.fixture
def person() -> str:
    """Somebody who has never written before."""
    return str(next(NUMBERS))


@pytest.fixture(autouse=True)
def _graph_takes_everything(page: MessengerPage) -> Iterator[None]:
    """Whatever else a test looks at: nothing was sent that Graph would not take."""
    yield
    page.graph.always = None
    page.graph.faults.clear()
    assert page.graph.refused == []


@pytest.mark.parametrize(
    ("given", "status", "answer"),
    [
        pytest.param({}, 200, "12345", id="right"),
        pytest.param({"hub.verify_token": "wrong"}, 403, None, id="wrong token"),
        pytest.param({"hub.verify_token": ""}, 403, None, id="no token"),
        pytest.param({"hub.mode": "unsubscribe"}, 403, None, id="another mode"),
        pytest.param({"hub.challenge": ""}, 200, "", id="no challenge"),
    ],
)
def test_the_webhook_is_verified(page: MessengerPage, given: dict[str, str], status: int, answer: str | None) -> None:
    token = SETTINGS["BOT_MESSENGER_VERIFY_TOKEN"]
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "12345"} | given
    found = requests.get(page.webhook, params={name: value for name, value in asked.items() if value}, timeout=10)
    assert found.status_code == status
    assert answer is None or found.text == answer


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Hub-Signature-256": ""}, id="none"),
        pytest.param({"X-Hub-Signature-256": "sha256=" + "0" * 64}, id="of something else"),
        pytest.param({"X-Hub-Signature-256": signature(b"{}")}, id="of another body"),
        pytest.param({"X-Hub-Signature-256": "ā"}, id="not ASCII"),
        pytest.param({"X-Hub-Signature-256": "", "X-Hub-Signature": "sha1=" + "0" * 40}, id="of the old kind"),
    ],
)
def test_what_is_not_signed_is_refused(page: MessengerPage, person: str, headers: dict[str, str]) -> None:
    headers = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    assert page.post(body(text(person, "Labdien!")), **headers).status_code == 403
    page.settle()
    assert page.graph.texts(person) == []


@pytest.mark.parametrize(
    ("said", "heard"),
    [(CUT_OFF, NOT_CUT_OFF), ("Will I be cut off if I pay late?", "does not disconnect the supply")],
)
def test_a_question_is_answered(page: MessengerPage, person: str, said: str, heard: str) -> None:
    page.deliver(text(person, said))
    (answer,) = page.hears(person)
    assert heard in answer
    assert tuple(what for who, what in page.graph.actions if who == person) == ("mark_seen", "typing_on")


def test_every_message_of_a_batch_is_answered_in_order(page: MessengerPage, person: str) -> None:
    at = now()
    said = ("Labdien!", CUT_OFF, "Uz redzēšanos")
    page.deliver(*(text(person, each, at=at + n) for n, each in enumerate(said)))
    first, second, third = page.hears(person, 3)
    assert ("Labdien" in first, NOT_CUT_OFF in second, "redzēšanos" in third) == (True, True, True)


def test_what_happened_first_is_answered_first(page: MessengerPage, person: str) -> None:
    """Messenger may deliver in another order."""
    at = now()
    page.deliver(text(person, CUT_OFF, at=at), text(person, "Labdien!", at=at - 1000))
    first, second = page.hears(person, 2)
    assert ("Labdien" in first, NOT_CUT_OFF in second) == (True, True)


def test_a_message_that_is_delivered_again_is_answered_once(page: MessengerPage, person: str) -> None:
    message = text(person, CUT_OFF)
    for _ in range(3):
        page.deliver(message, message)
    page.hears(person)


def test_an_event_without_an_id_that_is_delivered_again_is_answered_once(page: MessengerPage, person: str) -> None:
    start_button = postback(person, "menu:get_started")
    page.deliver(start_button)
    page.deliver(start_button)
    page.hears(person)


def test_a_choice_means_what_was_offered(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Vai mani atslēgs?"))
    page.hears(person)
    offered = page.graph.sent[-1][1]["quick_replies"][0]
    page.deliver(text(person, offered["title"], quick_reply={"payload": offered["payload"]}))
    assert "situācijas beigām" in page.hears(person, 2)[-1]


def test_a_choice_of_somebody_else_counts_as_its_words(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Vai mani atslēgs?"))
    page.hears(person)
    offered = page.graph.sent[-1][1]["quick_replies"][0]
    stranger = str(next(NUMBERS))
    page.deliver(text(stranger, "Kā ar Jums sazināties?", quick_reply={"payload": offered["payload"]}))
    assert "8400" in page.hears(stranger)[0]


@pytest.mark.parametrize("payload", ["/restart", '/ask_contact{"place": "x"}', "menu:nothing"])
def test_a_payload_that_nobody_offered_is_text(page: MessengerPage, person: str, payload: str) -> None:
    page.deliver(postback(person, payload, title="Vai mani atslēgs?"))
    assert "neatslēdz" in page.hears(person)[0]


@pytest.mark.parametrize(
    ("what", "heard"),
    [
        pytest.param(lambda who: postback(who, "menu:get_started"), "virtuālais asistents", id="get started"),
        pytest.param(
            lambda who: postback(who, "menu:get_started", referral={"ref": "en", "type": "OPEN_THREAD"}),
            "virtual assistant",
            id="get started by an English link",
        ),
        pytest.param(lambda who: postback(who, "menu:ask_place_closed"), "slēgt", id="menu"),
        pytest.param(
            lambda who: event(who, message={"mid": "m_" + who, "attachments": [{"type": "image"}]}),
            "nevaru atvērt",
            id="a picture",
        ),
        pytest.param(lambda who: text(who, "/restart"), "another question", id="a typed command"),
        pytest.param(lambda who: text(who, "ā" * 2500), "par garu", id="too long"),
    ],
)
def test_each_kind_is_answered(page: MessengerPage, person: str, what: object, heard: str) -> None:
    page.deliver(what(person))  # type: ignore[operator]
    assert heard in page.hears(person)[0]


@pytest.mark.parametrize(
    "what",
    [
        {"reaction": {"mid": "m_1", "action": "react", "emoji": "👍"}},
        {"read": {"watermark": 1}},
        {"delivery": {"mids": ["m_1"], "watermark": 1}},
        {"message": {"mid": "m_sticker", "sticker_id": 369239263222822, "attachments": [{"type": "image"}]}},
        {"message": {"mid": "m_deleted", "is_deleted": True}},
        {"message_edit": {"mid": "m_1", "text": "x", "num_edit": 1}},
        {"optin": {"type": "x"}},
        {"app_roles": {"77": ["primary_receiver"]}},
        {"something_new": {}},
        {},
    ],
    ids=lambda what: next(iter(what), "nothing"),
)
def test_what_is_no_question_gets_no_answer(page: MessengerPage, person: str, what: dict[str, object]) -> None:
    page.deliver(event(person, **what))
    page.settle()
    assert page.graph.texts(person) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"object": "user"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_delivery_is_refused(page: MessengerPage, content: bytes) -> None:
    assert page.post(content).status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        {"object": "page"},
        {"object": "page", "entry": [None, 1, {"messaging": {}}, {"messaging": [None, 7, []]}, {"changes": [{}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": 5}, "message": {"text": "x", "mid": 3}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "a/b"}, "message": {"text": "x"}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "8"}, "message": {"text": {"x": 1}}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "8"}, "timestamp": "x", "read": None}]}]},
    ],
    ids=lambda content: json.dumps(content)[:60],
)
def test_a_strange_delivery_is_taken_and_does_no_harm(page: MessengerPage, person: str, content: object) -> None:
    assert page.post(json.dumps(content).encode()).status_code == 200
    page.deliver(text(person, CUT_OFF))
    page.hears(person)


def test_an_account_is_not_shown(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Cik es esmu parādā? Līguma numurs 90010000033"))
    assert "elektrum.lv" in page.hears(person)[0]


def test_who_wants_a_person_is_passed_to_the_inbox_and_then_there_is_silence(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Gribu runāt ar cilvēku"))
    (told,) = page.hears(person)
    assert ("EL-" in told, "nododu klientu servisam" in told) == (True, True)
    assert ("pass", person, "263902037430900") in page.graph.controls
    page.deliver(text(person, "Vai kāds ir?"), channel="standby")
    page.hears(person)


def test_the_assistant_comes_back_when_it_is_called(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Gribu runāt ar cilvēku"))
    page.hears(person)
    page.deliver(text(person, "uz asistentu"), channel="standby")
    assert "Atkal atbild asistents" in page.hears(person, 2)[-1]
    assert ("take", person, "") in page.graph.controls
    page.deliver(text(person, CUT_OFF))
    assert NOT_CUT_OFF in page.hears(person, 3)[-1]


def test_while_a_person_writes_the_assistant_is_silent(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Labdien!"))
    page.hears(person)
    page.deliver(echo(person, "Labdien, raksta Anna."))
    page.deliver(text(person, CUT_OFF))
    page.hears(person, 1)


def test_the_echo_of_its_own_message_does_not_silence_the_assistant(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Labdien!"))
    page.hears(person)
    page.deliver(echo(person, "Labdien!", metadata="assistant"))
    page.deliver(text(person, CUT_OFF))
    page.hears(person, 2)


def test_who_is_given_the_thread_answers(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, "Gribu runāt ar cilvēku"))
    page.hears(person)
    page.deliver(event(person, pass_thread_control={"new_owner_app_id": "77"}))
    page.deliver(text(person, CUT_OFF))
    assert NOT_CUT_OFF in page.hears(person, 2)[-1]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, code=2),
        Fault(status=503),
        Fault(status=429, headers={"Retry-After": "1"}),
        Fault(status=400, code=613),
        Fault(drop=True),
    ],
    ids=["500", "503", "429", "613", "connection dropped"],
)
def test_what_may_pass_is_tried_again(page: MessengerPage, person: str, fault: Fault) -> None:
    page.graph.faults = [fault]
    page.deliver(text(person, CUT_OFF))
    page.hears(person)


@pytest.mark.parametrize("code", [10, 100, 190])
def test_what_will_not_pass_is_not_tried_again_but_set_aside(page: MessengerPage, person: str, code: int) -> None:
    page.graph.faults = [Fault(code=code)]
    page.deliver(text(person, CUT_OFF))
    page.settle()
    assert page.graph.texts(person) == []
    assert f"Graph error {code} (status 400)" in page.running.bot("messenger", "inbox")
    page.running.bot("messenger", "inbox", "--retry")
    page.hears(person)


def test_who_cannot_be_reached_is_left_alone(page: MessengerPage, person: str) -> None:
    page.graph.faults = [Fault(code=551)]
    page.deliver(text(person, CUT_OFF))
    page.settle()
    assert page.graph.texts(person) == []
    page.deliver(text(person, "Labdien!"))
    page.hears(person)


def test_after_24_hours_nothing_is_sent_and_the_request_says_so(page: MessengerPage, person: str) -> None:
    page.deliver(text(person, CUT_OFF, at=now() - 25 * 60 * 60 * 1000))
    page.settle()
    assert page.graph.texts(person) == []
    found = page.rows(
        "SELECT unsent_at FROM handoffs JOIN messenger_threads USING (conversation_id) WHERE person = :person",
        person=person,
    )
    assert [row[0] is not None for row in found] == [True]


def test_a_slow_graph_delays_nobody_else(page: MessengerPage, person: str) -> None:
    page.graph.always = Fault(status=200, seconds=10)
    page.deliver(text(person, CUT_OFF))
    wait_for(lambda: (person, "typing_on") in page.graph.actions, 5)
    for _ in range(5):
        began = now()
        assert page.running.ask(CUT_OFF)
        assert now() - began < 1000
    page.hears(person, patience=30)


def test_nothing_that_says_who_somebody_is_stays(page: MessengerPage, person: str) -> None:
    """Neither in the database nor in a log, but for Messenger's id, without which nobody can be answered."""
    told = "Mani sauc Ilze Zvirgzdiņa, tālrunis 29123456, konts LV80BANK0000435195001. Gribu runāt ar cilvēku"
    page.deliver(text(person, told))
    page.hears(person)
    kept = "".join(str(page.rows(str(select(table)))) for table in ConversationEvent.metadata.sorted_tables)
    logs = Path(page.running.environment["BOT_LOGS"])
    kept += "".join(log.read_text(encoding="utf-8") for log in logs.glob("*.log"))
    assert [secret for secret in ("Zvirgzdiņa", "29123456", "LV80BANK") if secret in kept] == []
    assert person in kept
