"""Tests of the webhook half against Meta's published examples.  Run: python -m pytest tests/graph"""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graph.clock import NOW, Clock
from graph.webhooks import Webhooks, encode, in_seconds, numeric_ids, sign, test_button


class Receiver:
    """A callback that checks the signature the documented way and answers from a list of statuses."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.bodies, self.good = list(statuses), [], []  # type: ignore[var-annotated]
        outer = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                right = hmac.new(b"secret", raw, hashlib.sha256).hexdigest()
                outer.good.append(self.headers.get("X-Hub-Signature-256", "").split("=")[-1] == right)
                outer.bodies.append(raw)
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.end_headers()

            def do_GET(self) -> None:
                query = dict(p.split("=") for p in self.path.split("?")[1].split("&"))
                self.send_response(200 if query["hub.verify_token"] == "vt" else 403)
                self.end_headers()
                self.wfile.write(query["hub.challenge"].encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def hooks(self, clock: Clock) -> Webhooks:
        url = f"http://127.0.0.1:{self.server.server_address[1]}/webhook"
        return Webhooks("22", "11", "secret", url, "vt", clock=clock, sleep=clock.sleep)


def test_bytes_and_signature_as_documented() -> None:
    raw = encode({"t": "äöå / < % @ 🐈"})
    assert raw == rb'{"t":"\u00e4\u00f6\u00e5 \/ \u003C \u0025 \u0040 \ud83d\udc08"}'
    assert json.loads(raw) == {"t": "äöå / < % @ 🐈"}
    assert sign(raw, "s")["X-Hub-Signature-256"] == "sha256=" + hmac.new(b"s", raw, "sha256").hexdigest()
    assert sign(raw, "s")["X-Hub-Signature"].startswith("sha1=")


def test_events_match_published_examples(clock: Clock) -> None:
    hooks = Receiver().hooks(clock)
    at = 1458692752.478
    base = {"sender": {"id": "P"}, "recipient": {"id": "22"}, "timestamp": 1458692752478}
    mid = "mid.1457764197618:41d102a3e1ae206a38"
    assert hooks.text("P", "hello, world!", mid=mid, at=at) == {
        **base,
        "message": {"mid": mid, "text": "hello, world!"},
    }
    assert hooks.quick_reply("P", "Green", "G", mid=mid, at=at)["message"] == {
        "mid": mid,
        "text": "Green",
        "quick_reply": {"payload": "G"},
    }
    assert hooks.sticker("P")["message"]["attachments"][0]["payload"]["sticker_id"] == 369239263222822
    assert [a["type"] for a in hooks.sticker("P", era="old")["message"]["attachments"]] == ["image"]
    assert hooks.postback("P", "U", "T", mid="m_1", referral=hooks.link("r"), at=at) == {
        **base,
        "postback": {
            "title": "T",
            "payload": "U",
            "mid": "m_1",
            "referral": {"ref": "r", "source": "SHORTLINK", "type": "OPEN_THREAD"},
        },
    }
    assert hooks.referral("P", hooks.ad("9", "r"), at)["referral"]["source"] == "ADS"
    assert hooks.echo("P", "hello, world!", app_id=1517776481860111, metadata="M", mid=mid, at=1457764197.627) == {
        "sender": {"id": "22"},
        "recipient": {"id": "P"},
        "timestamp": 1457764197627,
        "message": {"is_echo": True, "app_id": 1517776481860111, "metadata": "M", "mid": mid, "text": "hello, world!"},
    }
    assert hooks.echo_inbox("P", "x")["message"]["app_id"] == 263902037430900
    assert "app_id" not in hooks.echo_automatic("P", "Away", "none")["message"]
    assert hooks.delivery("P", ["m"], 1458668856253) == {
        "sender": {"id": "P"},
        "recipient": {"id": "22"},
        "delivery": {"mids": ["m"], "watermark": 1458668856253},
    }
    assert hooks.read("P", 1458668856253, at) == {**base, "read": {"watermark": 1458668856253}}
    assert hooks.control("pass_thread_control", "P", None, "123456789", "Additional content", at) == {
        **base,
        "pass_thread_control": {
            "previous_owner_app_id": None,
            "new_owner_app_id": "123456789",
            "metadata": "Additional content",
        },
    }
    assert hooks.edit("P", "m", "t", 2, at) == {**base, "message_edit": {"mid": "m", "text": "t", "num_edit": 2}}
    assert hooks.reaction("P", "m", at=at)["reaction"]["action"] == "react"
    standby = hooks.standby(hooks.postback("P", "U", "T"), at=at)
    assert "payload" not in standby["entry"][0]["standby"][0]["postback"]
    assert "messaging" not in standby["entry"][0]
    assert hooks.envelope(hooks.text("P", "x"), at=at)["entry"][0]["time"] == 1458692752478
    assert len(hooks.batch(hooks.text("P", "a"), hooks.text("P", "b"))["entry"]) == 2
    assert hooks.feed()["entry"][0]["changes"][0]["field"] == "feed"
    assert in_seconds(base)["timestamp"] == 1458692752
    assert numeric_ids(base)["recipient"]["id"] == 22
    assert test_button(base)["value"]["timestamp"] == "1458692752"
    assert "sender" not in hooks.app_roles({"11": ["primary_receiver"]})


def test_delivery_and_redelivery(clock: Clock) -> None:
    receiver = Receiver(500, 302, 200)
    hooks = receiver.hooks(clock)
    tries = hooks.deliver(hooks.envelope(hooks.text("P", "äöå")))
    assert [t.status for t in tries] == [500, 302, 200]
    assert receiver.good == [True] * 3
    assert len(set(receiver.bodies)) == 1
    assert clock.now == NOW
    receiver.statuses = [204, 201]
    assert not hooks.send(hooks.envelope(hooks.text("P", "1"))).delivered
    assert not hooks.send(hooks.envelope(hooks.text("P", "2"))).delivered
    assert all(a.delivered for a in hooks.redeliver())
    assert b'"2"' in receiver.bodies[-2]
    assert hooks.pending == []
    receiver.statuses = [500] * 50
    assert len(hooks.deliver(hooks.envelope(hooks.text("P", "never")))) == 11
    assert hooks.alerted
    assert hooks.disabled
    assert clock.now == NOW + 3600
    assert hooks.deliver(hooks.envelope(hooks.text("P", "x"))) == []
    forged = hooks.post(b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
    assert not receiver.good[-1]
    assert forged.raw == b"{}"


def test_handshake(clock: Clock) -> None:
    hooks = Receiver().hooks(clock)
    assert hooks.verify()[0] is True
    assert hooks.verify("wrong")[:2] == (False, 403)


def test_slow_receiver_counts_as_not_delivered(clock: Clock) -> None:
    hooks = Receiver().hooks(clock)
    hooks.timeout = 0.0001
    assert not hooks.send(hooks.envelope(hooks.text("P", "x"))).delivered
    assert len(hooks.pending) == 1
