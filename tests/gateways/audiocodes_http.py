"""HTTP side of the AudioCodes stand-in: sending with retries, and what a bot's answer may contain."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import requests
from gateways.audiocodes_names import PARAMS, SSML
from gateways.gateway_base import Call, GatewayRefused


class AudioCodesHttp(Call):
    token: str | None
    timeout: float
    retries: int
    retry_ids: str
    strict: bool
    lose_answers: int
    expires: float
    session: dict[str, Any]
    activity: dict[str, Any]
    _http: requests.Session

    def _param(self, name: str, default: Any = None) -> Any:
        return self.activity.get(name, self.session.get(name, default))

    def _ignored(self, text: str) -> None:
        if self.strict:
            raise GatewayRefused(text)
        self._note("ignored: " + text)

    def _expiry(self, answer: dict[str, Any], needed: bool = False) -> None:
        value = answer.get("expiresSeconds")
        if value is None and not needed:
            return
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise GatewayRefused(f"expiresSeconds must be a number above 0, the bot answered {value!r}")
        self.expires = float(value)

    def _send(self, method: str, url: str, body: dict[str, Any] | None, what: str) -> dict[str, Any]:
        """td:API_1: JSON both ways, Content-Type application/json, UTF-8; Authorization: Bearer <token> (rasa, Live Hub)."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        attempt = 0
        while True:
            try:
                answer = self._http.request(
                    method, url, json=body, headers=headers, timeout=self.timeout, allow_redirects=False
                )
                self.log.append(
                    {
                        "what": what,
                        "method": method,
                        "url": url,
                        "sent": body,
                        "status": answer.status_code,
                        "answer": answer.text,
                    }
                )
                lost = what == "activities" and self.lose_answers > 0
                if not lost and answer.status_code < 500:
                    break
                self.lose_answers -= lost
                problem = "the answer got lost" if lost else f"answered {answer.status_code}: {answer.text[:200]}"
            except requests.RequestException as err:
                problem = f"no answer within {self.timeout:.0f} s or no connection ({err})"
            attempt += 1
            if attempt > self.retries:
                raise GatewayRefused(
                    f"{what} {url}: {problem}, after {attempt} attempts; VoiceAI Connect ends the call"
                )
            if body and "activities" in body and self.retry_ids == "new":
                body = {
                    **body,
                    "activities": [
                        {**a, "id": str(uuid.uuid4()), "timestamp": self._now()} for a in body["activities"]
                    ],
                }
        if not 200 <= answer.status_code < 300:
            raise GatewayRefused(f"{what} {url}: answered {answer.status_code}: {answer.text[:200]}")
        if "application/json" not in answer.headers.get("content-type", ""):
            raise GatewayRefused(
                f"{what} {url}: Content-Type is {answer.headers.get('content-type')}, application/json is required"
            )
        try:
            data = answer.json()
        except ValueError as err:
            raise GatewayRefused(f"{what} {url}: the body is no JSON ({err})") from err
        if not isinstance(data, dict):
            raise GatewayRefused(f"{what} {url}: a JSON object is expected, got {type(data).__name__}")
        return data

    @staticmethod
    def _now() -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _check_param(self, kind: str, key: str, value: Any) -> None:
        if key not in PARAMS:
            return self._ignored(f"{kind}.{key} is no parameter known from the documentation")
        wanted = PARAMS[key]
        if (isinstance(value, bool) and wanted is not bool) or not isinstance(value, wanted):
            self._ignored(f"{kind}.{key} must be {getattr(wanted, '__name__', 'a number')}, the bot sent {value!r}")

    def _check_ssml(self, text: str) -> None:
        """td:play-text-to-user: SSML goes to the speech service as it is; so it must be well-formed, names W3C's (assumed)."""
        if "<" not in text:
            return
        source = text if text.lstrip().startswith("<speak") else f"<speak>{text}</speak>"
        try:
            root = ET.fromstring(re.sub(r"<(/?)\w+:(\w)", r"<\1\2", source))
        except ET.ParseError as err:
            raise GatewayRefused(f"the message looks like SSML and is not well-formed ({err}): {text[:200]}") from err
        odd = {e.tag.split("}")[-1] for e in root.iter()} - SSML
        if odd:
            self._ignored(f"SSML elements {', '.join(sorted(odd))} are not in SSML 1.1")
