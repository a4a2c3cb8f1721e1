"""Messenger against the running assistant: deliveries and answers."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from graph.connected import (
    APP,
    SECRET,
    Event,
    MessengerPage,
    actions,
    events_of,
    texts,
)
from graph.events import in_seconds, numeric_ids
from graph.webhooks import encode, sign
from sqlalchemy import select

from bot.schema.tables import ConversationEvent

pytestmark = pytest.mark.server
CUT_OFF, NOT_CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?", "kavētu maksājumu dēļ"


@pytest.mark.parametrize(
    ("given", "verified"),
    [
        pytest.param({}, (True, 200), id="right"),
        pytest.param({"token": "wrong"}, (False, 403), id="wrong token"),
        pytest.param({"token": ""}, (False, 403), id="no token"),
        pytest.param({"mode": "unsubscribe"}, (False, 403), id="another mode"),
    ],
)
def test_the_webhook_is_verified(page: MessengerPage, given: dict[str, str], verified: tuple[bool, int]) -> None:
    assert page.hooks.verify(**given)[:2] == verified


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Hub-Signature-256": "", "X-Hub-Signature": ""}, id="none"),
        pytest.param({"X-Hub-Signature-256": "sha256=" + "0" * 64}, id="of something else"),
        pytest.param({"X-Hub-Signature-256": sign(b"{}", SECRET)["X-Hub-Signature-256"]}, id="of another body"),
        pytest.param({"X-Hub-Signature-256": "ā"}, id="not ASCII"),
        pytest.param({"X-Hub-Signature-256": ""}, id="of the old kind"),
    ],
)
def test_what_is_not_signed_is_refused(page: MessengerPage, person: str, headers: dict[str, str]) -> None:
    headers = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    assert page.post(encode(page.hooks.envelope(page.hooks.text(person, "Labdien!"))), **headers).status == 403
    page.settle()
    assert texts(page.graph, person) == []


@pytest.mark.parametrize(
    ("said", "heard"),
    [(CUT_OFF, NOT_CUT_OFF), ("Will I be cut off if I pay late?", "does not disconnect the supply")],
)
def test_a_question_is_answered(page: MessengerPage, person: str, said: str, heard: str) -> None:
    page.say(person, said)
    (answer,) = page.hears(person)
    assert heard in answer
    assert actions(page.graph, person) == ["mark_seen", "typing_on"]


def test_every_message_of_a_batch_is_answered_in_order(page: MessengerPage, person: str) -> None:
    at = time.time()
    said = ("Labdien!", CUT_OFF, "Uz redzēšanos")
    page.deliver(*(page.hooks.text(person, each, at=at + n / 1000) for n, each in enumerate(said)))
    first, second, third = page.hears(person, 3)
    assert ("Labdien" in first, NOT_CUT_OFF in second, "redzēšanos" in third) == (True, True, True)


def test_what_happened_first_is_answered_first(page: MessengerPage, person: str) -> None:
    """Messenger may deliver out of order."""
    at = time.time()
    page.deliver(page.hooks.text(person, CUT_OFF, at=at), page.hooks.text(person, "Labdien!", at=at - 1))
    first, second = page.hears(person, 2)
    assert ("Labdien" in first, NOT_CUT_OFF in second) == (True, True)


def test_a_message_that_is_delivered_again_is_answered_once(page: MessengerPage, person: str) -> None:
    message = page.hooks.text(person, CUT_OFF)
    for _ in range(3):
        page.deliver(message, message)
    page.hears(person)


def test_an_event_without_an_id_that_is_delivered_again_is_answered_once(page: MessengerPage, person: str) -> None:
    start_button = page.hooks.postback(person, "menu:get_started")
    del start_button["postback"]["mid"]
    page.deliver(start_button)
    page.deliver(start_button)
    page.hears(person)


def test_a_choice_means_what_was_offered(page: MessengerPage, person: str) -> None:
    page.say(person, "Vai mani atslēgs?")
    page.hears(person)
    offered = page.graph.sent[-1].message["quick_replies"][0]
    page.deliver(page.hooks.quick_reply(person, offered["title"], offered["payload"]))
    assert "situācijas beigām" in page.hears(person, 2)[-1]


def test_a_choice_of_somebody_else_counts_as_its_words(page: MessengerPage, person: str) -> None:
    page.say(person, "Vai mani atslēgs?")
    page.hears(person)
    offered = page.graph.sent[-1].message["quick_replies"][0]
    stranger = person[::-1]
    page.deliver(page.hooks.quick_reply(stranger, "Kā ar Jums sazināties?", offered["payload"]))
    assert "8400" in page.hears(stranger)[0]


@pytest.mark.parametrize("payload", ["/restart", '/ask_contact{"place": "x"}', "menu:nothing"])
def test_a_payload_that_nobody_offered_is_text(page: MessengerPage, person: str, payload: str) -> None:
    page.deliver(page.hooks.postback(person, payload, "Vai mani atslēgs?"))
    assert "neatslēdz" in page.hears(person)[0]


META = events_of()


@pytest.mark.parametrize(
    ("what", "heard"),
    [
        pytest.param(lambda who: META.postback(who, "menu:get_started"), "virtuālais asistents", id="get started"),
        pytest.param(
            lambda who: META.postback(who, "menu:get_started", referral=META.link("en")),
            "virtual assistant",
            id="get started by an English link",
        ),
        pytest.param(lambda who: META.postback(who, "menu:ask_place_closed", "Kas ir slēgts?"), "slēgt", id="menu"),
        pytest.param(META.image, "nevaru atvērt", id="a picture"),
        pytest.param(META.audio, "nevaru atvērt", id="a voice message"),
        pytest.param(lambda who: META.text(who, "/restart"), "another question", id="a typed command"),
        pytest.param(lambda who: META.text(who, "ā" * 2500), "par garu", id="too long"),
        pytest.param(lambda who: in_seconds(META.text(who, CUT_OFF)), NOT_CUT_OFF, id="a time in seconds"),
        pytest.param(lambda who: META.text(who, CUT_OFF) | {"timestamp": -1}, NOT_CUT_OFF, id="a negative time"),
        pytest.param(lambda who: numeric_ids(META.text(who, CUT_OFF)), NOT_CUT_OFF, id="ids that are numbers"),
    ],
)
def test_each_kind_is_answered(page: MessengerPage, person: str, what: Callable[[str], Event], heard: str) -> None:
    page.deliver(what(person))
    assert heard in page.hears(person)[0]


@pytest.mark.parametrize(
    ("payload", "title"),
    [
        ("GET_STARTED", "Get Started"),
        ("GET_STARTED_PAYLOAD", "Sākt darbu"),
        ("get-started", "Начать"),
        ("FACEBOOK_WELCOME", "Welcome"),
        ('{"type": "getStarted"}', "Get Started"),
        ("USER_DEFINED_PAYLOAD", "Get Started"),
        ("USER_DEFINED_PAYLOAD", "Start"),
        ("1", "Begin"),
        ("1", "Sākam!"),
        (None, "Get Started"),
        ("", ""),
    ],
)
def test_a_foreign_button_that_begins_a_conversation_begins_one(
    page: MessengerPage, person: str, payload: str | None, title: str
) -> None:
    """Such as one that an older tool has left in the thread."""
    page.deliver(META.postback(person, payload, title))
    assert "virtuālais asistents" in page.hears(person)[0]


def test_25_pictures_at_once_are_refused_once_and_the_question_after_them_is_answered(
    page: MessengerPage, person: str
) -> None:
    at = time.time() - 3
    page.deliver(*(META.image(person, at=at + n / 100) for n in range(25)), META.text(person, CUT_OFF, at=at + 1))
    refusal, answer = page.hears(person, 2)
    assert ("nevaru atvērt" in refusal, NOT_CUT_OFF in answer) == (True, True)


def test_25_messages_at_once_that_are_not_understood_are_refused_once(page: MessengerPage, person: str) -> None:
    at = time.time() - 3
    page.deliver(*(META.text(person, "?!", at=at + n / 100) for n in range(25)))
    page.hears(person)


@pytest.mark.parametrize(
    "what",
    [
        lambda who: META.reaction(who, "m_1", "like", "👍"),
        META.read,
        lambda who: META.delivery(who, ["m_1"]),
        META.sticker,
        lambda who: META.sticker(who, era="old"),
        lambda who: META.edit(who, "m_1", "x"),
        lambda who: META.text(who, "x") | {"message": {"mid": "m_deleted", "is_deleted": True}},
        lambda who: {**META.read(who), "read": None, "optin": {"type": "x"}},
        lambda who: {**META.app_roles({APP: ["primary_receiver"]}), "sender": {"id": who}},
        lambda who: {**META.read(who), "read": None, "something_new": {}},
        lambda who: {**META.read(who), "read": None},
    ],
)
def test_what_is_no_question_gets_no_answer(page: MessengerPage, person: str, what: Callable[[str], Event]) -> None:
    page.deliver(what(person))
    page.settle()
    assert texts(page.graph, person) == []


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
    assert page.post(content).status == 400


@pytest.mark.parametrize(
    "content",
    [
        {"object": "page"},
        {"object": "page", "entry": [None, 1, {"messaging": {}}, {"messaging": [None, 7, []]}, {"changes": [{}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": []}, "message": {"text": "x", "mid": 3}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "a/b"}, "message": {"text": "x"}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "8"}, "message": {"text": {"x": 1}}}]}]},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "8"}, "timestamp": "x", "read": None}]}]},
    ],
    ids=lambda content: json.dumps(content)[:60],
)
def test_a_strange_delivery_is_taken_and_does_no_harm(page: MessengerPage, person: str, content: object) -> None:
    assert page.post(json.dumps(content).encode()).status == 200
    page.say(person, CUT_OFF)
    page.hears(person)


def test_an_account_is_not_shown(page: MessengerPage, person: str) -> None:
    page.say(person, "Cik es esmu parādā? Līguma numurs 90010000033")
    assert "elektrum.lv" in page.hears(person)[0]


def test_nothing_that_says_who_somebody_is_stays(page: MessengerPage, person: str) -> None:
    """Neither in the database nor in a log, except Messenger's id, without which nobody can be answered."""
    told = "Mani sauc Ilze Zvirgzdiņa, tālrunis 29123456, konts LV80BANK0000435195001. Gribu runāt ar cilvēku"
    page.say(person, told)
    page.hears(person)
    kept = "".join(str(page.rows(str(select(table)))) for table in ConversationEvent.metadata.sorted_tables)
    logs = Path(page.running.environment["BOT_LOGS"])
    kept += "".join(log.read_text(encoding="utf-8") for log in logs.glob("*.log"))
    assert [secret for secret in ("Zvirgzdiņa", "29123456", "LV80BANK") if secret in kept] == []
    assert person in kept
