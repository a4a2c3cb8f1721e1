"""Whole calls over HTTP, as each gateway holds them: AudioCodes, Twilio, Jambonz, and the plain webhook."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from running import Running, start  # tests/running.py

from bot.settings import PROJECT

pytestmark = pytest.mark.server
TOKEN, TWILIO, JAMBONZ = "phone-token-of-the-tests", "twilio-token-of-the-tests", "jambonz-secret-of-tests"
PERSON = "tel:+37167000000"
PUBLIC = "https://assistant.example"
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


def parsed(xml: str) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314 (our own answer)


class Call(ABC):
    """A call through one gateway. Each step gives what the gateway was told to say, and `action` what to do."""

    def __init__(self, line: Running) -> None:
        self.url = line.url.replace("/chat/", "/webhooks/phone/")
        self.id = uuid.uuid4().hex
        self.action, self.to, self.summary = "", "", ""

    @abstractmethod
    def begin(self) -> str: ...

    @abstractmethod
    def say(self, text: str, confidence: float = 0.9) -> str: ...

    @abstractmethod
    def press(self, digits: str) -> str: ...

    @abstractmethod
    def be_silent(self) -> str: ...

    @abstractmethod
    def hang_up(self) -> None: ...


class PlainCall(Call):
    def send(self, **body: Any) -> str:
        content = {"call": self.id, "id": uuid.uuid4().hex, **body}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.post(self.url + "plain", json=content, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self.action, self.to, self.summary = (told.get(name, "") for name in ("action", "to", "summary"))
        return " ".join(said["text"] for said in told.get("say", []))

    def begin(self) -> str:
        return self.send(event="start")

    def say(self, text: str, confidence: float = 0.9) -> str:
        return self.send(event="speech", text=text, confidence=confidence)

    def press(self, digits: str) -> str:
        return self.send(event="digits", digits=digits)

    def be_silent(self) -> str:
        return self.send(event="silence")

    def hang_up(self) -> None:
        self.send(event="hangup")


class AudioCodesCall(Call):
    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.post(self.url + path, json=body, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def activity(self, **activity: Any) -> str:
        content = {"id": uuid.uuid4().hex, "language": "lv-LV", **activity}
        told = self.post(self.activities, {"conversation": self.id, "activities": [content]})["activities"]
        events = [each for each in told if each["type"] == "event"]
        self.action = {"transfer": "transfer", "hangup": "hangup"}[events[0]["name"]] if events else "listen"
        parameters = events[0].get("activityParams", {}) if events else {}
        self.to, self.summary = parameters.get("transferTarget", ""), parameters.get("handoverReason", "")
        texts = [parsed(each["text"]) for each in told if each["type"] == "message"]
        return " ".join(" ".join(text.itertext()) for text in texts)

    def begin(self) -> str:
        begun = self.post("audiocodes", {"conversation": self.id, "bot": "Elektrum"})
        self.activities, self.disconnect = (f"audiocodes/{begun[name]}" for name in ("activitiesURL", "disconnectURL"))
        assert self.post(f"audiocodes/{begun['refreshURL']}", {})["expiresSeconds"] > 0
        return self.activity(type="event", name="start", parameters={"caller": "+37129000000"})

    def say(self, text: str, confidence: float = 0.9) -> str:
        return self.activity(type="message", text=text, parameters={"confidence": confidence})

    def press(self, digits: str) -> str:
        return self.activity(type="event", name="DTMF", value=digits)

    def be_silent(self) -> str:
        return self.activity(type="event", name="noUserInput", value=1)

    def hang_up(self) -> None:
        self.post(self.disconnect, {"conversation": self.id, "reason": "client disconnected"})


class TwilioCall(Call):
    next = f"{PUBLIC}/webhooks/phone/twilio"

    def post(self, **form: str) -> str:
        content = {"CallSid": self.id, "From": "+37129000000", "CallStatus": "in-progress", **form}
        signed = self.next + "".join(f"{name}{value}" for name, value in sorted(content.items()))
        signature = base64.b64encode(hmac.new(TWILIO.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        headers = {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": uuid.uuid4().hex}
        url = self.next.replace(f"{PUBLIC}/webhooks/phone/", self.url)
        answer = requests.post(url, data=content, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        told = parsed(answer.text)
        dial, gather = told.find("Dial"), told.find("Gather")
        self.action = "transfer" if dial is not None else "hangup" if told.find("Hangup") is not None else "listen"
        self.to = f"tel:{dial.findtext('Number')}" if dial is not None else ""
        self.next = gather.get("action", "") if gather is not None else self.next
        self.listens = gather.get("language") if gather is not None else None
        return " ".join(said.text or "" for said in told.iter("Say"))

    def begin(self) -> str:
        return self.post(CallStatus="ringing")

    def say(self, text: str, confidence: float = 0.9) -> str:
        return self.post(SpeechResult=text, Confidence=str(confidence))

    def press(self, digits: str) -> str:
        return self.post(Digits=digits)

    def be_silent(self) -> str:
        return self.post()

    def hang_up(self) -> None:
        self.post(CallStatus="completed")


class JambonzCall(Call):
    def post(self, **body: Any) -> str:
        content = json.dumps({"call_sid": self.id, "from": "+37129000000", "to": "8400", **body}).encode()
        moment = str(int(time.time()))
        signature = hmac.new(JAMBONZ.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()
        headers = {"Jambonz-Signature": f"t={moment},v1={signature}"}
        answer = requests.post(self.url + "jambonz", data=content, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        verbs = {each["verb"]: each for each in answer.json()}
        self.action = {"sip:refer": "transfer", "hangup": "hangup"}.get(next(reversed(verbs), ""), "listen")
        refer = verbs.get("sip:refer", {})
        self.to, self.summary = refer.get("referTo", ""), refer.get("customData", {}).get("summary", "")
        return " ".join(each.get("text") or each.get("say", {}).get("text", "") for each in answer.json())

    def begin(self) -> str:
        return self.post(call_status="trying")

    def say(self, text: str, confidence: float = 0.9) -> str:
        alternatives = [{"transcript": text, "confidence": confidence}]
        return self.post(reason="speechDetected", speech={"is_final": True, "alternatives": alternatives})

    def press(self, digits: str) -> str:
        return self.post(reason="dtmfDetected", digits=digits)

    def be_silent(self) -> str:
        return self.post(reason="timeout")

    def hang_up(self) -> None:
        self.post(call_status="completed")


GATEWAYS = [PlainCall, AudioCodesCall, TwilioCall, JambonzCall]
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
