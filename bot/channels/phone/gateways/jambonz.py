"""Jambonz: JSON in, verbs out (@jambonz/verb-specifications); signed with the account's webhook secret."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any

from bot.channels.http.bearer_tokens import is_secret
from bot.channels.json_values import object_of
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard
from bot.channels.phone.gateways.gateway_values import SUMMARY, caller_of, guesses, keys_of, language_of, text_of

VOICES = {"lv": "lv-LV", "en": "en-GB"}
VENDOR = "default"  # speech vendor: the default of the jambonz application
BEGINS = {"", "trying"}  # call status of a request that begins a call
ENDED = {"completed", "busy", "failed", "no-answer"}
ACCEPTED = 202  # of a REFER: jambonz then waits for how the transfer goes
SILENCE = 6  # seconds
NOT_OLDER = 300  # seconds


@dataclass(frozen=True)
class JambonzCallbacks:
    """The URLs of jambonz's next requests: what was heard, and how a transfer went."""

    heard: str
    transferred: str


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a body has Jambonz' signature, a recent one: `t=SECONDS,v1=HMAC of "SECONDS.BODY"`.

    There are several `v1` while a secret is rotated; one of them must match.
    """
    parts = [part.strip().partition("=")[::2] for part in signature.split(",")]
    moment = next((value for name, value in parts if name == "t"), "")
    if not (moment.isascii() and moment.isdecimal()) or abs(time.time() - int(moment[:12])) > NOT_OLDER:
        return False
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return any(is_secret(value, expected) for name, value in parts if name == "v1")


def begun(body: dict[str, object]) -> Heard | None:
    """Parse a request to the application's own URL: a call begins or ends; None for anything between.

    jambonz reports early media and answering there too, where one URL is set for both calls and their status.

    Raises:
        MalformedRequest: it names no call.
    """
    status = text_of(body, "call_status")
    if status in ENDED:
        return _heard(body, CallEventKind.HANG_UP)
    return _heard(body, CallEventKind.START) if status in BEGINS else None


def ended(body: dict[str, object]) -> Heard | None:
    """Parse a call status request: None unless the call is over.

    Raises:
        MalformedRequest: it names no call.
    """
    return _heard(body, CallEventKind.HANG_UP) if text_of(body, "call_status") in ENDED else None


def heard(body: dict[str, object]) -> Heard | None:
    """Parse a speech or keys request; None for a partial result.

    Raises:
        MalformedRequest: it names no call.
    """
    speech = object_of(body.get("speech"))
    nested = speech.get("transcripts")
    found = object_of(nested[0]) if isinstance(nested, list) and nested else speech
    pressed = body.get("digits") or body.get("dtmf")
    if text_of(body, "call_status") in ENDED:
        return _heard(body, CallEventKind.HANG_UP)
    if pressed:
        return _heard(body, CallEventKind.DIGITS, digits=keys_of(pressed))
    if not speech:
        return _heard(body, CallEventKind.SILENCE)
    if found.get("is_final", speech.get("is_final")) is False:
        return None
    language = language_of(found.get("language_code", speech.get("language_code")))
    return _heard(
        body, CallEventKind.SPEECH, hypotheses=guesses(found.get("alternatives"), "transcript"), language=language
    )


def transferred(body: dict[str, object]) -> Heard:
    """How a transfer went: the call is over where somebody has answered, else the caller is still there.

    Raises:
        MalformedRequest: it names no call.
    """
    accepted, answered = (_status(body, name) for name in ("refer_status", "final_referred_call_status"))
    is_over = text_of(body, "call_status") in ENDED or (accepted == ACCEPTED and 200 <= answered < 300)
    return _heard(body, CallEventKind.HANG_UP if is_over else CallEventKind.NOT_REACHED)


def written(answer: Answer, addresses: JambonzCallbacks) -> list[dict[str, object]]:
    """An answer as verbs."""
    said: list[dict[str, object]] = [
        {"verb": "say", "text": each.text, "synthesizer": _voice(each.language)} for each in answer.say
    ]
    if answer.action is Action.TRANSFER:
        refer: dict[str, object] = {
            "verb": "sip:refer",
            "referTo": answer.to.removeprefix("tel:"),  # the bare number, from which jambonz makes a SIP address
            "actionHook": addresses.transferred,
            "headers": {SUMMARY: answer.summary},
        }
        # Where the REFER cannot even be sent, jambonz goes on with the next verb.
        return [*said, refer, {"verb": "redirect", "actionHook": addresses.transferred}]
    if answer.action is Action.HANG_UP:
        return [*said, {"verb": "hangup"}]
    # Barge-in works only for speech within a gather; texts in other voices are said before it.
    *before, last = said or [{}]
    prompt = {"say": {name: last[name] for name in ("text", "synthesizer")}} if last else {}
    gather: dict[str, object] = {
        "verb": "gather",
        "actionHook": addresses.heard,
        "input": ["speech", "digits"],
        "bargein": True,
        "dtmfBargein": True,
        "finishOnKey": "#",
        "timeout": SILENCE,
        "recognizer": _voice(answer.language),
        **prompt,
    }
    return [*before, gather]


def _voice(language: str) -> dict[str, str]:
    return {"vendor": VENDOR, "language": VOICES[language]}


def _heard(body: dict[str, object], kind: CallEventKind, **more: Any) -> Heard:
    call, message_id = text_of(body, "call_sid", required=True), text_of(body, "msgid") or None
    return Heard(call, kind, message_id, caller=caller_of(body.get("from")), **more)


def _status(body: dict[str, object], name: str) -> int:
    """A SIP status, which comes as a number or a string; 0 where there is none."""
    value = text_of(body, name)
    return int(value) if value.isascii() and value.isdecimal() else 0
