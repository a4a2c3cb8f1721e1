"""Whole calls over HTTP, as each gateway holds them: AudioCodes, Twilio, Jambonz, and the plain webhook."""

import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
import requests
from phone_calls import (  # tests/phone_calls.py
    GATEWAYS,
    JAMBONZ,
    PUBLIC,
    TOKEN,
    TWILIO,
    Call,
    PlainCall,
    TwilioCall,
)
from running import Running, start  # tests/running.py

from bot.settings import PROJECT

pytestmark = pytest.mark.server
PERSON = "tel:+37167000000"
CUT_OFF = {"lv": "vai mani atslēgs ja kavēšu maksājumu", "en": "will I be cut off if I pay late"}
NOT_CUT_OFF = {
    "lv": "neatslēdz elektroapgādi kavētu maksājumu dēļ",
    "en": "does not disconnect the supply because",
}
OPENED = {"lv": "Par adresi", "en": "For "}  # how every account answer begins
# Demo customers with a phone. One gets at most 5 codes an hour, so each test asks for another.
CONTRACTS = cycle(["90010000011", "90010000022", "90010000033", "90010000055", "90010000066", "90010000077"])
HOW_MUCH = {"lv": "cik es esmu parādā", "en": "how much do I owe"}
CODE = re.compile(r"\d{6}")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(
        tmp_path_factory.mktemp("phone"),
        BOT_AS_OF="2020-03-25",
        BOT_PHONE_TOKEN=TOKEN,
        BOT_TWILIO_AUTH_TOKEN=TWILIO,
        BOT_JAMBONZ_SECRET=JAMBONZ,
        BOT_PUBLIC_URL=PUBLIC,
        BOT_PHONE_TRANSFER_TO=PERSON,
    )
    yield running
    running.stop()


each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda each: each.__name__)
each_language = pytest.mark.parametrize("language", ["lv", "en"])


@each_gateway
@each_language
def test_a_question_is_answered(line: Running, gateway: type[Call], language: str) -> None:
    call = gateway(line)
    greeting = call.begin()
    assert ("Elektrum" in greeting, "nospiediet nulli" in greeting) == (True, True)
    assert NOT_CUT_OFF[language] in call.say(CUT_OFF[language])
    assert call.action == "listen"


@each_gateway
@each_language
def test_an_account_is_proven_with_keys_and_shown(line: Running, gateway: type[Call], language: str) -> None:
    outbox, call = line.outbox(), gateway(line)
    call.begin()
    call.say(HOW_MUCH[language])
    call.press(next(CONTRACTS))
    assert call.press(outbox.code()).startswith(OPENED[language])


def test_an_account_is_proven_by_voice(line: Running) -> None:
    outbox, call = line.outbox(), PlainCall(line)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.say("deviņi nulle nulle viens nulle nulle nulle nulle nulle trīs trīs")  # 90010000033
    said = " ".join(outbox.code())
    assert call.say(f"kods ir {said}").startswith(OPENED["lv"])


@each_gateway
def test_zero_leads_to_a_person_with_a_summary(line: Running, gateway: type[Call]) -> None:
    call = gateway(line)
    call.begin()
    call.say(CUT_OFF["lv"])
    told = call.press("0")
    assert ("Savienoju" in told, "numurs ir e el" in told, "zvaniet" in told) == (True, True, False)
    assert (call.action, call.to) == ("transfer", PERSON)
    assert call.summary == "" if gateway is TwilioCall else "Vai mani atslēgs?" in call.summary
    ((details,),) = line.rows("SELECT details FROM handoffs ORDER BY id DESC LIMIT 1")
    assert "Jautāts: Vai mani atslēgs?" in details


@each_gateway
def test_silence_is_asked_about_twice_and_then_leads_to_a_person(line: Running, gateway: type[Call]) -> None:
    call = gateway(line)
    call.begin()
    assert ["neko nedzirdēju" in call.be_silent() for _ in range(2)] == [True, True]
    call.be_silent()
    assert call.action == "transfer"


def test_who_is_not_understood_is_asked_twice_and_then_led_to_a_person(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    assert ["nesadzirdēju" in call.say("mšš frrk", 0.2) for _ in range(2)] == [True, True]
    call.say("mšš frrk", 0.2)
    assert call.action == "transfer"


def test_what_a_sure_recogniser_heard_is_not_asked_again_but_clarified(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    assert "nesadzirdēju" not in call.say("mšš frrk", 0.95)


def test_a_confidence_of_zero_says_that_there_is_none(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    assert NOT_CUT_OFF["lv"] in call.say(CUT_OFF["lv"], 0)


def test_being_understood_in_between_starts_the_count_anew(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    call.say("mšš frrk", 0.2)
    call.say("mšš frrk", 0.2)
    call.say(CUT_OFF["lv"])
    assert "nesadzirdēju" in call.say("mšš frrk", 0.2)


def test_what_can_be_understood_is_believed_before_what_the_recogniser_likes(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    guesses = [
        {"text": "vai manī adsles ja kav šu", "confidence": 0.81},
        {"text": CUT_OFF["lv"], "confidence": 0.74},
    ]
    assert NOT_CUT_OFF["lv"] in call.send(event="speech", alternatives=guesses)


@pytest.mark.parametrize(("key", "language"), [("9", "en"), ("8", "lv")])
def test_a_key_chooses_the_language(line: Running, key: str, language: str) -> None:
    call = TwilioCall(line)
    call.begin()
    call.press(key)
    assert call.listens == {"lv": "lv-LV", "en": "en-GB"}[language]


def test_goodbye_ends_the_call(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    call.say("uz redzēšanos")
    assert call.action == "hangup"


def test_a_partial_result_is_not_answered(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    assert call.send(event="speech", text=CUT_OFF["lv"], final=False) == ""


def test_a_message_that_is_sent_again_gets_the_same_answer_and_does_nothing_twice(line: Running) -> None:
    call = PlainCall(line)
    call.begin()
    message = {"event": "speech", "text": "gribu iesniegt sūdzību", "id": uuid.uuid4().hex}
    first, again = call.send(**message), call.send(**message)
    assert first == again
    assert "sūdzīb" in call.say("jūsu operators bija ļoti nepieklājīgs un nometa klausuli").lower()


def test_after_hanging_up_no_account_stays_open(line: Running) -> None:
    outbox, call = line.outbox(), PlainCall(line)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.press(next(CONTRACTS))
    assert call.press(outbox.code()).startswith(OPENED["lv"])
    call.hang_up()
    assert "līguma numur" in call.say(HOW_MUCH["lv"])


def test_two_callers_with_the_same_number_do_not_hear_each_other(line: Running) -> None:
    """Rasa's channel takes the caller's number for the conversation."""
    one, other = TwilioCall(line), TwilioCall(line)
    one.begin()
    one.say("vai muzejs ķegumā ir slēgts")
    other.begin()
    assert "muzej" not in other.say("cik ilgi").lower()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("plain", {}),
        ("plain", {"Authorization": "Bearer wrong"}),
        ("audiocodes", {"Authorization": "Bearer wrong"}),
        ("twilio", {"X-Twilio-Signature": "wrong"}),
        ("jambonz", {"Jambonz-Signature": f"t={int(time.time())},v1=wrong"}),
        ("jambonz", {"Jambonz-Signature": "t=1,v1=" + "0" * 64}),
        ("jambonz", {}),
    ],
)
def test_who_is_no_gateway_is_refused(line: Running, path: str, headers: dict[str, str]) -> None:
    url = line.url.replace("/chat/", f"/webhooks/phone/{path}")
    assert requests.post(url, json={"call": "x", "event": "start"}, headers=headers, timeout=10).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"event": "start"}', b'{"event": "x", "call": "c"}', b"[" * 9999])
def test_what_tells_nothing_is_refused(line: Running, body: bytes) -> None:
    url = line.url.replace("/chat/", "/webhooks/phone/plain")
    answer = requests.post(url, data=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    assert (answer.status_code, "detail" in answer.json()) == (400, True)


def test_without_settings_there_is_no_phone(assistant: Running) -> None:
    url = assistant.url.replace("/chat/", "/webhooks/phone/plain")
    assert requests.post(url, json={}, timeout=10).status_code == 404


@each_language
def test_the_demo_speaks_a_call_through(tmp_path: Path, language: str) -> None:
    """With an account that is proven by voice; as WAV files where espeak-ng is there to speak."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}",
        "BOT_OUTBOX": str(tmp_path / "outbox.jsonl"),
    }
    command = [sys.executable, "-m", "bot.cli", "phone", "demo", language, "--to", str(tmp_path / "wav")]
    done = subprocess.run(
        [*command, "--as-of", "2020-03-25"], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    amount = {"lv": "piecdesmit divi eiro desmit centi", "en": "fifty-two euros and ten cents"}[language]
    assert amount in done.stdout
    assert not re.search("nospiediet nulli|press zero", done.stdout), "Here nobody can be transferred."
    spoken = len(list((tmp_path / "wav").glob("*.wav")))
    assert spoken > 5 if shutil.which("espeak-ng") else spoken == 0
