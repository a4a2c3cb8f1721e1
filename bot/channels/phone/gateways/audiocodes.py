"""AudioCodes Bot API: a conversation is begun, then each request brings activities and takes activities."""

import uuid
from typing import Any

from bot.channels.phone.calls import Action, Answer, Heard, Hypothesis, Kind
from bot.channels.phone.gateways.shapes import confidence_of, guesses, language_of, object_of, text_of
from bot.channels.phone.ssml import ssml

EXPIRES = 120  # seconds without a request after which the gateway asks whether the bot is there
EVENTS = {"start": Kind.START, "noUserInput": Kind.SILENCE, "hangup": Kind.HANG_UP}
VOICES = {"lv": "lv-LV", "en": "en-GB"}


def begun(call: str) -> dict[str, Any]:
    """The answer to the request that begins a conversation; its addresses are relative to that request's."""
    return {
        "activitiesURL": f"conversation/{call}/activities",
        "refreshURL": f"conversation/{call}/refresh",
        "disconnectURL": f"conversation/{call}/disconnect",
        "expiresSeconds": EXPIRES,
    }


def read(call: str, activity: dict[str, Any]) -> Heard | None:
    """What an activity tells; None for one that asks nothing, or a partial result."""
    message_id = text_of(activity, "id") or None
    language = language_of(activity.get("language"))
    name = text_of(activity, "name")
    if activity.get("type") == "event":
        if name == "DTMF":
            return Heard(call, Kind.DIGITS, message_id, digits=str(activity.get("value", "")), language=language)
        return Heard(call, EVENTS[name], message_id, language=language) if name in EVENTS else None
    if activity.get("type") != "message":
        return None
    parameters = object_of(activity.get("parameters"))
    if parameters.get("recognitionType") == "partial" or parameters.get("isFinal") is False:
        return None
    single = Hypothesis(text_of(activity, "text"), confidence_of(parameters.get("confidence")))
    alternatives = guesses(parameters.get("alternatives"), "text")
    return Heard(call, Kind.SPEECH, message_id, alternatives or (single,), language=language)


def hung_up(call: str) -> Heard:
    """The gateway says that the conversation is over."""
    return Heard(call, Kind.HANG_UP)


def written(answer: Answer) -> list[dict[str, Any]]:
    """An answer as activities. Digits are collected into one event, and what is said may be broken in upon."""
    listening = {"language": VOICES[answer.language], "bargeIn": True, "dtmfCollect": True}
    activities = [
        _activity("message", text=ssml(said.text), activityParams={"language": VOICES[said.language]})
        for said in answer.say
    ]
    if answer.action is Action.TRANSFER:
        target = {"transferTarget": answer.to, "handoverReason": answer.summary}
        activities.append(_activity("event", name="transfer", activityParams=target))
    elif answer.action is Action.HANG_UP:
        activities.append(_activity("event", name="hangup"))
    elif activities:
        activities[-1]["sessionParams"] = listening
    return activities


def _activity(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), **more}
