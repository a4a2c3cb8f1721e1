"""jambonz feature server as client of a webhook application (HTTP).

Sources (facts only; see NOTES.md): repository jambonz/jambonz-feature-server ("fs:" + path), jambonz/next-static-site
markdown/docs/webhooks ("docs:"), npm @jambonz/verb-specifications 0.1.13 and @jambonz/schema 0.4.15 callbacks ("schema:").
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any

import requests
from gateways.gateway_base import CannotDo, GatewayRefused, Transfer
from gateways.jambonz_http import JambonzHttp, Verbs, signature, validate

__all__ = ["JambonzCall", "signature", "validate"]

SIP = {"completed": 200, "busy": 486, "no-answer": 487, "failed": 503, "declined": 603, "not-found": 404}
NOT_PLAYED = {
    "conference",
    "dequeue",
    "dialogflow",
    "enqueue",
    "lex",
    "listen",
    "llm",
    "rasa",
    "record",
    "transcribe",
    "message",
    "rest:dial",
    "dub",
    "leave",
    "alert",
    "dtmf",
    "sip:request",
}


class JambonzCall(JambonzHttp):
    def __init__(
        self,
        url: str,
        secret: str | None = None,
        caller: str = "+37120000001",
        callee: str = "+37167000000",
        *,
        status_url: str | None = None,
        language: str = "en-US",
        vendor: str = "google",
        basic_auth: tuple[str, str] | None = None,
        early_media: bool = False,
        status_as_text: bool = True,
    ) -> None:
        """url: calling hook; status_url: call status hook, if the application has one (its own URL, absolute);
        early_media: the first media goes out with 183 before the answer; status_as_text: NOTIFY codes as strings
        (fs: sip_refer.js and docs:sip-refer.md send strings, schema:sip-refer.schema.json says integers)."""
        super().__init__(caller, callee, language)
        self.url, self.secret, self.status_url = url, secret, status_url
        self.basic_auth, self._early, self._as_text = basic_auth, early_media, status_as_text
        self._base = self._origin(url)
        self._http = requests.Session()
        self._tasks: Verbs = []
        self._gather: dict[str, Any] = {}
        self._pending: dict[str, Any] = {}
        self._default = {
            "synthesizer": {"vendor": vendor, "language": language, "voice": ""},
            "recognizer": {"vendor": vendor, "language": language},
        }
        self._session = {"synthesizer": language, "recognizer": language}
        self._answered_at: float | None = None
        # fs: lib/session/call-info.js toJSON(), keys in snake case (lib/utils/snakecase-keys.js)
        self.info: dict[str, Any] = {
            "call_sid": str(uuid.uuid4()),
            "direction": "inbound",
            "from": caller,
            "to": callee,
            "call_id": str(uuid.uuid4()),
            "sip_status": 100,
            "sip_reason": "Trying",
            "call_status": "trying",
            "account_sid": str(uuid.uuid4()),
            "trace_id": uuid.uuid4().hex,
            "application_sid": str(uuid.uuid4()),
            "fs_sip_address": "10.0.0.5:5060",
            "originating_sip_ip": "203.0.113.7",
            "originating_sip_trunk_name": "trunk-1",
            "fs_public_ip": "198.51.100.9",
        }
        self.statuses: list[tuple[str, int]] = []

    # ------------------------------------------------------------------ the caller
    def begin(self) -> JambonzCall:
        """fs: lib/middleware.js invokeWebCallback: calling hook first (session:new), then the first status (trying)."""
        self._turn("new")
        sip = {
            "headers": {
                "from": f"<sip:{self.caller}@203.0.113.7>;tag=1",
                "to": f"<sip:{self.callee}@198.51.100.9>",
                "call-id": self.info["call_id"],
            },
            "body": "v=0\r\n",
            "method": "INVITE",
            "version": "2.0",
            "uri": f"sip:{self.callee}@198.51.100.9",
            "payload": [],
        }
        drop = ("fs_sip_address", "fs_public_ip")
        first = {
            "sip": sip,
            **{k: v for k, v in self.info.items() if k not in drop},
            "caller_name": "",
            "local_sip_address": "10.0.0.5:5060",
            "public_ip": "198.51.100.9",
            "service_provider_sid": str(uuid.uuid4()),
            "defaults": self._default,
        }
        verbs = self._hook(self.url, first, "session:new")
        if not verbs:
            raise GatewayRefused("the calling hook answered no verbs: feature server answers the INVITE with 480")
        self._tasks = verbs
        self._status("trying", 100)
        return self._run()

    def say(
        self, text: str, confidence: float | None = 0.9, alternatives: Sequence[Any] = (), language: str | None = None
    ) -> JambonzCall:
        """fs: gather.js _resolve('speech') -> {speech, reason: speechDetected}; shape of speech: schema:gather.schema.json."""
        self._turn("listening")
        if "speech" not in self._gather["input"]:
            self._note("the caller spoke while gather collected digits only: not heard")
            return self
        heard = [{"transcript": text, **({} if confidence is None else {"confidence": confidence})}]
        heard += [{"transcript": a} if isinstance(a, str) else dict(a) for a in alternatives]
        speech = {
            "language_code": language or self.language["listening"],
            "channel_tag": 1,
            "is_final": True,
            "alternatives": heard,
            "vendor": {"name": self._default["recognizer"]["vendor"], "evt": {"is_final": True, "alternatives": heard}},
        }
        floor = (self._gather["data"].get("recognizer") or {}).get("minConfidence")
        weak = floor and confidence is not None and confidence < floor
        return self._action({"speech": speech, "reason": "stt-low-confidence" if weak else "speechDetected"})

    def press(self, digits: str) -> JambonzCall:
        """fs: gather.js _onDtmf: ends at finishOnKey, numDigits or maxDigits, else at the time-out if minDigits (1) are there."""
        self._turn("listening")
        if "digits" not in self._gather["input"]:
            self._note("the caller pressed a key while gather took speech only: ignored")
            return self
        data, got = self._gather["data"], self._gather["digits"]
        for key in digits:
            if key == data.get("finishOnKey"):
                break
            got += key
            if len(got) in (data.get("numDigits"), data.get("maxDigits")):
                break
        else:
            if len(got) < data.get("minDigits", 1):
                self._gather["digits"] = got
                return self
        return self._action({"digits": got, "reason": "dtmfDetected"})

    def be_silent(self) -> JambonzCall:
        """fs: gather.js _startTimer: {reason: timeout}; timeout 0 never fires."""
        self._turn("listening")
        if self._gather["data"].get("timeout") == 0:
            self._note("gather has timeout 0: the silence lasts for ever, nothing is sent")
            return self
        return self._action({"reason": "timeout"})

    def hang_up(self) -> JambonzCall:
        """fs: inbound-call-session.js _hangup: status completed; gather.js: no actionHook once the call is gone, but
        dial.js calls its actionHook even then (the answer is ignored: replaceApplication() returns when callGone)."""
        self._turn("listening", "transferring")
        dialing = self.state == "transferring" and self.transfer and self.transfer.kind == "dial"
        self._finish("caller", "the caller hung up")
        if dialing and self._pending.get("actionHook"):
            self._hook(self._pending["actionHook"], {**self.info, **self._pending["results"]}, "verb:hook", run=False)
        return self

    def transfer_ends(self, how: str, sip_status: int | None = None, *, caller_hung_up: bool = False) -> JambonzCall:
        """dial: completed | busy | no-answer | failed | declined | not-found, also "ringing" (ring timer won the race: the
        last status seen stays in the results, schema:dial allows it) and "not-created" (no dial_* fields at all: fs dial.js
        callCreateFail). refer: the same words as final NOTIFY, "refused" (the REFER itself is
        answered, default 405) or "left" (BYE without a NOTIFY: no hook at all, fs: sip_refer.js kill)."""
        self._turn("transferring")
        assert self.transfer
        if how not in SIP and how not in ("ringing", "not-created", "refused", "left"):
            raise CannotDo(f"a transfer cannot end with '{how}'")
        code = sip_status or SIP.get(how, 180 if how == "ringing" else 405)
        hook, results = self._pending.get("actionHook"), self._pending["results"]
        self.state = "listening"
        if self.transfer.kind == "refer":
            shown: Any = (lambda c: str(c)) if self._as_text else (lambda c: c)
            if how == "left":
                return self._finish("caller", "transferred (REFER), no NOTIFY came")
            if how == "refused":
                return self._after(hook, {"refer_status": code})
            for step in (100, 180, code):  # docs:sip-refer.md: these two fields only; nothing tells which call
                if self._pending.get("eventHook"):
                    self._hook(
                        self._pending["eventHook"],
                        {"event": "transfer-status", "call_status": shown(step)},
                        "verb:hook",
                        run=False,
                    )
            final = {"refer_status": 202, "final_referred_call_status": shown(code)}
            if code == 200:  # docs:sip-refer.md: the leg has left the platform; the far end sends BYE
                if hook:
                    self._hook(hook, {**self.info, **final}, "verb:hook", run=False)
                return self._finish("caller", "transferred (REFER)")
            return self._after(hook, final)
        status = {"declined": "failed", "not-found": "failed"}.get(
            how, how
        )  # fs: place-outdial.js: 487 no-answer, 486/600 busy, else failed
        if how == "not-created":
            results.clear()
        else:
            results.update(dial_call_status=status, dial_sip_status=code, dial_call_sid=self._pending["leg"])
            if how == "completed":
                self._leg("in-progress", 200)
                self._leg("completed", 200, duration=42)
            elif how != "ringing":
                self._leg(status, code)
        if caller_hung_up:
            self.state = "transferring"
            return self.hang_up()
        return self._after(hook, results)

    # ------------------------------------------------------------------ the feature server
    def _answer(self, early: bool = False) -> None:
        """fs: call-session.js _evalEndpointPrecondition: 183 for earlyMedia, else the call is answered (in-progress)."""
        if self._answered_at is None:
            if early or (self._early and self.info["call_status"] == "trying"):
                self._status("early-media", 183)
            if not early:
                self._answered_at = time.time()
                self._status("in-progress", 200)

    def _finish(self, by: str, because: str) -> JambonzCall:
        if self._answered_at is not None:
            self._status(
                "completed",
                self.info["sip_status"],
                duration=int(time.time() - self._answered_at),
                call_termination_by=by,
            )
        self._tasks = []
        self._end(because)
        return self

    def _action(self, result: dict[str, Any]) -> JambonzCall:
        return self._after(self._gather["data"].get("actionHook"), result)

    def _after(self, hook: Any, result: dict[str, Any]) -> JambonzCall:
        """fs: task.js performAction: an array with verbs replaces all that is left; otherwise the next verb follows."""
        verbs = self._hook(hook, {**self.info, **result}, "verb:hook") if hook else []
        self._tasks = verbs or self._tasks
        return self._run()

    def _say(self, data: dict[str, Any]) -> None:
        self.language["speaking"] = self._lang(data, "synthesizer")
        text = data.get("text", "")
        for part in text if isinstance(text, list) else [text]:
            self._hear(part)

    def _lang(self, data: dict[str, Any], part: str) -> str:
        own = (data.get(part) or {}).get("language")
        return self._session[part] if own in (None, "default") else own

    def _run(self) -> JambonzCall:
        """fs: call-session.js exec: verb after verb; an HTTP application that runs out of verbs ends the call."""
        for _ in range(200):
            if not self._tasks:
                return self._finish(
                    "jambonz",
                    "no verbs left: feature server hangs up"
                    if self._answered_at
                    else "no verbs left, call not answered: 603",
                )
            name, data = self._tasks.pop(0)
            if name in NOT_PLAYED:
                raise NotImplementedError(f"verb '{name}' passed validation, this stand-in does not play it")
            if (
                name in ("hangup", "sip:refer") and self._answered_at is None
            ):  # fs: constants TaskPreconditions.StableCall
                self._note(f"{name} skipped: the call was not answered")
            elif name == "hangup":
                return self._finish("jambonz", "the bot hung up")
            elif name == "say" or name == "play":
                self._answer(data.get("earlyMedia") is True)
                self._say(data) if name == "say" else self._hear(f"[{data['url']}]")
            elif name == "answer":
                self._answer()
            elif name == "config":
                for part in ("synthesizer", "recognizer"):
                    self._session[part] = self._lang(data, part)
                if "reset" in data:
                    for part in [data["reset"]] if isinstance(data["reset"], str) else data["reset"]:
                        self._session[part] = self._default[part]["language"]
                if (data.get("bargeIn") or {}).get("enable"):
                    self._note("config.bargeIn (background gather) is not played")
            elif name == "gather":
                self._answer(any((data.get(k) or {}).get("earlyMedia") for k in ("say", "play")))
                wanted = data.get("input", ["digits"])  # docs:gather.md: default digits
                if not wanted or set(wanted) - {"speech", "digits"}:
                    raise GatewayRefused(f"gather: input {wanted} is not of speech and digits")
                if data.get("say"):
                    self._say(data["say"])
                if data.get("play"):
                    self._hear(f"[{data['play']['url']}]")
                self.language["listening"] = self._lang(data, "recognizer")
                self._gather = {"data": data, "input": wanted, "digits": ""}
                self.state = "listening"
                return self
            elif name == "redirect":
                verbs = self._hook(data["actionHook"], dict(self.info), "verb:hook")
                url = self._resolve(data["actionHook"])[0]
                self._base = self._origin(url)  # fs: redirect.js: a new absolute URL becomes the base of relative hooks
                if str(data.get("statusHook", "")).startswith("http"):
                    self.status_url = data["statusHook"]
                self._tasks = verbs or self._tasks
            elif name == "dial":
                return self._dial(data)
            elif name == "sip:refer":
                to = data["referTo"]  # fs: sip_refer.js _normalizeReferHeaders
                full = to if to.startswith(("<", "sip", '"')) else f"sip:{to}@203.0.113.7"
                self.transfer = Transfer(
                    full, "refer", {str(k): str(v) for k, v in (data.get("headers") or {}).items()}, raw=data
                )
                self._pending = {**data, "results": {}, "leg": ""}
                self.state = "transferring"
                return self
            elif name == "tag":
                self.info["customerData"] = data["data"]
            elif name == "sip:decline":
                if self._answered_at is None:
                    self._end(f"declined with {data['status']}")
                    return self
                self._note("sip:decline skipped: final sip status already sent")
        raise GatewayRefused("200 verbs without the caller's turn: the application runs in a circle")

    def _dial(self, data: dict[str, Any]) -> JambonzCall:
        """docs:dial.md; fs: place-outdial.js asserts number / name / sipUri; time-out 60 s; answered at once unless answerOnBridge."""
        if not data["target"]:
            raise GatewayRefused("dial: target is empty, nobody is called and the ring timer runs out")
        wanted = {"phone": "number", "teams": "number", "user": "name", "sip": "sipUri"}
        for target in data["target"]:
            if not target.get(wanted[target["type"]]):
                raise GatewayRefused(f"dial: target of type {target['type']} has no {wanted[target['type']]}")
        if data.get("answerOnBridge") is not True:
            self._answer()
        first = data["target"][0]
        headers = {**(data.get("headers") or {}), **(first.get("headers") or {})}
        self.transfer = Transfer(
            first[wanted[first["type"]]],
            "dial",
            {str(k): str(v) for k, v in headers.items()},
            caller_id=data.get("callerId"),
            timeout=data.get("timeout", 60),
            raw=data,
        )
        self._pending = {**data, "results": {}, "leg": str(uuid.uuid4())}
        for status, sip in (("trying", 100), ("ringing", 180)):
            self._leg(status, sip)
        self._pending["results"] = {
            "dial_call_status": "ringing",
            "dial_sip_status": 180,
            "dial_call_sid": self._pending["leg"],
        }
        self.state = "transferring"
        return self
