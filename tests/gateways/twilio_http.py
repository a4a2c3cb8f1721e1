"""HTTP side of the Twilio stand-in: signing with Twilio's own validator, sending, status callbacks."""

from __future__ import annotations

import secrets
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

import requests
from gateways import twiml
from gateways.gateway_base import Call, GatewayRefused
from twilio.request_validator import RequestValidator  # noqa: F401

TIMEOUT = 15.0  # docs/errors/11205: 15 s in all, connection included


class TwilioHttp(Call):
    form: dict[str, str]
    status_callback: str | None
    status_events: tuple[str, ...]
    _local: str
    _public: str
    _doc: str
    _leg: str
    _sequence: int
    _validator: Any
    _algorithm: str | None
    _http: requests.Session

    def _request(self, url: str, method: str, fields: dict[str, str], what: str) -> requests.Response:
        """Sign and send. POST: signature over URL and the fields posted; GET: the fields are in the URL that is signed
        (docs/usage/webhooks/webhooks-security). Connection overrides behind # are not sent."""
        url = urldefrag(url).url
        if urlsplit(url).scheme not in ("http", "https"):
            twiml.refuse("11100", f"'{url}' is no http(s) URL")
        if method == "GET":
            url += ("&" if urlsplit(url).query else "?") + urlencode(fields)
        signed = fields if method == "POST" else {}
        kind = (self._algorithm,) if self._algorithm else ()
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, signed, *kind),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        if self._algorithm:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=webhooks_sharedkey_1,algorithm={self._algorithm}"
        public, local = urlsplit(self._public), urlsplit(self._local)
        target = urlsplit(url)
        if (target.scheme, target.netloc) == (public.scheme, public.netloc):
            if self._public != self._local:
                headers.update(
                    {"Host": public.netloc, "X-Forwarded-Proto": public.scheme, "X-Forwarded-Host": public.netloc}
                )
            url_sent = urlunsplit(target._replace(scheme=local.scheme, netloc=local.netloc))
        else:
            url_sent = url
        try:
            answer = self._http.request(
                method,
                url_sent,
                data=fields if method == "POST" else None,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as err:
            raise GatewayRefused(
                f"Twilio error 11205/11200: {what} {url}: no answer within {TIMEOUT:.0f} s or no connection ({err})"
            ) from err
        self.log.append(
            {
                "what": what,
                "method": method,
                "url": url,
                "sent": fields,
                "status": answer.status_code,
                "answer": answer.text,
            }
        )
        return answer

    def _status(self, event: str, status: str, **more: str) -> None:
        """docs/usage/webhooks/voice-webhooks, call status callbacks: same fields, CallbackSource, SequenceNumber, Timestamp;
        CallDuration and Duration (minutes) at the end. The answer is not read; a failure ends nothing."""
        if self.status_callback and event in self.status_events:
            fields = {
                **self.form,
                "CallStatus": status,
                "CallbackSource": "call-progress-events",
                "SequenceNumber": str(self._sequence),
                "Timestamp": format_datetime(datetime.now(UTC)),
                **more,
            }
            self._sequence += 1
            try:
                answer = self._request(urljoin(self._public, self.status_callback), "POST", fields, "status")
                if answer.status_code >= 400:
                    self._note(f"status callback {status}: answered {answer.status_code}")
            except GatewayRefused as err:
                self._note(f"status callback: {err}")

    def _noun_status(self, node: ET.Element, how: str) -> None:
        """docs/voice/twiml/number: statusCallback of the called leg, events asked for (default completed)."""
        for noun in node:
            if noun.get("statusCallback"):
                steps = [("initiated", "initiated"), ("ringing", "ringing")] + (
                    [("answered", "in-progress")] if how in ("completed", "answered") else []
                )
                for event, status in steps + [("completed", "completed" if how == "answered" else how)]:
                    if event in noun.get("statusCallbackEvent", "completed").split():
                        fields = {
                            **self.form,
                            "ParentCallSid": self.form["CallSid"],
                            "CallSid": self._leg,
                            "Direction": "outbound-dial",
                            "To": (noun.text or "").strip(),
                            "Called": (noun.text or "").strip(),
                            "CallStatus": status,
                            "CallbackSource": "call-progress-events",
                        }
                        self._request(
                            urljoin(self._doc, noun.get("statusCallback", "")),
                            noun.get("statusCallbackMethod", "POST"),
                            fields,
                            "status of the leg",
                        )
