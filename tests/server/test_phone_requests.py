"""Requests of gateways: retried, out of order, unsigned, malformed; and the URLs that they are given."""

import time
import uuid

import pytest
import requests
from phone_calls import (
    CUT_OFF,
    NOT_CUT_OFF,
    TOKEN,
    Begin,
    audiocodes,
    jambonz,
    plain,
    told,
    twilio,
)  # tests/phone_calls.py
from running import Running  # tests/running.py

pytestmark = pytest.mark.server


@pytest.mark.parametrize("gateway", [plain, audiocodes], ids=lambda each: each.__name__)
def test_half_a_character_and_nothing_at_all_cost_no_call(phone: str, gateway: Begin) -> None:
    call = gateway(phone)
    call.begin()
    assert NOT_CUT_OFF["lv"] in told(call.say(f"{CUT_OFF['lv']} \ud83d"))
    assert "neko nedzirdēju" in told(call.say(" "))


def test_a_partial_result_is_not_answered(phone: str) -> None:
    call = plain(phone)
    call.begin()
    assert told(call.send(event="speech", text=CUT_OFF["lv"], final=False)) == ""


def test_a_message_that_is_sent_again_gets_the_same_answer_and_does_nothing_twice(phone: str) -> None:
    call = plain(phone)
    call.begin()
    message = {"event": "speech", "text": "gribu iesniegt sūdzību", "id": uuid.uuid4().hex * 9}
    first, again = told(call.send(**message)), told(call.send(**message))
    assert first == again
    assert "sūdzīb" in told(call.say("jūsu operators bija ļoti nepieklājīgs un nometa klausuli")).lower()


@pytest.mark.parametrize("ids", ["new", "same"])
def test_audiocodes_may_lose_an_answer_and_ask_again_with_another_id(phone: str, line: Running, ids: str) -> None:
    call = audiocodes(phone, retry_ids=ids)
    call.begin()
    call.say("gribu iesniegt sūdzību")
    call.lose_answers = 2
    assert "pierakstīta" in told(call.say("jūsu operators bija ļoti nepieklājīgs un nometa klausuli"))
    assert call.state == "listening"
    complaints = "FROM handoffs WHERE kind = 'complaint' AND channel = 'phone'"
    assert line.rows(f"SELECT count(*) {complaints}") == line.rows(
        f"SELECT count(DISTINCT conversation_id) {complaints}"
    )


@pytest.mark.parametrize("slash", [True, False])
def test_audiocodes_finds_every_address_from_either_spelling(phone: str, slash: bool) -> None:
    call = audiocodes(phone, trailing_slash=slash)
    call.begin()
    call.time_passes(500)
    call.hang_up()
    assert ({each["status"] for each in call.log}, call.refreshes > 0) == ({200}, True)


def test_early_media_and_answering_are_no_new_call_on_jambonz(phone: str) -> None:
    """One address for calls and for their status, as many have it."""
    call = jambonz(phone, status_url=f"{phone}/jambonz", early_media=True)
    call.begin()
    states = [(each["sent"].get("call_status"), each["answer"]) for each in call.log if each["what"] == "call:status"]
    assert [answer for status, answer in states if status in {"early-media", "in-progress"}] == ["[]", "[]"]


@pytest.mark.parametrize("gateway", [audiocodes, twilio, jambonz], ids=lambda each: each.__name__)
def test_a_vendor_ignores_nothing_that_we_answer(phone: str, gateway: Begin) -> None:
    """A call with a failed transfer; for jambonz also validated by the newer, stricter package @jambonz/schema."""
    call = gateway(phone)
    call.begin()
    call.say(CUT_OFF["lv"])
    call.press("9")
    call.be_silent()
    call.press("0")
    call.transfer_ends("busy")
    call.say("goodbye")
    assert (call.notes, call.state) == ([], "ended")


def test_what_happens_between_is_no_silence_on_twilio(phone: str) -> None:
    """A number may be configured to report more of its calls than their end."""
    events = ("initiated", "ringing", "answered", "completed")
    call = twilio(phone, status_events=events)
    call.begin()
    states = [call.be_silent().state for _ in range(3)]
    assert states == ["listening", "listening", "transferring"]
    assert {each["status"] for each in call.log} == {200}


def test_twilio_may_sign_with_a_shared_key(phone: str) -> None:
    call = twilio(phone, algorithm="HMAC_SHA256")
    assert "Elektrum" in told(call.begin())


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("plain", {}),
        ("plain", {"Authorization": "Bearer wrong"}),
        ("plain", {"Authorization": TOKEN}),
        ("audiocodes", {"Authorization": "Bearer wrong"}),
        ("twilio", {"X-Twilio-Signature": "wrong"}),
        ("twilio/transferred", {}),
        ("jambonz", {"Jambonz-Signature": f"t={int(time.time())},v1=wrong"}),
        ("jambonz", {"Jambonz-Signature": "t=1,v1=" + "0" * 64}),
        ("jambonz/status", {}),
        ("jambonz/transferred", {"Jambonz-Signature": ""}),
    ],
)
def test_who_is_no_gateway_is_refused(phone: str, path: str, headers: dict[str, str]) -> None:
    answer = requests.post(f"{phone}/{path}", json={"call": "x", "event": "start"}, headers=headers, timeout=10)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"event": "start"}',
        b'{"event": "x", "call": "c"}',
        b"[" * 9999,
        b'{"a": "' + b"a" * 65536 + b'"}',
    ],
    ids=["empty", "list", "broken", "no call", "no such event", "deep", "long"],
)
def test_what_tells_nothing_is_refused(phone: str, body: bytes) -> None:
    answer = requests.post(f"{phone}/plain", data=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    assert (answer.status_code, "detail" in answer.json()) == (400, True)
