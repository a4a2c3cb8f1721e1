"""Serialising a reply through Rasa: written as arguments of rasa_sdk's `utter_message`, read from Rasa's bot message.

Fields that `utter_message` does not have are stored by Rasa as metadata of its bot event.
"""

from collections.abc import Mapping
from typing import Any

from bot.desk.kinds import RequestKind
from bot.knowledge.conveyed import Conveyed
from bot.replies.catalogue import Button
from bot.replies.reply import Link, RecordedRequest, Reply
from bot.words.reference import Reference

# Keys in Rasa's `data` for the channel's client.
LINKS = "sources"
# Keys in the metadata of Rasa's bot event.
LANGUAGE = "language"
PRIVATE = "private"
CLOSES = "closes_accounts"
FAILED = "failed"
HANDOVER = "handover"
REQUEST = "request"  # its reference and kind
RESTS_ON = "rests_on"
CONVEYED = "conveyed"  # what `Conveyed.as_json` returns


def utter_message_arguments(reply: Reply) -> dict[str, Any]:
    """A `fitted` reply as keyword arguments of rasa_sdk's `utter_message`.

    A response of Rasa's response generator has the same keys, but `custom` instead of `json_message`.
    """
    marks = {PRIVATE: reply.private, CLOSES: reply.closes, FAILED: reply.failed}
    written: dict[str, Any] = {"text": reply.text, **{key: True for key, is_set in marks.items() if is_set}}
    if reply.language:
        written[LANGUAGE] = reply.language
    if reply.buttons:
        written["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    if reply.links:
        written["json_message"] = {LINKS: [{"title": link.title, "url": link.url} for link in reply.links]}
    if reply.rests_on:
        written[RESTS_ON] = {source: dict(titles) for source, titles in reply.rests_on.items()}
    if reply.conveyed.act:
        written[CONVEYED] = reply.conveyed.as_json()
    if reply.handover:
        written[HANDOVER] = reply.handover.number
    if reply.request:
        written[REQUEST] = [reply.request.reference.number, str(reply.request.kind)]
    return written


def reply_of(message: Mapping[str, Any]) -> Reply:
    """The reply in a message that Rasa passes to a channel; messages of older versions have fewer keys."""
    handover = message.get(HANDOVER)
    return Reply(
        text=message.get("text") or "",
        buttons=tuple(Button(button["title"], button["payload"]) for button in message.get("buttons") or ()),
        private=message.get(PRIVATE) is True,
        closes=message.get(CLOSES) is True,
        failed=bool(message.get(FAILED)),
        handover=Reference(handover) if handover else None,
        request=_request_of(message.get(REQUEST)),
        language=message.get(LANGUAGE),
        links=tuple(Link(link["title"], link["url"]) for link in (message.get("custom") or {}).get(LINKS, ())),
        rests_on=message.get(RESTS_ON) or {},
        conveyed=Conveyed.of_json(message.get(CONVEYED)),
    )


def _request_of(carried: Any) -> RecordedRequest | None:
    return RecordedRequest(Reference(carried[0]), RequestKind(carried[1])) if carried else None


def reply_of_event(event: Mapping[str, Any]) -> Reply:
    """The reply in a Rasa bot event, as `Event.as_dict()` returns it."""
    data, metadata = event.get("data") or {}, event.get("metadata") or {}
    return reply_of({**data, "text": event.get("text"), **metadata})
