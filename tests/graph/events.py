"""Messenger webhook events as documented, one function per kind.

Source, unless another is named: the event pages under
https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/
(messages, message-echoes, messaging_postbacks, messaging_referrals, standby, messaging_handovers,
message-reads, message-deliveries, message-reactions, message-edits; texts of 2025/2026).
Timestamps are milliseconds, ids strings; ``in_seconds``/``numeric_ids``/``test_button`` make the
oddities.  NOTES.md section W tells what is certain and what assumed.
"""

import copy
import secrets
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
PAGE_INBOX = "263902037430900"  # Conversation Routing page
PAGE_INBOX_MISPRINT = "26390203743090"  # as the message_echoes page prints it (a digit is missing)
LIKE_STICKER = 369239263222822  # example of the messages page


class Events:
    """Builds events for one page and one app.  ``clock`` gives seconds."""

    def __init__(self, page_id: str, app_id: str, clock: Callable[[], float]) -> None:
        self.page_id, self.app_id, self.clock = page_id, app_id, clock

    def _ms(self, at: float | None) -> int:
        return round((self.clock() if at is None else at) * 1000)

    def _event(self, psid: str, at: float | None, echo: bool = False, **content: Any) -> Json:
        person, page = {"id": psid}, {"id": self.page_id}
        return {
            "sender": page if echo else person,
            "recipient": person if echo else page,
            "timestamp": self._ms(at),
            **content,
        }

    @staticmethod
    def mid() -> str:
        """A new message id in today's form (m_...; older ones were mid.<ms>:<hex>)."""
        return "m_" + secrets.token_urlsafe(60)

    # -- messages -------------------------------------------------------------------------------
    def text(
        self,
        psid: str,
        text: str,
        *,
        mid: str | None = None,
        at: float | None = None,
        reply_to: str | None = None,
        referral: Json | None = None,
    ) -> Json:
        """Text; ``reply_to`` quotes a message; ``referral`` as for a message after an ad."""
        message: Json = {"mid": mid or self.mid(), "text": text}
        if reply_to is not None:
            message["reply_to"] = {"mid": reply_to, "is_self_reply": False}
        if referral is not None:
            message["referral"] = referral
        return self._event(psid, at, message=message)

    def quick_reply(
        self, psid: str, title: str, payload: str, *, mid: str | None = None, at: float | None = None
    ) -> Json:
        """Tap on a quick reply: the title as text plus the payload."""
        return self._event(
            psid, at, message={"mid": mid or self.mid(), "text": title, "quick_reply": {"payload": payload}}
        )

    def attachment(
        self,
        psid: str,
        kind: str,
        payload: Json,
        *,
        text: str | None = None,
        mid: str | None = None,
        at: float | None = None,
    ) -> Json:
        """Any attachment: image, audio, video, file, fallback, reel, post ..."""
        message: Json = {"mid": mid or self.mid()}
        if text is not None:
            message["text"] = text
        message["attachments"] = [{"type": kind, "payload": payload}]
        return self._event(psid, at, message=message)

    def image(self, psid: str, url: str = "https://scontent.xx.fbcdn.example/v/photo.jpg?a=1&b=2", **more: Any) -> Json:
        """Photo."""
        return self.attachment(psid, "image", {"url": url}, **more)

    def audio(self, psid: str, url: str = "https://cdn.fbsbx.example/v/audioclip.mp4?a=1", **more: Any) -> Json:
        """Voice message."""
        return self.attachment(psid, "audio", {"url": url}, **more)

    def sticker(self, psid: str, sticker_id: int = LIKE_STICKER, era: str = "now", **more: Any) -> Json:
        """Sticker.  era "old": type image with sticker_id (until June 2026); "transition": both
        (until 30 August 2026); "now": only type sticker."""
        url = "https://scontent.xx.fbcdn.example/v/sticker.png"
        event = self.attachment(psid, "sticker", {"url": url, "sticker_id": sticker_id}, **more)
        image = {"type": "image", "payload": {"url": url, "sticker_id": sticker_id}}
        if era != "now":
            found = event["message"]["attachments"]
            event["message"]["attachments"] = [image] if era == "old" else [*found, image]  # order assumed
        return event

    def location(self, psid: str, lat: float = 50.08, long: float = 14.42, **more: Any) -> Json:
        """Location: not on the 2026 pages any more; shape of the former messages page (from memory)."""
        event = self.attachment(psid, "location", {"coordinates": {"lat": lat, "long": long}}, **more)
        event["message"]["attachments"][0].update(title="Pinned Location", url="https://www.facebook.com/l.php")
        return event

    def fallback(self, psid: str, text: str, url: str, title: str, **more: Any) -> Json:
        """A link in a text, v6.0+ shape."""
        return self.attachment(psid, "fallback", {"url": url, "title": title}, text=text, **more)

    # -- taps and entries -----------------------------------------------------------------------
    def postback(
        self,
        psid: str,
        payload: str | None,
        title: str = "Get Started",
        *,
        referral: Json | None = None,
        mid: str | None = None,
        at: float | None = None,
    ) -> Json:
        """Button, menu item, ice breaker or Get Started; payload None as on standby."""
        body: Json = {"title": title}
        if payload is not None:
            body["payload"] = payload
        body["mid"] = mid or self.mid()
        if referral is not None:
            body["referral"] = referral
        return self._event(psid, at, postback=body)

    @staticmethod
    def link(ref: str) -> Json:
        """Referral of an m.me link."""
        return {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}

    @staticmethod
    def ad(ad_id: str, ref: str | None = None, title: str = "Ad", post_id: str = "1_2") -> Json:
        """Referral of a click-to-Messenger ad; ``ref`` only if the ad has one."""
        found: Json = {"ref": ref} if ref is not None else {}
        return {
            **found,
            "ad_id": ad_id,
            "source": "ADS",
            "type": "OPEN_THREAD",
            "ads_context_data": {"ad_title": title, "post_id": post_id},
        }

    def referral(self, psid: str, referral: Json, at: float | None = None) -> Json:
        """messaging_referrals: an existing thread entered by link or ad (no message)."""
        return self._event(psid, at, referral=referral)

    # -- echoes ---------------------------------------------------------------------------------
    def echo(
        self,
        psid: str,
        text: str | None,
        *,
        app_id: str | int | None,
        metadata: str | None = None,
        mid: str | None = None,
        at: float | None = None,
        attachments: list[Json] | None = None,
    ) -> Json:
        """Echo.  ``app_id`` is a number in Meta's examples and "String" in its table; None leaves it out."""
        message: Json = {"mid": mid or self.mid(), "is_echo": True}
        if text is not None:
            message["text"] = text
        if app_id is not None:
            message["app_id"] = app_id
        if metadata is not None:
            message["metadata"] = metadata
        if attachments is not None:
            message["attachments"] = attachments
        return self._event(psid, at, echo=True, message=message)

    def echo_own(self, psid: str, text: str | None, mid: str, **more: Any) -> Json:
        """Echo of a message this app sent (mid of the Send API answer)."""
        return self.echo(psid, text, app_id=int(self.app_id), mid=mid, **more)

    def echo_inbox(self, psid: str, text: str | None, app_id: str | int | None = int(PAGE_INBOX), **more: Any) -> Json:
        """A person wrote in the page inbox: app_id of the inbox (v12.0+); None = as before v12.0."""
        return self.echo(psid, text, app_id=app_id, **more)

    def echo_automatic(self, psid: str, text: str, variant: str = "inbox", **more: Any) -> Json:
        """Instant reply / away message of the page.  NO source says what tells it from a person.

        variant "inbox": same as echo_inbox (the only reading of the echo page); "none": no app_id.
        Both are indistinguishable from a person's message; see NOTES.md section W, row "automatic".
        """
        return self.echo(psid, text, app_id={"inbox": int(PAGE_INBOX), "none": None}[variant], **more)

    def echo_other(self, psid: str, text: str, app_id: int = 1517776481860111, **more: Any) -> Json:
        """Echo of a message another app sent."""
        return self.echo(psid, text, app_id=app_id, **more)

    # -- receipts, reactions, edits -------------------------------------------------------------
    def delivery(
        self, psid: str, mids: list[str] | None, watermark: int | None = None, at: float | None = None
    ) -> Json:
        """Delivery: watermark always, mids sometimes; the page's example has no timestamp (kept)."""
        body: Json = {} if mids is None else {"mids": mids}
        event = self._event(psid, at, delivery={**body, "watermark": watermark or self._ms(at)})
        del event["timestamp"]
        return event

    def read(self, psid: str, watermark: int | None = None, at: float | None = None) -> Json:
        """Read receipt."""
        return self._event(psid, at, read={"watermark": watermark or self._ms(at)})

    def reaction(
        self,
        psid: str,
        mid: str,
        reaction: str = "love",
        emoji: str = "\u2764\ufe0f",
        action: str = "react",
        at: float | None = None,
    ) -> Json:
        """Reaction; unreact carries no emoji (assumed)."""
        body: Json = {"mid": mid, "action": action}
        if action == "react":
            body.update(reaction=reaction, emoji=emoji)
        return self._event(psid, at, reaction=body)

    def edit(self, psid: str, mid: str, text: str, num_edit: int = 1, at: float | None = None) -> Json:
        """message_edit: 1 to 5 edits."""
        return self._event(psid, at, message_edit={"mid": mid, "text": text, "num_edit": num_edit})

    # -- thread control -------------------------------------------------------------------------
    def control(
        self,
        kind: str,
        psid: str,
        previous: str | None,
        new: str | None,
        metadata: str | None = None,
        at: float | None = None,
    ) -> Json:
        """pass_/take_/request_thread_control; previous None = the thread was idle (JSON null)."""
        body: Json = (
            {"requested_owner_app_id": new}
            if kind == "request_thread_control"
            else {"previous_owner_app_id": previous, "new_owner_app_id": new}
        )
        if metadata is not None:
            body["metadata"] = metadata
        return {**self._event(psid, at), kind: body}

    def app_roles(self, roles: dict[str, list[str]], at: float | None = None) -> Json:
        """Role change: an event WITHOUT sender (page as recipient)."""
        return {"recipient": {"id": self.page_id}, "timestamp": self._ms(at), "app_roles": roles}


# -- oddities ---------------------------------------------------------------------------------------
def in_seconds(event: Json) -> Json:
    """Timestamps in seconds: the postback page prints "1527459824", the account_linking page 1234567890."""
    changed = copy.deepcopy(event)
    if "timestamp" in changed:
        changed["timestamp"] //= 1000
    return changed


def numeric_ids(event: Json) -> Json:
    """Ids as JSON numbers (the pages print attachment and app ids as numbers; for people: assumed)."""
    changed = copy.deepcopy(event)
    for side in ("sender", "recipient"):
        if str(changed.get(side, {}).get("id", "")).isdigit():
            changed[side]["id"] = int(changed[side]["id"])
    return changed


def test_button(event: Json, field: str = "messages") -> Json:  # noqa: PT028 (no test)
    """The dashboard's test form {"field", "value"} with a timestamp string in seconds (postback page)."""
    value = in_seconds(event)
    value["timestamp"] = str(value.get("timestamp", 0))
    return {"field": field, "value": value}


test_button.__test__ = False  # type: ignore[attr-defined]  # not for pytest
