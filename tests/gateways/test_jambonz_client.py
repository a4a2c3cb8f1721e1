"""The client that stands in for jambonz: it sends what jambonz sends and refuses what jambonz refuses."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from gateways.gateway_base import GatewayRefused
from gateways.jambonz import JambonzCall, signature, validate
from gateways.tiny_bots import Answer, Bot

pytestmark = pytest.mark.node

HERE = Path(__file__).parent


SECRET = "wh_secret"


def jambonz_bot(make_bot: Any, answers: dict[str, Any]) -> Bot:
    def answer(method: str, path: str, body: bytes, headers: Any) -> Answer:
        stamp, digest = (p.split("=", 1)[1] for p in headers["Jambonz-Signature"].split(","))
        if signature(SECRET, body.decode(), int(stamp)).split("v1=")[1] != digest or abs(time.time() - int(stamp)) > 60:
            return 403, "text/plain", "bad signature"
        value = answers.get(path)
        if callable(value):
            value = value(json.loads(body))
        return (204, "", "") if value is None else (200, "application/json", json.dumps(value))

    return make_bot(answer)


def sent(bot: Bot, path: str) -> list[dict[str, Any]]:
    return [json.loads(b) for _, p, b, _ in bot.seen if p == path]


G: dict[str, Any] = {
    "verb": "gather",
    "input": ["speech", "digits"],
    "actionHook": "/turn",
    "bargein": True,
    "numDigits": 1,
    "timeout": 8,
    "recognizer": {"vendor": "google", "language": "lv-LV"},
    "say": {"text": "Kā varu palīdzēt?", "synthesizer": {"vendor": "google", "language": "lv-LV"}},
}


def test_jambonz_whole_call_with_dial_not_answered(make_bot: Any) -> None:
    dial = {
        "verb": "dial",
        "actionHook": "/dialed",
        "callerId": "+37167000000",
        "timeout": 20,
        "headers": {"X-Summary": "invoice"},
        "target": [{"type": "phone", "number": "+37129111111"}],
    }
    bot = jambonz_bot(
        make_bot,
        {
            "/app/call": [G],
            "/turn": lambda p: [dial] if p.get("speech") else None,
            "/dialed": [{"verb": "say", "text": "Neviens"}, G],
        },
    )
    call = JambonzCall(bot.url + "/app/call", SECRET, "+37129999999", status_url=bot.url + "/status").begin()
    assert call.heard == ["Kā varu palīdzēt?"] and call.language == {"listening": "lv-LV", "speaking": "lv-LV"}
    assert [s["call_status"] for s in sent(bot, "/status")] == ["trying", "in-progress"]
    first = sent(bot, "/app/call")[0]
    assert {
        "sip",
        "call_sid",
        "from",
        "to",
        "direction",
        "call_status",
        "originating_sip_ip",
        "account_sid",
        "application_sid",
        "defaults",
    } <= set(first)
    call.say("Savienojiet", alternatives=["savieno jūs"])
    turn = sent(bot, "/turn")[0]
    assert (
        turn["reason"] == "speechDetected"
        and turn["speech"]["alternatives"][1] == {"transcript": "savieno jūs"}
        and turn["speech"]["is_final"] is True
    )
    assert (
        call.state == "transferring"
        and call.transfer
        and call.transfer.headers == {"X-Summary": "invoice"}
        and call.transfer.target == "+37129111111"
    )
    call.transfer_ends("no-answer")
    dialed = sent(bot, "/dialed")[0]
    assert (dialed["dial_call_status"], dialed["dial_sip_status"], dialed["call_status"]) == (
        "no-answer",
        487,
        "in-progress",
    )
    assert call.heard == ["Neviens", "Kā varu palīdzēt?"] and call.state == "listening"
    legs = [s for s in sent(bot, "/status") if s.get("parent_call_sid")]
    assert [s["call_status"] for s in legs] == ["trying", "ringing", "no-answer"] and legs[0]["direction"] == "outbound"
    call.press("1")  # /turn answers 204: no verbs left, an HTTP application ends the call
    assert (
        call.state == "ended"
        and sent(bot, "/turn")[1]["digits"] == "1"
        and sent(bot, "/status")[-1]["call_status"] == "completed"
    )
    assert sent(bot, "/status")[-1]["call_termination_by"] == "jambonz"


def test_jambonz_refer_and_events(make_bot: Any) -> None:
    refer = {
        "verb": "sip:refer",
        "referTo": "+37129111111",
        "actionHook": "/referred",
        "eventHook": "/notify",
        "headers": {"X-Summary": "a"},
    }
    bot = jambonz_bot(
        make_bot, {"/": [{"verb": "answer"}, refer, {"verb": "say", "text": "after"}, G], "/referred": None}
    )
    call = JambonzCall(bot.url + "/", SECRET).begin()
    assert call.transfer and call.transfer.kind == "refer" and call.transfer.target.startswith("sip:+37129111111@")
    call.transfer_ends("busy")
    assert sent(bot, "/notify") == [
        {"event": "transfer-status", "call_status": c} for c in ("100", "180", "486")
    ]  # as docs:sip-refer.md
    assert (
        sent(bot, "/referred")[0]["final_referred_call_status"] == "486"
        and sent(bot, "/referred")[0]["refer_status"] == 202
    )
    assert call.heard[0] == "after"
    done = JambonzCall(bot.url + "/", SECRET).begin().transfer_ends("completed")
    assert done.state == "ended" and sent(bot, "/referred")[-1]["final_referred_call_status"] == "200"
    before = len(bot.seen)
    assert (
        JambonzCall(bot.url + "/", SECRET).begin().transfer_ends("left").state == "ended"
        and len(bot.seen) == before + 1
    )
    assert JambonzCall(bot.url + "/", SECRET).begin().transfer_ends("refused", 405).heard[0] == "after"
    assert sent(bot, "/referred")[-1]["refer_status"] == 405


def test_jambonz_unanswered_hangup_is_skipped_early_media_silence_and_hangup_while_dialing(make_bot: Any) -> None:
    dial = {"verb": "dial", "actionHook": "/dialed", "target": [{"type": "user", "name": "a@b.lv"}]}
    bot = jambonz_bot(
        make_bot, {"/h": [{"verb": "hangup"}], "/": [G], "/turn": [dial], "/dialed": [{"verb": "say", "text": "x"}]}
    )
    assert "603" in str(JambonzCall(bot.url + "/h", SECRET).begin().ended_because)
    call = JambonzCall(bot.url + "/", SECRET, status_url=bot.url + "/s", early_media=True).begin()
    assert [s["call_status"] for s in sent(bot, "/s")] == ["trying", "early-media", "in-progress"]
    call.be_silent()
    assert sent(bot, "/turn")[0]["reason"] == "timeout" and "speech" not in sent(bot, "/turn")[0]
    call.hang_up()
    assert call.state == "ended" and sent(bot, "/dialed")[0]["call_status"] == "completed" and call.heard == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"verb": "say"}, "must be array"),
        ([{"say": 1, "x": 2}], "missing verb property"),
        ([{"verb": "speak"}], "invalid instruction: speak"),
        ([{"verb": "gather", "earlyMedia": True}], "unknown property earlyMedia"),
        ([{"verb": "say", "text": "a", "synthesizer": {"language": "lv-LV"}}], "missing value for vendor"),
        ([{"verb": "dial"}], "missing value for target"),
        ([{"verb": "dial", "target": [{"type": "number", "number": "1"}]}], "must be one of phone,sip,user,teams"),
        ([{"verb": "dial", "target": [{"type": "phone", "name": "+371"}]}], "has no number"),
        ([{**G, "input": ["dtmf"]}], "not of speech and digits"),
        ([{**G, "timeout": "8"}], "timeout has invalid data type"),
        ([{"verb": "redirect", "actionHook": "turn"}], "neither absolute nor begins"),
        ([], "no verbs"),
    ],
)
def test_jambonz_refuses(make_bot: Any, answer: Any, why: str) -> None:
    bot = jambonz_bot(make_bot, {"/": answer})
    with pytest.raises(GatewayRefused, match=why):
        JambonzCall(bot.url + "/", SECRET).begin()


def test_jambonz_content_type_and_aliases(make_bot: Any) -> None:
    bot = make_bot(lambda *_: (200, "text/plain", "[]"))
    with pytest.raises(GatewayRefused, match="must be array"):
        JambonzCall(bot.url).begin()
    assert validate([{"verb": "stream", "url": "wss://x"}])["verbs"][0]["name"] == "listen"
    assert validate([{**G, "input": ["dtmf"]}])["schemaNotes"]


def test_jambonz_signature_is_taken_by_the_vendors_sdk() -> None:
    """The SDK's own verifier, if it is installed (package.json devDependency @jambonz/node-client)."""
    verifier = HERE / "verify-signature.cjs"
    body = '{"call_sid":"ā","n":1}'
    done = subprocess.run(
        ["node", str(verifier)],
        check=False,
        input=json.dumps({"body": body, "header": signature(SECRET, body, int(time.time())), "secret": SECRET}),
        text=True,
        capture_output=True,
        cwd=HERE,
        timeout=60,
    )
    assert done.stdout == "accepted", done.stdout + done.stderr
