"""Twilio Programmable Voice as client of a webhook application (TwiML).

Sources: twilio.com/docs (voice/twiml, voice/twiml/gather, voice/twiml/dial, usage/webhooks/*, api/errors/*), PyPI twilio 9.13.0
(request_validator), npm twilio 6.3.1, forms captured in public repositories. Rule by rule: NOTES.md.
"""

from __future__ import annotations

import secrets
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin

import requests
from gateways import twiml
from gateways.gateway_base import CannotDo, GatewayRefused, Transfer
from gateways.twilio_http import TIMEOUT, RequestValidator, TwilioHttp

__all__ = ["RequestValidator", "TwilioCall"]

DIAL_ENDS = ("completed", "answered", "busy", "no-answer", "failed", "canceled")  # docs/voice/twiml/dial DialCallStatus
PLACES = ("City", "Country", "State", "Zip")


def sid(kind: str) -> str:
    return kind + secrets.token_hex(16)


class TwilioCall(TwilioHttp):
    def __init__(
        self,
        url: str,
        auth_token: str,
        caller: str = "+37120000001",
        callee: str = "+37167000000",
        *,
        public_url: str | None = None,
        method: str = "POST",
        account_sid: str | None = None,
        direction: str = "inbound",
        status_callback: str | None = None,
        status_events: tuple[str, ...] = ("completed",),
        countries: tuple[str, str] = ("LV", "LV"),
        extra: dict[str, str] | None = None,
        algorithm: str | None = None,
    ) -> None:
        """url: where the bot listens; public_url: address set in the Twilio console, if another (signed and resolved against
        it, sent to url). status_events: what the number's or the API call's StatusCallbackEvent asks for (inbound numbers:
        completed only). algorithm="HMAC_SHA256": auth_token is a SharedKey secret (twilio 9.13.0, Webhooks Rules)."""
        super().__init__(caller, callee, "en-US")
        self._local, self._public = url, public_url or url
        self.method, self.status_callback, self.status_events = method, status_callback, status_events
        self._validator, self._algorithm = RequestValidator(auth_token), algorithm
        self._http = requests.Session()  # docs/voice/twiml: Twilio is an HTTP client that keeps cookies
        self.form = {
            "AccountSid": account_sid or sid("AC"),
            "ApiVersion": "2010-04-01",
            "CallSid": sid("CA"),
            "CallStatus": "ringing" if direction == "inbound" else "in-progress",
            "Direction": direction,
            "From": caller,
            "To": callee,
            "Caller": caller,
            "Called": callee,
        }
        for side, country in (
            ("From", countries[0]),
            ("Caller", countries[0]),
            ("To", countries[1]),
            ("Called", countries[1]),
        ):
            self.form.update(
                {side + p: country if p == "Country" else "" for p in PLACES}
            )  # captured forms: empty, yet sent
        self._extra = (
            {"CallToken": '{"parentCallInfoToken":"eyJhbGciOiJFUzI1NiJ9.e30.x","identityHeaderTokens":[]}'}
            if direction == "inbound"
            else {}
        )
        self._extra.update(extra or {})
        self._doc = self._public
        self._verbs: list[ET.Element] = []
        self._gather: ET.Element | None = None
        self._dial: ET.Element | None = None
        self._sequence = 0

    # ------------------------------------------------------------------ the caller
    def begin(self) -> TwilioCall:
        self._turn("new")
        for event in ("initiated", "ringing"):
            self._status(event, event)
        self._fetch(self._public, self.method, self._extra)
        self.form["CallStatus"] = "in-progress"
        if not (self._verbs and self._verbs[0].tag == "Reject"):
            self._status("answered", "in-progress")
        return self._run()

    def say(
        self, text: str, confidence: float | None = 0.9, alternatives: Sequence[Any] = (), language: str | None = None
    ) -> TwilioCall:
        """docs/voice/twiml/gather: SpeechResult and Confidence (0.0 to 1.0) go to action; there are no alternatives."""
        self._turn("listening")
        assert self._gather is not None
        if "speech" not in self._gather.get("input", "dtmf").split():
            self._note("the caller spoke while <Gather> took keys only: not heard")
            return self.be_silent()
        if alternatives:
            self._note("Twilio has no alternatives: dropped")
        result = {"SpeechResult": text, "Language": language or self._gather.get("language") or "en-US"}
        if confidence is not None:
            result["Confidence"] = str(confidence)
        return self._gathered(result)

    def press(self, digits: str) -> TwilioCall:
        """Ends at numDigits or finishOnKey (default #, needs a digit before it), else after the pause that follows."""
        self._turn("listening")
        assert self._gather is not None
        if "dtmf" not in self._gather.get("input", "dtmf").split():
            self._note("the caller pressed keys while <Gather> took speech only: ignored")
            return self
        got, ended, finish = "", "", self._gather.get("finishOnKey", "#")
        for key in digits:
            if key in finish and got:
                ended = key
                break
            got += key
            if len(got) == int(self._gather.get("numDigits", "0")):
                break
        return self._gathered({"Digits": got, "FinishedOnKey": ended, "msg": "Gather End"}) if got else self.be_silent()

    def be_silent(self) -> TwilioCall:
        """Nothing heard: the next verb of the document; with actionOnEmptyResult="true" action is requested all the same."""
        self._turn("listening")
        assert self._gather is not None
        if self._gather.get("actionOnEmptyResult") == "true":
            empty: dict[str, str] = {}
            if "speech" in self._gather.get("input", "dtmf"):
                empty.update(SpeechResult="", Confidence="0.0")
            if "dtmf" in self._gather.get("input", "dtmf"):
                empty.update(Digits="", FinishedOnKey="", msg="Gather End")
            return self._gathered(empty)
        return self._run()

    def hang_up(self) -> TwilioCall:
        """The caller hangs up: a waiting <Gather> sends nothing; a running <Dial> with action still reports (assumed)."""
        self._turn("listening", "transferring")
        dial = self._dial if self.state == "transferring" else None
        self.form["CallStatus"] = "completed"
        if dial is not None and dial.tag == "Dial" and dial.get("action"):
            self._report(
                dial, {"DialCallStatus": "canceled", "DialCallSid": self._leg, "DialBridged": "false"}, run=False
            )
        return self._finish("the caller hung up")

    def transfer_ends(self, how: str, sip_status: int | None = None, *, caller_hung_up: bool = False) -> TwilioCall:
        """docs/voice/twiml/dial: with action: DialCallStatus is posted and what comes back is run; without: the next verb.
        <Enqueue>: "completed" = bridged, else QueueResult as given (hangup, leave, error, queue-full, system-error)."""
        self._turn("transferring")
        assert self._dial is not None
        node, answered = self._dial, how in ("completed", "answered")
        self._dial = None
        if node.tag == "Enqueue":
            result = {"QueueResult": "bridged" if answered else how, "QueueSid": sid("QU"), "QueueTime": "30"}
        else:
            if how not in DIAL_ENDS:
                raise CannotDo(f"a <Dial> cannot end with '{how}', only {', '.join(DIAL_ENDS)}")
            result = {"DialCallStatus": how, "DialCallSid": self._leg, "DialBridged": str(answered).lower()}
            if answered:
                result["DialCallDuration"] = "42"
            self._noun_status(node, how)
        if caller_hung_up:
            self.form["CallStatus"] = "completed"
            if node.get("action"):
                self._report(node, result, run=False)
            return self._finish("the caller hung up during the transfer")
        if node.get("action"):
            return self._report(node, result)
        return self._run()

    # ------------------------------------------------------------------ Twilio
    def _gathered(self, result: dict[str, str]) -> TwilioCall:
        """docs/voice/twiml/gather: default action is the address of the current document, default method POST."""
        assert self._gather is not None
        node, self._gather = self._gather, None
        self._fetch(urljoin(self._doc, node.get("action") or self._doc), node.get("method", "POST"), result)
        return self._run()

    def _report(self, node: ET.Element, result: dict[str, str], run: bool = True) -> TwilioCall:
        self._fetch(urljoin(self._doc, node.get("action", "")), node.get("method", "POST"), result)
        return self._run() if run else self

    def _fetch(self, url: str, method: str, more: dict[str, str]) -> None:
        """Request a document; it replaces what was left of the one before."""
        answer = self._request(url, method, {**self.form, **more}, "TwiML")
        if not 200 <= answer.status_code < 300:
            twiml.refuse(
                "11200 (HTTP retrieval failure)", f"{method} {url} answered {answer.status_code}: {answer.text[:200]}"
            )
        if answer.elapsed.total_seconds() > TIMEOUT:
            twiml.refuse("11200", f"{url} took {answer.elapsed.total_seconds():.1f} s")
        self._doc = urldefrag(url).url
        self._verbs = twiml.parse(answer.content, answer.headers.get("content-type", ""))

    def _finish(self, because: str) -> TwilioCall:
        self.form["CallStatus"] = "completed"
        self._status("completed", "completed", CallDuration="61", Duration="2")
        self._verbs = []
        self._end(because)
        return self

    def _speak(self, node: ET.Element) -> None:
        if node.tag == "Say":
            self.language["speaking"] = node.get("language", "en-US")
            self._hear(" ".join(node.itertext()))
        elif node.tag == "Play":
            self._hear(f"[{(node.text or '').strip() or node.get('digits', '')}]")

    def _run(self) -> TwilioCall:
        """Verb by verb; the end of the document hangs up (docs/voice/twiml)."""
        for _ in range(100):
            if not self._verbs:
                return self._finish("end of the TwiML document: Twilio hangs up")
            node = self._verbs.pop(0)
            if node.tag in ("Say", "Play", "Pause"):
                self._speak(node)
            elif node.tag == "Gather":
                for child in node:
                    self._speak(child)
                self.language["listening"] = node.get("language", "en-US")
                self._gather, self.state = node, "listening"
                return self
            elif node.tag == "Redirect":
                self._fetch(urljoin(self._doc, (node.text or "").strip()), node.get("method", "POST"), {})
            elif node.tag == "Hangup":
                return self._finish("the bot hung up")
            elif node.tag == "Reject":
                self.form["CallStatus"] = "busy" if node.get("reason") == "busy" else "no-answer"
                self._end(f"rejected ({node.get('reason', 'rejected')})")
                return self
            else:
                return self._connect(node)
        raise GatewayRefused("100 verbs without the caller's turn: the documents redirect in a circle")

    def _connect(self, node: ET.Element) -> TwilioCall:
        """docs/voice/twiml/sip: custom SIP headers stand behind ? in the URI, x-name=value&…"""
        first = node[0] if len(node) else node
        target, headers = (first.text or "").strip(), {}
        if first.tag == "Sip" and "?" in target:
            target, _, query = target.partition("?")
            headers = dict(parse_qsl(query, keep_blank_values=True))
            for name in headers:
                if not name.lower().startswith(("x-", "user-to-user", "p-", "remote-party-id")):
                    twiml.refuse("13233", f"<Sip> custom header '{name}': names begin with x-")
            if len(query) > 1024:
                twiml.refuse("13233", f"<Sip>: {len(query)} characters of headers, 1024 are allowed")
        kind = "enqueue" if node.tag == "Enqueue" else "dial"
        summary = None
        if kind == "enqueue" and node.get("workflowSid"):
            target, summary = node.get("workflowSid", ""), (node.findtext("Task") or "").strip() or None
        self.transfer = Transfer(
            target,
            kind,
            headers,
            summary,
            caller_id=node.get("callerId", self.caller) if kind == "dial" else None,
            timeout=float(node.get("timeout", "30")) if kind == "dial" else None,
            raw=ET.tostring(node, "unicode"),
        )
        self._dial, self._leg, self.state = node, sid("CA"), "transferring"
        return self
