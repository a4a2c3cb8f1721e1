"""State behind the stand-in Graph API: people, 24-hour windows, thread control, sent messages.

Sources: Send API reference (24 h, HUMAN_AGENT 7 days), Conversation Routing page of 24 Sep 2025
(/documentation/business-messaging/messenger-platform/conversation-routing): handover protocol is
retired, the calls stay.  Without a default app every app may answer and take_thread_control is
blocked; with one, an idle thread belongs to the default app; control ends after 24 h idle.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graph.errors import GraphError, bad

Json = dict[str, Any]
DAY = 86400.0
PAGE_INBOX = "263902037430900"  # Conversation Routing page, "Pass Thread Control"


@dataclass
class Person:
    """Someone with a page-scoped id.  ``last_wrote`` None = never opened a conversation."""

    psid: str
    first_name: str = "Peter"
    last_name: str = "Chang"
    profile_pic: str = "https://platform-lookaside.example/psid.jpg"
    last_wrote: float | None = None
    available: bool = True
    profile: bool = True
    extra: Json = field(default_factory=dict)


@dataclass
class Sent:
    """One accepted message (not sender actions)."""

    psid: str
    message: Json
    mid: str
    at: float
    messaging_type: str | None
    tag: str | None


@dataclass
class ControlChange:
    """A change (or request) of thread control, to be told by webhook."""

    kind: str
    psid: str
    previous: str | None
    new: str | None
    metadata: str | None
    at: float


class Page:
    """One page, seen by one app."""

    def __init__(
        self,
        page_id: str,
        app_id: str,
        now: Callable[[], float],
        default_app: str | None,
        may_take: bool,
        human_agent: bool,
    ) -> None:
        self.page_id, self.app_id, self.now = page_id, app_id, now
        self.default_app, self.may_take, self.human_agent = default_app, may_take, human_agent
        self.people: dict[str, Person] = {}
        self.sent: list[Sent] = []
        self.actions: list[tuple[float, str, str]] = []
        self.control: list[ControlChange] = []
        self._owner: dict[str, tuple[str, float]] = {}

    # -- what happens outside the API ---------------------------------------------------------
    def person(self, psid: str, **values: Any) -> Person:
        """Make a person known (or change one)."""
        who = self.people.setdefault(psid, Person(psid))
        for name, value in values.items():
            if not hasattr(who, name):
                raise AttributeError(name)
            setattr(who, name, value)
        return who

    def wrote(self, psid: str, at: float | None = None) -> Person:
        """The person wrote or tapped: the 24 hours start anew; an idle thread goes to the default app."""
        who = self.person(psid)
        who.last_wrote = self.now() if at is None else at
        owner = self.owner(psid) or self.default_app
        if owner is not None:
            self.set_owner(psid, owner, at=who.last_wrote)
        return who

    def set_owner(self, psid: str, app_id: str | None, at: float | None = None) -> None:
        """Give the thread to an app (None = idle) for 24 hours."""
        if app_id is None:
            self._owner.pop(psid, None)
        else:
            self._owner[psid] = (str(app_id), (self.now() if at is None else at) + DAY)

    def inbox_replied(self, psid: str) -> None:
        """Someone answered in the page inbox, which thereby takes control (with a default app set).

        Source: "Meta Business Suite Inbox Support"; without a default app nothing is restricted.
        """
        if self.default_app is not None:
            previous = self.owner(psid)
            self.set_owner(psid, PAGE_INBOX)
            self._changed("take_thread_control", psid, previous, PAGE_INBOX, None)

    def owner(self, psid: str) -> str | None:
        """App that controls the thread, None if idle (released, never owned, or 24 h without activity)."""
        app, until = self._owner.get(psid, (None, 0.0))
        return app if app is not None and self.now() < until else None

    # -- Send API -----------------------------------------------------------------------------
    def send(self, params: Json) -> Json:
        """Checks that need state, then the effect.  Order of the checks is assumed."""
        recipient = params["recipient"]
        if "id" not in recipient:  # user_ref, comment_id ...: not offered by this stand-in
            raise GraphError(100, subcode=2018001)
        psid = str(recipient["id"])
        who, tag = self.people.get(psid), params.get("tag")
        if who is None or psid == self.page_id:
            raise GraphError(100, subcode=2018001)
        if not who.available:
            raise GraphError(551, subcode=1545041)
        if tag == "HUMAN_AGENT" and self.human_agent and self.may_take:
            self.set_owner(psid, self.app_id)
        self._check_owner(psid)
        self._check_window(who, tag)
        if params.get("sender_action") is not None:
            self.actions.append((self.now(), psid, params["sender_action"]))
            return {"recipient_id": psid}
        control = params.get("thread_control")
        if control is not None and (
            not isinstance(control, dict) or control.get("control_type", "release") not in ("pass", "release")
        ):
            raise bad("Param thread_control[control_type] must be one of {pass, release}")
        mid = "m_" + secrets.token_urlsafe(60)
        self.sent.append(Sent(psid, params["message"], mid, self.now(), params.get("messaging_type"), tag))
        if control is not None:
            self._inline_control(psid, control)
        elif self.owner(psid) is not None:
            self.set_owner(psid, self.app_id)  # activity extends control (assumed)
        return {"recipient_id": psid, "message_id": mid}

    def _check_owner(self, psid: str) -> None:
        """10/2018300.  Code pair: error page lists 2018300; code 10 and status 400 observed."""
        owner = self.owner(psid)
        if owner is None and self.default_app in (None, self.app_id):
            return
        if owner != self.app_id:
            raise GraphError(10, subcode=2018300)

    def _check_window(self, who: Person, tag: str | None) -> None:
        """24 h; HUMAN_AGENT and CUSTOMER_FEEDBACK 7 days; a person who never wrote has no window."""
        age = None if who.last_wrote is None else self.now() - who.last_wrote
        if age is not None and age <= DAY and tag != "HUMAN_AGENT":
            return
        if tag == "HUMAN_AGENT" and not self.human_agent:  # needs the approved feature; code 10 assumed
            raise GraphError(10)
        if age is None or tag is None or age > 7 * DAY:
            raise GraphError(10, subcode=2018278)

    def _inline_control(self, psid: str, control: Json) -> None:
        target = str(control.get("app_id") or self.default_app or "")
        if control.get("control_type") == "pass" and target:
            self.set_owner(psid, target)
            self._changed("pass_thread_control", psid, self.app_id, target, None)
        else:
            self.set_owner(psid, None)

    # -- thread control calls -----------------------------------------------------------------
    def change_control(self, call: str, params: Json) -> Json:  # noqa: PLR0912 (one branch for each call)
        """pass / take / release / request / extend; all answer ``{"success": true}``."""
        psid = self._psid(params.get("recipient"))
        owner, metadata = self.owner(psid), params.get("metadata")
        if metadata is not None and (not isinstance(metadata, str) or len(metadata) > 1000):
            raise bad("Length of param metadata must be less than or equal to 1000")  # length assumed
        if call == "pass_thread_control":
            target = str(params.get("target_app_id") or "")
            if not target.isdigit():
                raise bad("The parameter target_app_id is required")
            if owner not in (None, self.app_id) or (owner is None and self.default_app not in (None, self.app_id)):
                raise GraphError(100, subcode=2534037)
            self.set_owner(psid, target)
            self._changed(call, psid, owner, target, metadata)
        elif call == "take_thread_control":
            if self.default_app is None:  # "blocked unless a default application is set"; (#27) observed
                raise GraphError(27)
            if owner is not None and self.app_id != self.default_app and not self.may_take:
                raise GraphError(100, subcode=2018171)  # pair documented, use here assumed
            self.set_owner(psid, self.app_id)
            self._changed(call, psid, owner, self.app_id, metadata)
        elif call == "release_thread_control":
            if owner != self.app_id:
                raise GraphError(100, subcode=2534037)
            self.set_owner(psid, None)
        elif call == "request_thread_control":
            self._changed(call, psid, owner, self.app_id, metadata)
        else:  # extend_thread_control: seconds, at most 7 days
            try:
                seconds = int(params.get("duration", ""))
            except (TypeError, ValueError):
                raise bad("The parameter duration is required") from None
            if owner != self.app_id:
                raise GraphError(100, subcode=2534037)
            if not 0 < seconds <= 7 * DAY:
                raise bad("Param duration must be at most 604800")
            self._owner[psid] = (self.app_id, self.now() + seconds)
        return {"success": True}

    def thread_owner(self, params: Json) -> Json:
        """Owner or default app: app_id and expiration; others: expiration only; idle: empty."""
        psid = self._psid(params.get("recipient"))
        owner = self.owner(psid)
        if owner is None:
            return {"data": []}
        found: Json = {"expiration": int(self._owner[psid][1])}
        if self.app_id in (owner, self.default_app):
            found = {"app_id": owner, **found}
        return {"data": [{"thread_owner": found}]}

    def _psid(self, recipient: Any) -> str:
        value = recipient.get("id") if isinstance(recipient, dict) else recipient
        if value in (None, ""):
            raise bad("The parameter recipient is required")
        if str(value) not in self.people:
            raise GraphError(100, subcode=2018001)
        return str(value)

    def _changed(self, kind: str, psid: str, previous: str | None, new: str | None, metadata: str | None) -> None:
        self.control.append(ControlChange(kind, psid, previous, new, metadata, self.now()))
