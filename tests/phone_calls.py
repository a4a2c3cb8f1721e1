"""Calls through each gateway: the vendors', as simulated in tests/gateways, and the plain webhook."""

import uuid
from collections.abc import Callable
from typing import Any

import requests
from gateways.audiocodes import AudioCodesCall
from gateways.gateway_base import Call, Transfer
from gateways.jambonz import JambonzCall
from gateways.twilio_voice import TwilioCall

TOKEN, TWILIO, JAMBONZ = "phone-token-of-the-tests", "twilio-token-of-the-tests", "jambonz-secret-of-tests"
CALLER = "+37129000000"
Begin = Callable[..., Call]
CUT_OFF = {"lv": "vai mani atslēgs ja kavēšu maksājumu", "en": "will I be cut off if I pay late"}
NOT_CUT_OFF = {
    "lv": "kavētu maksājumu dēļ",
    "en": "does not disconnect the supply because",
}
HOW_MUCH = {"lv": "cik es esmu parādā", "en": "how much do I owe"}
WHICH_NUMBER = {"lv": "līguma numuru", "en": "contract number"}
OPENED = {"lv": "Par adresi", "en": "For "}  # the beginning of every account answer


class PlainCall(Call):
    """A call through the plain webhook, as bot/channels/phone/gateways/plain_webhook.py documents it."""

    def __init__(self, url: str, caller: str | None = CALLER) -> None:
        super().__init__(caller or "", "", "lv")
        self.url, self.id = url, uuid.uuid4().hex

    def send(self, **body: Any) -> "PlainCall":
        content = {"call": self.id, "id": uuid.uuid4().hex, "caller": self.caller, **body}
        answer = requests.post(self.url, json=content, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self._hears(told)
        self.state = {"transfer": "transferring", "hangup": "ended"}.get(told.get("action", ""), "listening")
        if told.get("to"):
            self.transfer = Transfer(told["to"], "transfer", summary=told["summary"])
        return self

    def _hears(self, told: dict[str, Any]) -> None:
        self.heard = []
        for said in told.get("say", []):
            self._hear(said["text"])
            self.language["speaking"] = said["language"]
        self.language["listening"] = told.get("listen", self.language["listening"])

    def begin(self) -> "PlainCall":
        return self.send(event="start")

    def say(self, text: str, confidence: float | None = 0.9) -> "PlainCall":
        return self.send(event="speech", text=text, confidence=confidence)

    def press(self, digits: str) -> "PlainCall":
        return self.send(event="digits", digits=digits)

    def be_silent(self) -> "PlainCall":
        return self.send(event="silence")

    def transfer_ends(self, how: str) -> "PlainCall":
        return self.send(event="notReached") if how != "completed" else self.hang_up()

    def hang_up(self) -> "PlainCall":
        return self.send(event="hangup")


def plain(url: str, **more: Any) -> PlainCall:
    """A call through the plain webhook of the phone at an address."""
    return PlainCall(f"{url}/plain", **more)


def audiocodes(url: str, **more: Any) -> AudioCodesCall:
    """A call through VoiceAI Connect, whose recogniser is set up for Latvian; it refuses what it would only ignore."""
    return AudioCodesCall(f"{url}/audiocodes", TOKEN, **{"caller": CALLER, "language": "lv-LV", "strict": True, **more})


def twilio(url: str, **more: Any) -> TwilioCall:
    """A call through Twilio, with status callbacks."""
    more = {"caller": CALLER, "status_callback": f"{url}/twilio/heard", **more}
    return TwilioCall(f"{url}/twilio", TWILIO, **more)


def jambonz(url: str, **more: Any) -> JambonzCall:
    """A call through jambonz, with a status hook."""
    return JambonzCall(f"{url}/jambonz", JAMBONZ, **{"caller": CALLER, "status_url": f"{url}/jambonz/status", **more})


GATEWAYS: list[Begin] = [plain, audiocodes, twilio, jambonz]


def told(call: Call) -> str:
    """What the caller heard since they last did something."""
    return " ".join(call.heard)
