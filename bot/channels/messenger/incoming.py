"""Parses Messenger's deliveries: each known kind of event becomes an `Incoming`, all others are skipped and counted.

The shapes are those of Meta's webhook reference for Messenger Platform. Every field of a body may be missing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypedDict, cast

from bot.channels.json_values import Object, list_of, object_of

# Metadata of each message that we send; it comes back with the echo, by which we know our own messages.
OURS = "assistant"
# The soonest after a customer's message that a person can have answered it. Meta does not mark automatic replies of a
# page (instant reply, away message), so what comes sooner is taken for one.
SOONEST = timedelta(seconds=5)
# For so long Messenger may deliver an event again, so its idempotency key is kept. What is older is not taken: somebody
# may have recorded a delivery, and send it again when its key is forgotten.
REDELIVERY = timedelta(days=3)
EARLIEST = datetime(2004, 2, 4, tzinfo=UTC)  # Facebook was founded; no message is older
UNITS = (1000, 1)  # per second: Meta documents milliseconds; tools that forward events may write seconds


class MessengerEventKind(StrEnum):
    """The kind of an event."""

    TEXT = "text"  # {"text"}, {"payload"} where a quick reply was chosen
    POSTBACK = "postback"  # {"payload", "title"}, {"ref"} where a link led here
    REFERRAL = "referral"  # {"ref"}: a link led into an existing thread
    ATTACHMENT = "attachment"  # an attachment, which the assistant cannot read
    STANDBY = "standby"  # {"text"}, {"payload"}: received while others hold the thread
    PERSON_SPOKE = "person spoke"  # a person, or another program, has written for the page
    AUTOMATIC = "automatic"  # like PERSON_SPOKE, but too soon for a person (SOONEST)
    TAKEN = "taken"  # the thread was taken from the assistant
    GIVEN = "given"  # the thread was given to the assistant
    ASKED_FOR = "asked for"  # {"app"}: another program asks for the thread
    DESK = "desk"  # {"happened", "number", "language"}, {"name", "text"}: not Messenger's, an event of the desk to tell


CONTROLS = {"take_thread_control": MessengerEventKind.TAKEN, "pass_thread_control": MessengerEventKind.GIVEN}
# Written by the person, who may be answered for 24 hours after.
OF_THE_PERSON = {
    MessengerEventKind.TEXT,
    MessengerEventKind.POSTBACK,
    MessengerEventKind.REFERRAL,
    MessengerEventKind.ATTACHMENT,
    MessengerEventKind.STANDBY,
}


class EventContent(TypedDict, total=False):
    """An event's content; which keys there are depends on its kind."""

    text: str
    payload: str
    title: str
    ref: str
    app: str
    happened: str
    number: str
    language: str
    name: str


@dataclass(frozen=True)
class Incoming:
    """An event; `key` is its idempotency key, the same however often it is delivered."""

    key: str
    person: str
    kind: MessengerEventKind
    at: datetime
    content: EventContent = field(default_factory=EventContent)


def read_events(body: Object, now: datetime) -> tuple[list[Incoming], Counter[str]]:
    """The events of a delivery, and how many were skipped, by kind.

    Args:
        body: a webhook of `object` "page", parsed.
        now: the time of events that do not tell when they happened.
    """
    found: list[Incoming] = []
    passed_over: Counter[str] = Counter()
    for channel, event in _listed(body, passed_over):
        kind, content = _standby(event) if channel == "standby" else _messaging(event)
        person = _person(event, kind)
        if kind is None or person is None:
            passed_over[_name(event)] += 1
        elif (at := _at(event, now)) < now - REDELIVERY:
            passed_over["too old"] += 1
        else:
            found.append(Incoming(_key(event, person), person, kind, at, content))
    return found, passed_over


def _listed(body: Object, passed_over: Counter[str]) -> Iterator[tuple[str, Object]]:
    for entry in list_of(body.get("entry")):
        if not isinstance(entry, dict):
            continue
        if "changes" in entry:
            passed_over["changes"] += 1
        for channel in ("messaging", "standby"):
            for event in list_of(entry.get(channel)):
                if isinstance(event, dict):
                    yield channel, event


def _messaging(event: Object) -> tuple[MessengerEventKind | None, EventContent]:
    message, postback = object_of(event.get("message")), object_of(event.get("postback"))
    if message:
        return _message(message)
    if postback:
        ref = object_of(postback.get("referral")).get("ref")
        return MessengerEventKind.POSTBACK, _texts(
            payload=postback.get("payload"), title=postback.get("title"), ref=ref
        )
    if referral := object_of(event.get("referral")):
        return MessengerEventKind.REFERRAL, _texts(ref=referral.get("ref"))
    for control, kind in CONTROLS.items():
        if control in event:
            return kind, {}
    if asked := object_of(event.get("request_thread_control")):
        return MessengerEventKind.ASKED_FOR, _texts(app=str(asked.get("requested_owner_app_id", "")))
    return None, {}  # reactions, reads, deliveries, edits, opt-ins, app roles, and unknown kinds


def _message(message: Object) -> tuple[MessengerEventKind | None, EventContent]:
    if message.get("is_echo"):
        return (None if message.get("metadata") == OURS else MessengerEventKind.PERSON_SPOKE), {}
    if message.get("is_deleted") or "sticker_id" in message:
        return None, {}  # a thumb up is no question
    attachments = [object_of(each) for each in list_of(message.get("attachments"))]
    text = message.get("text")
    if isinstance(text, str) and text.strip():
        return MessengerEventKind.TEXT, _texts(text=text, payload=object_of(message.get("quick_reply")).get("payload"))
    if any(each.get("type") == "sticker" or "sticker_id" in object_of(each.get("payload")) for each in attachments):
        return None, {}
    return (MessengerEventKind.ATTACHMENT if attachments or message.get("is_unsupported") else None), {}


def _standby(event: Object) -> tuple[MessengerEventKind | None, EventContent]:
    message, postback = object_of(event.get("message")), object_of(event.get("postback"))
    if message.get("is_echo"):
        return (None if message.get("metadata") == OURS else MessengerEventKind.PERSON_SPOKE), {}
    if message or postback:
        return MessengerEventKind.STANDBY, _texts(
            text=message.get("text") or postback.get("title"), payload=postback.get("payload")
        )
    return None, {}


def _person(event: Object, kind: MessengerEventKind | None) -> str | None:
    """Whose thread it is: the sender's or, where the page wrote, the recipient's."""
    side = "recipient" if kind is MessengerEventKind.PERSON_SPOKE else "sender"
    given = object_of(event.get(side)).get("id")
    person = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    return person if person.isascii() and person.isalnum() and len(person) <= 64 else None


def _key(event: Object, person: str) -> str:
    """The idempotency key: from the message's id or, without one, from person, time and content."""
    parts = [object_of(event.get(part)).get("mid") for part in ("message", "postback")]
    mid = next((part for part in parts if isinstance(part, str) and part), None)
    source = ["mid", mid] if mid else ["event", person, event]
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def _at(event: Object, now: datetime) -> datetime:
    """When it happened; now where the timestamp cannot be right."""
    for unit in UNITS:
        try:
            at = datetime.fromtimestamp(float(event.get("timestamp")) / unit, UTC)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError, OSError):
            continue
        if at >= EARLIEST:
            return min(at, now)
    return now


def _name(event: Object) -> str:
    """The kind of an event for a log: only Meta's names, nothing that somebody wrote."""
    known = sorted(set(event) - {"sender", "recipient", "timestamp"})
    return known[0][:40] if known and known[0].isidentifier() else "unknown"


def _texts(**given: object) -> EventContent:
    return cast(EventContent, {name: value for name, value in given.items() if isinstance(value, str) and value})
