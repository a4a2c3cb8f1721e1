"""AudioCodes Bot API, HTTP mode, as VoiceAI Connect / Live Hub speaks it to a bot.

Sources: techdocs.audiocodes.com/voice-ai-connect/Content/VAIG_Combined/*.htm ("td:" + page), .../livehub/Content/*,
AudioCodes' own Rasa channel ac-voice-ai/rasa-audiocodes and RasaHQ/rasa ("rasa:"), npm repository audiocodes/ac-bot-api
("sdk:"). The stored pages are cut after some 2,000 characters, so some rules are assumed: NOTES.md says which.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from gateways.audiocodes_http import AudioCodesHttp
from gateways.audiocodes_names import EVENTS, TRANSFER_REASONS
from gateways.gateway_base import CannotDo, GatewayRefused, Transfer


class AudioCodesCall(AudioCodesHttp):
    def __init__(
        self,
        url: str,
        token: str | None = None,
        caller: str = "+37120000001",
        callee: str = "+37167000000",
        *,
        language: str = "en-US",
        trailing_slash: bool | None = None,
        timeout: float = 30.0,
        retries: int = 2,
        retry_ids: str = "same",
        admin: dict[str, Any] | None = None,
        bot: str = "bot",
        strict: bool = False,
    ) -> None:
        """url: botURL as configured; trailing_slash: force it with (True) or without (False) a slash at the end.
        admin: parameters the administrator has set (td:changing-call-setting: every parameter can be set there as well).
        timeout, retries: assumed, no page found. retry_ids: ids of an activity that is sent again, because the bot
        answered late or not: "same" (rasa: the channel warns of such duplicates and knows them by their id) or "new" (harsher:
        nothing tells the repetition from a second utterance; no page of AudioCodes' found that rules it out).
        strict: raise GatewayRefused for what is otherwise only noted as ignored."""
        super().__init__(caller, callee, language)
        if trailing_slash is not None:
            url = url.rstrip("/") + ("/" if trailing_slash else "")
        self.url, self.token, self.timeout, self.retries, self.retry_ids = url, token, timeout, retries, retry_ids
        self.strict, self.bot = strict, bot
        self.conversation = str(uuid.uuid4())
        self.session: dict[str, Any] = {"language": language, **(admin or {})}
        self.activity: dict[str, Any] = {}
        self.lose_answers = 0  # the next n answers are lost on the way back: the activity is sent again
        self.refreshes = 0
        self.urls: dict[str, str] = {}
        self.expires = 0.0
        self._since = 0.0
        self._silences = 0
        self._http = requests.Session()

    # ------------------------------------------------------------------ the caller
    def health(self) -> dict[str, Any]:
        """td:API_1: botURL is also asked with GET to check the bot. rasa: {"type": "ac-bot-api", "success": true}, with token."""
        answer = self._send("GET", self.url, None, "health")
        if answer.get("type") != "ac-bot-api" or answer.get("success") is not True:
            raise GatewayRefused(
                f'GET {self.url}: the health check wants {{"type": "ac-bot-api", "success": true}}, got {answer}'
            )
        return answer

    def begin(self, health: bool = True) -> AudioCodesCall:
        """td:API_1 and td:call-initiation: create the conversation, then the event start with the caller's data."""
        self._turn("new")
        if health:
            self.health()
        made = self._send(
            "POST",
            self.url,
            {"conversation": self.conversation, "bot": self.bot, "capabilities": ["websocket"]},
            "create",
        )
        for name in ("activitiesURL", "disconnectURL", "refreshURL"):
            if not isinstance(made.get(name), str) or not made[name]:
                raise GatewayRefused(f"create conversation: the answer has no {name}: {made}")
            self.urls[name] = urljoin(self.url, made[name])  # relative references: RFC 3986 against the address called
            if urlsplit(self.urls[name]).scheme not in ("http", "https"):
                raise GatewayRefused(f"create conversation: {name} '{made[name]}' is no http(s) address")
        self._expiry(made, needed=True)
        if made.get("websocketURL"):
            raise NotImplementedError(
                "the bot offers websocketURL: VoiceAI Connect would use it, this stand-in speaks HTTP mode only"
            )
        self.state = "listening"
        return self._activity(
            {
                "type": "event",
                "name": "start",
                "parameters": {
                    "vaigConversationId": self.conversation,
                    "callee": self.callee,
                    "calleeHost": "198.51.100.9",
                    "caller": self.caller,
                    "callerHost": "203.0.113.7",
                    "callerDisplayName": self.caller,
                },
            }
        )

    def say(
        self, text: str, confidence: float | None = 0.9, alternatives: Sequence[Any] = (), language: str | None = None
    ) -> AudioCodesCall:
        """td:receive-user-speech: message with parameters confidence, recognitionOutput (raw, vendor's own shape), …"""
        self._turn("listening")
        self._silences = 0
        heard = [{"transcript": text, **({} if confidence is None else {"confidence": confidence})}]
        heard += [{"transcript": a} if isinstance(a, str) else dict(a) for a in alternatives]
        spoken_in = language or self.language["listening"]
        params: dict[str, Any] = {
            "recognitionOutput": {"alternatives": heard, "isFinal": True, "languageCode": spoken_in, "stability": 0}
        }
        if confidence is not None:
            params["confidence"] = confidence
        return self._activity({"type": "message", "text": text, "language": spoken_in, "parameters": params})

    def press(self, digits: str) -> AudioCodesCall:
        """td:receive-dtmf: nothing by default; with sendDTMF one event per digit; with dtmfCollect one event for all, ended
        by dtmfCollectMaxDigits (5), dtmfCollectSubmitDigit (#, not part of the value: assumed) or a pause."""
        self._turn("listening")
        if not self._param("sendDTMF"):
            self._note("a key was pressed, the bot never asked for sendDTMF: no event")
            return self
        self._silences = 0
        if not self._param("dtmfCollect"):
            groups = list(digits)
        else:
            groups, got, most, submit = (
                [],
                "",
                int(self._param("dtmfCollectMaxDigits", 5)),
                self._param("dtmfCollectSubmitDigit", "#"),
            )
            for key in digits + "\0":
                if key in (submit, "\0") or len(got) == most > 0:
                    groups += [got] if got else []
                    got = ""
                if key not in (submit, "\0"):
                    got += key
        heard: list[str] = []
        for group in groups:
            if self.state == "listening":
                self._activity({"type": "event", "name": "DTMF", "value": group})
                heard += self.heard
                self.heard = []
        self.heard = heard
        return self

    def be_silent(self) -> AudioCodesCall:
        """td:inactivity-detection: noUserInput with value = how often, only if sendEventsToBot has it (older:
        userNoInputSendEvent) and userNoInputTimeoutMS > 0. After userNoInputRetries (0) the call is dropped (assumed)."""
        self._turn("listening")
        if not int(self._param("userNoInputTimeoutMS", 0) or 0) > 0:
            self._note("silence: userNoInputTimeoutMS is not set, VoiceAI Connect does nothing")
            return self
        self._silences += 1
        if self._silences > int(self._param("userNoInputRetries", 0) or 0) + 1:
            return self._disconnect("error", "No user input", "dropped after userNoInputRetries silences")
        if self._param("userNoInputSpeech"):
            self._hear(str(self._param("userNoInputSpeech")))
        if "noUserInput" in (self._param("sendEventsToBot") or []) or self._param("userNoInputSendEvent"):
            return self._activity({"type": "event", "name": "noUserInput", "value": self._silences})
        self._note("silence: noUserInput is not among sendEventsToBot: no event")
        return self

    def hang_up(self) -> AudioCodesCall:
        """td:call-disconnect: POST to disconnectURL with reasonCode and reason ("Client Side" in the example there)."""
        self._turn("listening", "transferring")
        return self._disconnect("client-disconnected", "Client Side", "the caller hung up")

    def transfer_ends(self, how: str, sip_status: int | None = None, *, caller_hung_up: bool = False) -> AudioCodesCall:
        """td:transfer-status: event transferStatus {status: answered | failed, reasonCode: no-answer | busy | declined | error,
        reason}; only if transfer notifications are on, else the bot was disconnected when it asked for the transfer."""
        if self.state == "ended" and self.transfer and self.ended_because == "transferred, no notifications asked for":
            self.heard = []
            self._note(f"the transfer ended with {how}; the bot was gone by then, the caller does not come back to it")
            return self
        self._turn("transferring")
        if how in ("completed", "answered"):
            self._activity({"type": "event", "name": "transferStatus", "value": {"status": "answered"}})
            return (
                self._disconnect("transferred", "Call was transferred", "transferred")
                if self.state != "ended"
                else self
            )
        code = {"failed": "error"}.get(how, how)
        if code not in TRANSFER_REASONS:
            raise CannotDo(f"a transfer cannot end with '{how}'")
        if caller_hung_up:
            return self.hang_up()
        sip = sip_status or TRANSFER_REASONS[code]
        self.state = "listening"
        return self._activity(
            {
                "type": "event",
                "name": "transferStatus",
                "value": {"status": "failed", "reasonCode": code, "reason": f'SIP ;cause={sip} ;text="{code}"'},
            }
        )

    def time_passes(self, seconds: float) -> AudioCodesCall:
        """Refreshes before expiresSeconds run out (after two thirds of it: assumed); the bot may answer a new expiresSeconds."""
        self._turn("listening", "transferring")
        left = self._since + seconds
        while left >= self.expires * 2 / 3:
            left -= self.expires * 2 / 3
            self._expiry(self._send("POST", self.urls["refreshURL"], {"conversation": self.conversation}, "refresh"))
            self.refreshes += 1
        self._since = left
        return self

    # ------------------------------------------------------------------ the gateway
    def _activity(self, activity: dict[str, Any]) -> AudioCodesCall:
        full = {"id": str(uuid.uuid4()), "timestamp": self._now(), "language": self.language["listening"], **activity}
        answer = self._send(
            "POST", self.urls["activitiesURL"], {"conversation": self.conversation, "activities": [full]}, "activities"
        )
        todo = answer.get("activities", [])
        if not isinstance(todo, list):
            raise GatewayRefused(f"activities must be a list, got {type(todo).__name__}")
        if answer.get("conversation") not in (None, self.conversation):
            self._ignored(f"the answer names conversation {answer['conversation']}, this is {self.conversation}")
        for one in todo:
            if self.state != "listening":
                self._ignored(f"activity after {self.ended_because or 'the transfer'}: {one}")
            else:
                self._do(one)
        return self

    def _do(self, one: Any) -> None:
        """One activity of the bot. td:sending-activities: type, id, timestamp; sessionParams last, activityParams until the
        next message or playUrl (td:changing-call-setting)."""
        if not isinstance(one, dict) or one.get("type") not in ("message", "event"):
            return self._ignored(f"no activity of type message or event: {one}")
        for name in ("id", "timestamp"):
            if not one.get(name):
                self._ignored(
                    f"a bot activity has no {name} (td:sending-activities adds it)"
                ) if self.strict else self._note(f"a bot activity has no {name}")
        event = one.get("name")
        if one["type"] == "message" or event == "playUrl":
            self.activity = {}
        for kind, store in (("sessionParams", self.session), ("activityParams", self.activity)):
            given = one.get(kind) or {}
            if not isinstance(given, dict):
                self._ignored(f"{kind} is no object: {given!r}")
                continue
            for key, value in given.items():
                self._check_param(kind, key, value)
                store[key] = value
        both = self._param("language")
        self.language = {
            "listening": self._param("sttLanguage") or both,
            "speaking": self._param("ttsLanguage") or both,
        }
        if one["type"] == "message":
            if not isinstance(one.get("text"), str):
                return self._ignored(f"a message without text: {one}")
            self._check_ssml(one["text"])
            return self._hear(one["text"])
        if event not in EVENTS:
            return self._ignored(f"unknown event '{event}'")
        if event == "playUrl":
            if not self.activity.get("playUrlUrl"):
                return self._ignored("playUrl without activityParams.playUrlUrl")
            self._hear(str(self.activity.get("playUrlAltText") or f"[{self.activity['playUrlUrl']}]"))
        elif event == "hangup":
            self._disconnect("bot-disconnected", str(self._param("hangupReason", "Bot Side")), "the bot hung up")
        elif event in ("transfer", "handover"):
            self._transfer(one)
        elif event == "sendDtmf" and not re.fullmatch(r"[0-9*#]{1,20}", str(self._param("dtmfDigits", ""))):
            self._ignored("sendDtmf: dtmfDigits must be 1 to 20 of 0-9 * # (td:sending_dtmf_digits)")

    def _transfer(self, one: dict[str, Any]) -> None:
        """td:call-transfer: target in transferTarget (tel: or sip: URI). By default the bot is disconnected at once, however
        the transfer ends; with notifications it gets transferStatus and, after a failure, the caller back."""
        target = self._param("transferTarget")
        if not target or not isinstance(target, str):
            raise GatewayRefused("transfer without transferTarget, and the administrator has set none")
        if not re.match(r"(tel:\+?[\d().-]+|sips?:[^\s]+)", target):
            self._ignored(f"transferTarget '{target}' is neither a tel: nor a sip: URI")
        headers = self._param("transferSipHeaders") or []
        if not isinstance(headers, list) or any(
            not isinstance(h, dict) or set(h) != {"name", "value"} for h in headers
        ):
            raise GatewayRefused(f"transferSipHeaders must be a list of {{name, value}}, the bot sent {headers!r}")
        self.transfer = Transfer(
            target,
            "transfer",
            {h["name"]: str(h["value"]) for h in headers},
            self._param("handoverReason"),
            self._param("transferReferredByURL"),
            raw=one,
        )
        if self._param("transferNotifications") is True:
            self.state = "transferring"
        else:
            self._disconnect("transferred", "Call was transferred", "transferred, no notifications asked for")

    def _disconnect(self, code: str, reason: str, because: str) -> AudioCodesCall:
        self._end(because)
        self._send(
            "POST",
            self.urls["disconnectURL"],
            {"conversation": self.conversation, "reason": reason, "reasonCode": code},
            "disconnect",
        )
        return self
