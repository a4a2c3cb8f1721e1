"""Calls through each gateway, as the gateways make them: AudioCodes, Twilio, Jambonz, and the plain webhook."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from abc import ABC, abstractmethod
from typing import Any
from xml.etree import ElementTree

import requests
from running import Running  # tests/running.py

TOKEN, TWILIO, JAMBONZ = "phone-token-of-the-tests", "twilio-token-of-the-tests", "jambonz-secret-of-tests"
PUBLIC = "https://assistant.example"


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


GATEWAYS: list[type[Call]] = [PlainCall, AudioCodesCall, TwilioCall, JambonzCall]
