"""HTTP side of the jambonz stand-in: signature, relative hooks, validation of every answer by the vendor's package."""

from __future__ import annotations

import atexit
import hashlib
import hmac
import json
import subprocess
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from gateways.gateway_base import Call, GatewayRefused

HTTP_TIMEOUT = 10.0  # fs: lib/utils/http-requestor.js HTTP_TIMEOUT
REASON = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    404: "Not Found",
    405: "Method Not Allowed",
    480: "Temporarily Unavailable",
    486: "Busy Here",
    487: "Request Terminated",
    503: "Service Unavailable",
    603: "Decline",
}
Verbs = list[tuple[str, dict[str, Any]]]


def signature(secret: str, body: str, timestamp: int) -> str:
    """fs: lib/utils/base-requestor.js: hex HMAC-SHA256 over "<timestamp>.<JSON body>", header "t=..,v1=.."."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def validate(payload: Any) -> dict[str, Any]:
    """Run the vendor's own validator in Node (fs: lib/tasks/make_task.js calls it before a verb is made)."""
    return json.loads(_validated(json.dumps({"payload": payload})))


@lru_cache(maxsize=500)
def _validated(text: str) -> str:
    node = _node()
    assert node.stdin
    assert node.stdout
    node.stdin.write(text + "\n")
    node.stdin.flush()
    return node.stdout.readline()


@lru_cache(maxsize=1)
def _node() -> subprocess.Popen[str]:
    """One Node for all answers: starting one takes longer than validating."""
    command = ["node", "validate-verbs.mjs"]
    node = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent
    )
    atexit.register(node.kill)
    return node


def as_js(value: Any) -> Any:
    """JSON.stringify writes 1, not 1.0; an application that re-serialises the body must get the same text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: as_js(v) for k, v in value.items()}
    return [as_js(v) for v in value] if isinstance(value, (list, tuple)) else value


class JambonzHttp(Call):
    secret: str | None
    basic_auth: tuple[str, str] | None
    status_url: str | None
    statuses: list[tuple[str, int]]
    info: dict[str, Any]
    _pending: dict[str, Any]
    _base: str
    _http: requests.Session

    def _origin(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise GatewayRefused(f"'{url}' is no absolute http(s) URL (fs: http-requestor.js asserts it)")
        return f"{parts.scheme}://{parts.netloc}"

    def _resolve(self, hook: Any) -> tuple[str, str]:
        """fs: http-requestor.js: a relative hook starts with "/" and is put behind scheme://host:port of the calling hook
        (a path in front of the application is lost); anything else must be absolute."""
        url, method = (hook.get("url"), hook.get("method", "POST")) if isinstance(hook, dict) else (hook, "POST")
        if not isinstance(url, str) or not url:
            raise GatewayRefused("a hook has no url (fs: HttpRequestor:request url was not provided)")
        if url.startswith("/"):
            return self._base + url, method
        if not url.startswith(("http://", "https://")):
            raise GatewayRefused(
                f"hook '{url}' is neither absolute nor begins with '/': feature server cannot request it"
            )
        return url, method

    def _hook(self, hook: Any, payload: dict[str, Any], what: str, run: bool = True) -> Verbs:
        """One webhook. 200/202/204 only, no redirects, 10 s; a body counts only with content type application/json and only
        if it is an array (fs: http-requestor.js, task.js performAction). Returns the validated verbs, [] for none."""
        url, method = self._resolve(hook)
        body = json.dumps(as_js(payload), separators=(",", ":"), ensure_ascii=False)
        headers = {"b3": f"{self.info['trace_id']}-{uuid.uuid4().hex[:16]}-1"}
        if self.secret:
            headers["Jambonz-Signature"] = signature(self.secret, body, int(time.time()))
        if method == "POST":
            headers["Content-Type"] = "application/json"
        else:  # docs:overview.md: GET carries the fields as query arguments, without sip
            url += ("&" if "?" in url else "?") + urlencode(
                {k: v for k, v in payload.items() if not isinstance(v, (dict, list))}
            )
        try:
            answer = self._http.request(
                method,
                url,
                data=body.encode() if method == "POST" else None,
                headers=headers,
                auth=self.basic_auth,
                timeout=HTTP_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as err:
            raise GatewayRefused(
                f"{what} {url}: no answer within {HTTP_TIMEOUT:.0f} s or no connection ({err})"
            ) from err
        entry = {
            "what": what,
            "method": method,
            "url": url,
            "sent": payload,
            "status": answer.status_code,
            "answer": answer.text,
        }
        self.log.append(entry)
        if answer.status_code not in (200, 202, 204):
            raise GatewayRefused(
                f"{what} {url}: web callback returned unexpected status code {answer.status_code}: {answer.text[:200]}"
            )
        is_json = "application/json" in answer.headers.get("content-type", "")
        try:
            verbs = answer.json() if is_json and answer.content else None
        except ValueError as err:
            raise GatewayRefused(f"{what} {url}: content type is JSON, the body is not ({err})") from err
        if what == "call:status":
            return []
        if not isinstance(verbs, list):
            if what == "session:new":
                raise GatewayRefused(
                    f"{url}: malformed jambonz payload: must be array (content type {answer.headers.get('content-type')})"
                )
            return []
        checked = validate(verbs)
        self.notes += [
            f"@jambonz/schema: {n}" for n in checked["schemaNotes"] if f"@jambonz/schema: {n}" not in self.notes
        ]
        if not checked["ok"]:
            raise GatewayRefused(f"{what} {url}: {checked['error']}")
        if verbs and not run:
            self._note(f"{what} {url}: the verbs in this answer are not run")
        return [(v["name"], v["data"]) for v in checked["verbs"]]

    def _status(self, status: str, sip: int, **more: Any) -> None:
        self.info.update(call_status=status, sip_status=sip, sip_reason=REASON.get(sip, ""), **more)
        self._notify(dict(self.info))

    def _leg(self, status: str, sip: int, **more: Any) -> None:
        """Status of the dialled leg goes to the same status hook (schema:call-status: direction outbound, parent_call_sid)."""
        self._notify(
            {
                **{k: v for k, v in self.info.items() if not k.startswith("originating")},
                "call_sid": self._pending["leg"],
                "parent_call_sid": self.info["call_sid"],
                "direction": "outbound",
                "to": self.transfer.target if self.transfer else "",
                "call_status": status,
                "sip_status": sip,
                "sip_reason": REASON.get(sip, ""),
                **more,
            }
        )

    def _notify(self, payload: dict[str, Any]) -> None:
        """fs: call-session.js _notifyCallStatusChange: a failing status hook is logged, the call goes on."""
        self.statuses.append((payload["call_status"], payload["sip_status"]))
        if self.status_url:
            try:
                self._hook(self.status_url, payload, "call:status")
            except GatewayRefused as err:
                self._note(f"status hook: {err}")
