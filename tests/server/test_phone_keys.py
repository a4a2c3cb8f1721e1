"""Keys (DTMF) in a call: they choose a language, request a person, and enter numbers, perhaps in pieces."""

import uuid

import pytest
import requests
from phone_calls import CUT_OFF, GATEWAYS, HOW_MUCH, NOT_CUT_OFF, OPENED, TOKEN, WHICH_NUMBER, Begin, plain, told
from running import Running  # tests/running.py

pytestmark = pytest.mark.server
each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda each: each.__name__)


@each_gateway
@pytest.mark.parametrize(("key", "spoken", "chosen"), [("9", "lv", "en"), ("8", "en", "lv")])
def test_the_language_of_a_key_stays_until_another_is_spoken(
    phone: str, line: Running, gateway: Begin, key: str, spoken: str, chosen: str
) -> None:
    """cases/files/08: input without a language of its own, and a transfer and its summary."""
    call = gateway(phone)
    call.begin()
    call.say(CUT_OFF[spoken])
    steps = [call.press(key), call.press("*"), call.press("12"), call.be_silent(), call.press("0")]
    assert [str(step.language["listening"])[:2] for step in steps] == [chosen] * len(steps)
    call.transfer_ends("no-answer")
    ((details, language),) = line.rows("SELECT details, language FROM handoffs ORDER BY id DESC LIMIT 1")
    assert (f"Valoda: {chosen}" in details, language) == (True, chosen)
    assert NOT_CUT_OFF[spoken] in told(call.say(CUT_OFF[spoken]))


@pytest.mark.parametrize("number", ["90010000088", "89898989898"])
def test_a_number_that_comes_key_by_key_is_put_together(phone: str, line: Running, number: str) -> None:
    """8 and 9 are digits of it, and choose no language."""
    call = plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    assert {told(call.press(key)) for key in number} == {"Turpiniet, lūdzu."}
    assert "sešu ciparu kodu" in told(call.press("#"))
    assert call.language["listening"] == "lv"


def test_a_number_that_comes_in_two_pieces_is_put_together(phone: str, line: Running) -> None:
    outbox, call = line.outbox(), plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.press("90010")
    call.press("000044")
    code = outbox.code()
    call.press(code[:5])
    assert told(call.press(code[5])).startswith(OPENED["lv"])


def test_the_rest_of_a_number_that_never_comes_is_asked_for(phone: str) -> None:
    call = plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.press("9")
    assert WHICH_NUMBER["lv"] in told(call.be_silent())


@pytest.mark.parametrize("digits", ["/restart", "9 0", "", "1e5", "٣", None, [1], {"a": 1}, True, -1, 1.5])
def test_what_is_no_key_is_refused_on_the_plain_webhook(phone: str, digits: object) -> None:
    body = {"call": uuid.uuid4().hex, "event": "digits", "digits": digits}
    answer = requests.post(f"{phone}/plain", json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    assert (answer.status_code, "digits" in answer.json()["detail"]) == (400, True)
