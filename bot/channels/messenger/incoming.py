"""What Messenger delivers, brought into shape: each kind handled on purpose, whatever else stands there passed over.

The shapes are those of Meta's webhook reference for Messenger Platform. Nothing in a body is trusted to be there.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Object = dict[str, Any]
# Said of ours with each message that we send; it comes back with the echo.
OURS = "assistant"


class Kind(StrEnum):
    """What an event asks of the assistant."""

    TEXT = "text"  # {"text"}, {"payload"} where a quick reply was chosen
    POSTBACK = "postback"  # {"payload", "title"}, {"ref"} where a link led here
    REFERRAL = "referral"  # {"ref"}: a link led into a thread that is there already
    ATTACHMENT = "attachment"  # something that cannot be read
    STANDBY = "standby"  # {"text"}, {"payload"}: said while others hold the thread
    PERSON_SPOKE = "person spoke"  # a person, or another program, has written for the page
    TAKEN = "taken"  # the thread was taken from the assistant
    GIVEN = "given"  # the thread was given to the assistant
    ASKED_FOR = "asked for"  # {"app"}: another program asks for the thread


CONTROLS = {"take_thread_control": Kind.TAKEN, "pass_thread_control": Kind.GIVEN}
# By these a person has written, and may be answered for 24 hours.
OF_THE_PERSON = {Kind.TEXT, Kind.POSTBACK, Kind.REFERRAL, Kind.ATTACHMENT, Kind.STANDBY}


@dataclass(frozen=True)
class Incoming:
    """An event; `key` is the same however often it is delivered."""

    key: str
    person: str
    kind: Kind
    at: datetime
    content: Object = field(default_factory=dict)


def read_events(body: Object, now: datetime) -> tuple[list[Incoming], Counter[str]]:
    """The events of a delivery, and how many of which kind are passed over.

    Args:
        body: a webhook of `object` "page", parsed.
        now: for events that do not tell when they happened.
    """
    found: list[Incoming] = []
    passed_over: Counter[str] = Counter()
    for channel, event in _listed(body, passed_over):
        kind, content = _standby(event) if channel == "standby" else _messaging(event)
        person = _person(event, kind)
        if kind is None or person is None:
            passed_over[_name(event)] += 1
        else:
            found.append(Incoming(_key(event, person), person, kind, _at(event, now), content))
    return found, passed_over


def _listed(body: Object, passed_over: Counter[str]) -> Iterator[tuple[str, Object]]:
    for entry in _list(body.get("entry")):
        if not isinstance(entry, dict):
            continue
        if "changes" in entry:
            passed_over["changes"] += 1
        for channel in ("messaging", "standby"):
            for event in _list(entry.get(channel)):
                if isinstance(event, dict):
                    yield channel, event


def _messaging(event: Object) -> tuple[Kind | None, Object]:
    message, postback = _object(event.get("message")), _object(event.get("postback"))
    if message:
        return _message(message)
    if postback:
        ref = _object(postback.get("referral")).get("ref")
        return Kind.POSTBACK, _texts(payload=postback.get("payload"), title=postback.get("title"), ref=ref)
    if referral := _object(event.get("referral")):
        return Kind.REFERRAL, _texts(ref=referral.get("ref"))
    for control, kind in CONTROLS.items():
        if control in event:
            return kind, {}
    if asked := _object(event.get("request_thread_control")):
        return Kind.ASKED_FOR, _texts(app=str(asked.get("requested_owner_app_id", "")))
    return None, {}  # reactions, reads, deliveries, edits, opt-ins, app roles, and what nobody knows yet


def _message(message: Object) -> tuple[Kind | None, Object]:
    if message.get("is_echo"):
        return (None if message.get("metadata") == OURS else Kind.PERSON_SPOKE), {}
    if message.get("is_deleted") or "sticker_id" in message:
        return None, {}  # a thumb up is no question
    attachments = [_object(each) for each in _list(message.get("attachments"))]
    if isinstance(message.get("text"), str) and message["text"].strip():
        return Kind.TEXT, _texts(text=message["text"], payload=_object(message.get("quick_reply")).get("payload"))
    if any("sticker_id" in _object(each.get("payload")) for each in attachments):
        return None, {}
    return (Kind.ATTACHMENT if attachments or message.get("is_unsupported") else None), {}


def _standby(event: Object) -> tuple[Kind | None, Object]:
    message, postback = _object(event.get("message")), _object(event.get("postback"))
    if message.get("is_echo"):
        return (None if message.get("metadata") == OURS else Kind.PERSON_SPOKE), {}
    if message or postback:
        return Kind.STANDBY, _texts(text=message.get("text") or postback.get("title"), payload=postback.get("payload"))
    return None, {}


def _person(event: Object, kind: Kind | None) -> str | None:
    """Whose thread it is: the sender's; of what the page says, the recipient's."""
    side = "recipient" if kind is Kind.PERSON_SPOKE else "sender"
    person = _object(event.get(side)).get("id")
    usable = isinstance(person, str) and person.isascii() and person.isalnum() and len(person) <= 64
    return person if usable else None


def _key(event: Object, person: str) -> str:
    """By the message's id; of what has none, by person, time and all that it holds."""
    parts = [_object(event.get(part)).get("mid") for part in ("message", "postback")]
    mid = next((part for part in parts if isinstance(part, str) and part), None)
    source = ["mid", mid] if mid else ["event", person, event]
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def _at(event: Object, now: datetime) -> datetime:
    milliseconds = event.get("timestamp")
    try:
        at = datetime.fromtimestamp(float(milliseconds) / 1000, UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return min(at, now)


def _name(event: Object) -> str:
    """The kind of an event for a log: only names that Meta may give, nothing that somebody wrote."""
    known = sorted(set(event) - {"sender", "recipient", "timestamp"})
    return known[0][:40] if known and known[0].isidentifier() else "unknown"


def _texts(**given: object) -> Object:
    return {name: value for name, value in given.items() if isinstance(value, str) and value}


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
