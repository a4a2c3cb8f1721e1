"""AudioCodes Bot API: one request begins a conversation; each later one brings activities and gets activities."""

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.channels.json_values import object_of
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.channels.phone.gateways.gateway_values import (
    SUMMARY,
    caller_of,
    confidence_of,
    guesses,
    keys_of,
    language_of,
    text_of,
)
from bot.channels.phone.ssml import ssml

EXPIRES = 120  # seconds without a request after which the gateway refreshes the conversation
EVENTS = {"start": CallEventKind.START, "noUserInput": CallEventKind.SILENCE, "hangup": CallEventKind.HANG_UP}
ANSWERED = "answered"  # status of a transfer
VOICES = {"lv": "lv-LV", "en": "en-GB"}
# Events that the gateway sends only on request: DTMF keys, silence, and how a transfer went.
ASKED_FOR = {
    "bargeIn": True,
    "bargeInOnDTMF": True,
    "sendDTMF": True,
    "dtmfCollect": True,
    "dtmfCollectSubmitDigit": "#",
    "dtmfCollectMaxDigits": 12,  # a contract number; the gateway's default is 5
    "dtmfCollectInterDigitTimeoutMS": 3000,
    "sendEventsToBot": ["noUserInput"],
    "userNoInputTimeoutMS": 7000,
    "userNoInputRetries": 10,  # after more of them the gateway hangs up; we transfer to a person long before
    "transferNotifications": True,
}
PATH_SAFE = re.compile(r"[\w-]{1,64}", re.ASCII)
CHANGES = {"id", "timestamp"}  # fields that change when an activity is resent


def path_id(call: str) -> str:
    """A conversation's id that is safe in a URL path; it is the call's id from then on."""
    return call if PATH_SAFE.fullmatch(call) else hashlib.sha256(call.encode(errors="replace")).hexdigest()


def base_of(path: str) -> str:
    """The base of a conversation's URLs, relative to the URL that begins one, which may end with a `/` or not."""
    own = path.rsplit("/", 1)[-1]
    return f"{own}/" if own else ""


def begun(call: str, base: str) -> dict[str, object]:
    """The response to the request that begins a conversation.

    Args:
        call: as `path_id` gives it.
        base: the base of its URLs; see `base_of`.
    """
    return {
        "activitiesURL": f"{base}conversation/{call}/activities",
        "refreshURL": f"{base}conversation/{call}/refresh",
        "disconnectURL": f"{base}conversation/{call}/disconnect",
        "expiresSeconds": EXPIRES,
    }


def read(call: str, activity: dict[str, object]) -> Heard | None:
    """Parse an activity; None for one that needs no answer, or a partial result."""
    parameters, name = object_of(activity.get("parameters")), text_of(activity, "name")
    heard = partial(
        Heard,
        call,
        id=text_of(activity, "id") or None,
        language=language_of(activity.get("language")),
        caller=caller_of(parameters.get("caller")),
    )
    content = json.dumps({key: activity[key] for key in activity.keys() - CHANGES}, sort_keys=True)
    if activity.get("type") == "event":
        value = activity.get("value")
        if name == "DTMF":
            keys = keys_of(value)
            # A gateway that does not collect keys sends "00" as 0 and 0 at once: the second is not a resent message.
            return heard(kind=CallEventKind.DIGITS, digits=keys, content=content if len(keys) > 1 else "")
        if name == "transferStatus":
            is_over = object_of(value).get("status") == ANSWERED
            return None if is_over else heard(kind=CallEventKind.NOT_REACHED, content=content)
        return heard(kind=EVENTS[name], content=content) if name in EVENTS else None
    if activity.get("type") != "message":
        return None
    recognised = object_of(parameters.get("recognitionOutput"))  # the recogniser's raw output, which many pass on
    if recognised.get("isFinal") is False:
        return None
    best = Hypothesis(text_of(activity, "text"), confidence_of(parameters.get("confidence")))
    others = [one for one in guesses(recognised.get("alternatives"), "transcript") if one.text != best.text]
    return heard(kind=CallEventKind.SPEECH, hypotheses=(best, *others), content=content)


def hung_up(call: str) -> Heard:
    """The gateway says that the conversation is over."""
    return Heard(call, CallEventKind.HANG_UP)


def written(answer: Answer) -> list[dict[str, object]]:
    """An answer as activities. Keys are collected into one event, and the caller may interrupt (barge-in)."""
    activities = [
        _activity("message", text=ssml(said.text), activityParams={"language": VOICES[said.language]})
        for said in answer.say
    ]
    if answer.action is Action.TRANSFER:
        target = {
            "transferTarget": answer.to,
            "handoverReason": answer.summary,
            "transferSipHeaders": [{"name": SUMMARY, "value": answer.summary}],
            "transferNotifications": True,
        }
        return [*activities, _activity("event", name="transfer", activityParams=target)]
    if answer.action is Action.HANG_UP:
        return [*activities, _activity("event", name="hangup")]
    first, *rest = activities or [_activity("event", name="config")]
    # A voice's language stays until the next message, also for the recogniser unless its own is set.
    listening = {"language": VOICES[answer.language], "sttLanguage": VOICES[answer.language]}
    return [{**first, "sessionParams": {**ASKED_FOR, **listening}}, *rest]


def _activity(kind: str, **more: Any) -> dict[str, object]:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "id": str(uuid.uuid4()), "timestamp": moment, **more}
