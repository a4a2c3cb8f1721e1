"""Jambonz: JSON in, verbs out; signed with the account's webhook secret."""

import hashlib
import hmac
import time
from typing import Any

from bot.channels.phone.calls import Action, Answer, Heard, Kind
from bot.channels.phone.gateways.shapes import guesses, language_of, object_of, text_of

VOICES = {"lv": "lv-LV", "en": "en-GB"}
ENDED = {"completed", "busy", "failed", "no-answer"}
SILENCE = 6  # seconds
NOT_OLDER = 300  # seconds


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a body carries Jambonz' signature, made not long ago: `t=SECONDS,v1=HMAC of "SECONDS.BODY"`."""
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdecimal()) or abs(time.time() - int(moment[:12])) > NOT_OLDER:
        return False
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(parts.get("v1", "").encode(errors="replace"), expected.encode())


def read(body: dict[str, Any]) -> Heard | None:
    """What a request tells; None for a partial result.

    Raises:
        Malformed: it names no call.
    """
    call = text_of(body, "call_sid", required=True)
    speech = object_of(body.get("speech"))
    nested = speech.get("transcripts")
    heard = object_of(nested[0]) if isinstance(nested, list) and nested else speech
    digits = text_of(body, "digits") or text_of(body, "dtmf")
    kind = Kind.SILENCE
    if text_of(body, "call_status") in ENDED:
        kind = Kind.HANG_UP
    elif digits:
        kind = Kind.DIGITS
    elif speech:
        if heard.get("is_final", speech.get("is_final")) is False:
            return None
        kind = Kind.SPEECH
    elif "reason" not in body:
        kind = Kind.START
    alternatives = guesses(heard.get("alternatives"), "transcript")
    language = language_of(heard.get("language_code", speech.get("language_code")))
    return Heard(call, kind, text_of(body, "msgid") or None, alternatives, digits, language)


def written(answer: Answer, hook: str) -> list[dict[str, Any]]:
    """An answer as verbs; what is heard next comes to `hook`."""
    said: list[dict[str, Any]] = [
        {"verb": "say", "text": each.text, "synthesizer": {"language": VOICES[each.language]}} for each in answer.say
    ]
    if answer.action is Action.TRANSFER:
        return [*said, {"verb": "sip:refer", "referTo": answer.to, "customData": {"summary": answer.summary}}]
    if answer.action is Action.HANG_UP:
        return [*said, {"verb": "hangup"}]
    # Only what is said within a gather can be broken in upon; the voices before it come first.
    *before, last = said or [{"text": "", "synthesizer": {"language": VOICES[answer.language]}}]
    prompt = {"say": {name: last[name] for name in ("text", "synthesizer")}} if said else {}
    gather = {
        "verb": "gather",
        "actionHook": hook,
        "input": ["speech", "digits"],
        "bargein": True,
        "dtmfBargein": True,
        "finishOnKey": "#",
        "timeout": SILENCE,
        "recognizer": {"language": VOICES[answer.language]},
        **prompt,
    }
    return [*before, gather]
