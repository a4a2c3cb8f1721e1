"""The client that stands in for Twilio: it sends what Twilio sends and refuses what Twilio refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from gateways import twiml
from gateways.gateway_base import CannotDo, GatewayRefused
from gateways.tiny_bots import Answer, Bot
from gateways.twilio_form import FORM, URL
from gateways.twilio_voice import RequestValidator, TwilioCall

HERE = Path(__file__).parent


TOKEN = "auth-token"


def twilio_bot(make_bot: Any, documents: dict[str, str], public: str | None = None) -> Bot:
    def answer(method: str, path: str, body: bytes, headers: Any) -> Answer:
        base = public or f"http://{headers['Host']}"
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not RequestValidator(TOKEN).validate(base + path, form, headers["X-Twilio-Signature"]):
            return 403, "text/plain", "bad signature"
        text = documents[urlsplit(path).path]
        return 200, "text/xml; charset=utf-8", f"<?xml version='1.0' encoding='UTF-8'?><Response>{text}</Response>"

    return make_bot(answer)


ASK = (
    '<Gather input="speech dtmf" language="lv-LV" hints="rēķins, darbinieks" speechTimeout="auto" action="../turn?x=1" '
    'actionOnEmptyResult="{}" bargeIn="true" numDigits="1"><Say language="lv-LV" voice="Google.lv-LV-Standard-A">Kā varu palīdzēt?</Say></Gather>'
)


@pytest.mark.parametrize("public", [None, "https://bots.example.lv"])
def test_twilio_whole_call_with_dial_not_answered(make_bot: Any, public: str | None) -> None:
    bot = twilio_bot(
        make_bot,
        {
            "/a/b/voice": ASK.format("false") + "<Redirect>again</Redirect>",
            "/a/b/again": "<Say>Vai dzirdat?</Say>" + ASK.format("true"),
            "/a/turn": '<Say language="lv-LV">Savienoju</Say><Dial action="/done" timeout="20" callerId="+37167000000" answerOnBridge="true">'
            '<Sip statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">sip:queue@pbx.lv?x-summary=r%C4%93%C4%B7ins&amp;x-id=7</Sip></Dial><Say>never</Say>',
            "/done": "<Say>Neviens neatbild</Say><Hangup/>",
            "/leg": "",
            "/status": "",
        },
        public,
    )
    call = TwilioCall(
        bot.url + "/a/b/voice",
        TOKEN,
        "+37129999999",
        public_url=public and public + "/a/b/voice",
        status_callback="/status",
        status_events=("initiated", "ringing", "answered", "completed"),
        direction="outbound-api",
    )
    call.begin()
    assert (
        call.heard == ["Kā varu palīdzēt?"]
        and call.language == {"listening": "lv-LV", "speaking": "lv-LV"}
        and call.state == "listening"
    )
    call.be_silent()  # what follows Gather: Redirect, relative to the document
    assert call.heard == ["Vai dzirdat?", "Kā varu palīdzēt?"]
    call.say("Savienojiet ar darbinieku & cilvēku", confidence=0.87)
    assert call.heard == ["Savienoju"] and call.state == "transferring"
    assert (
        call.transfer
        and call.transfer.target == "sip:queue@pbx.lv"
        and call.transfer.headers == {"x-summary": "rēķins", "x-id": "7"}
    )
    call.transfer_ends("no-answer")
    assert call.heard == ["Neviens neatbild"] and call.state == "ended" and call.ended_because == "the bot hung up"
    sent = next(dict(parse_qsl(b.decode(), keep_blank_values=True)) for _, p, b, _ in bot.seen if p == "/done")
    assert sent["DialCallStatus"] == "no-answer" and sent["FromZip"] == "" and sent["CallStatus"] == "in-progress"
    legs = [dict(parse_qsl(b.decode()))["CallStatus"] for _, p, b, _ in bot.seen if p == "/leg"]
    assert legs == ["initiated", "ringing", "no-answer"]
    assert [dict(parse_qsl(b.decode()))["CallStatus"] for _, p, b, _ in bot.seen if p == "/status"] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert "/a/turn?x=1" in bot.paths()


def test_twilio_dial_without_action_falls_through_and_end_of_document_hangs_up(make_bot: Any) -> None:
    bot = twilio_bot(make_bot, {"/v": "<Dial>+37167111111</Dial><Say>Vēl esat?</Say><Gather/>"})
    call = TwilioCall(bot.url + "/v", TOKEN).begin()
    assert call.transfer and call.transfer.target == "+37167111111" and call.transfer.timeout == 30
    call.transfer_ends("busy")
    assert call.heard == ["Vēl esat?"] and call.state == "listening"
    call.be_silent()
    assert call.state == "ended" and "end of the TwiML document" in str(call.ended_because) and len(bot.seen) == 1


def test_twilio_empty_result_digits_and_hangup(make_bot: Any) -> None:
    bot = twilio_bot(make_bot, {"/v/x": ASK.format("true"), "/turn": ASK.format("true").replace("../turn", "/turn")})
    call = TwilioCall(bot.url + "/v/x", TOKEN).begin().be_silent()
    assert call.state == "listening" and b"SpeechResult=&" in bot.seen[-1][2]
    call.press("2#")
    assert b"Digits=2&FinishedOnKey=&" in bot.seen[-1][2] and b"msg=Gather+End" in bot.seen[-1][2]
    call.hang_up()
    assert call.state == "ended"
    with pytest.raises(CannotDo):
        call.say("hallo")


def test_twilio_get_is_signed_over_the_url(make_bot: Any) -> None:
    bot = twilio_bot(make_bot, {"/v": "<Hangup/>"})
    assert TwilioCall(bot.url + "/v?a=b", TOKEN, method="GET").begin().ended_because == "the bot hung up"
    assert "FromZip=&" in bot.seen[0][1] and bot.seen[0][2] == b""


REFUSED = [
    ("<Say voice='Google.lv-LV-Wavenet-A'>a</Say>", "13520"),
    ("<Say voice='alice' language='lv-LV'>a</Say>", "does not speak"),
    ("<Say voice='Google.en-US-Standard-C' language='lv-LV'>a</Say>", "does not speak"),
    ("<Say></Say>", "13512"),
    ("<Gather language='lv'/>", "13331"),
    ("<Gather input='speech,dtmf'/>", "input"),
    ("<Gather speechTimeout='soon'/>", "speechTimeout"),
    ("<Gather timeout='0'/>", "timeout"),
    ("<Gather actionOnEmptyResults='true'/>", "has no attribute"),
    ("<Gather bargeIn='yes'/>", "true or false"),
    ("<Gather method='post'/>", "GET or POST"),
    ("<Gather><Dial>+3711</Dial></Gather>", "may not stand inside"),
    ("<Speak>a</Speak>", "no TwiML verb"),
    ("<Dial><Number>67000000x</Number></Dial>", "13224"),
    ("<Dial><Sip>queue@pbx.lv</Sip></Dial>", "13233"),
    ("<Dial/>", "nothing to call"),
    ("<Dial timeout='20s'>+37167000000</Dial>", "whole number"),
    ("Hallo", "directly inside"),
    ("<Reject reason='later'/>", "12200"),
    ("<Say>a", "12100"),
    ("<Say>a & b</Say>", "12100"),
    ("<Redirect></Redirect>", "11100"),
    ("<Say>" + "ā" * 5000 + "</Say>", "13510"),
]


@pytest.mark.parametrize(("inner", "why"), REFUSED)
def test_twiml_refused(inner: str, why: str) -> None:
    with pytest.raises(GatewayRefused, match=why):
        twiml.parse(f"<Response>{inner}</Response>".encode(), "text/xml")


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"", "text/xml", "empty"),
        (b"{}", "application/json", "12300"),
        (b"<Response/>", "", "12300"),
        (b"<Response/>", "text/plain", "read out"),
        (b"<html/>", "text/html", "root element"),
        (b"<Response>" + b" " * 65536 + b"</Response>", "text/xml", "11750"),
    ],
)
def test_answers_refused(body: bytes, kind: str, why: str) -> None:
    with pytest.raises(GatewayRefused, match=why):
        twiml.parse(body, kind)


def test_twilio_error_answer_and_wrong_token(make_bot: Any) -> None:
    bot = twilio_bot(make_bot, {"/v": "<Hangup/>"})
    with pytest.raises(GatewayRefused, match=r"11200.*403"):
        TwilioCall(bot.url + "/v", "other").begin()


def test_latvian_voices_and_the_new_hash() -> None:
    assert twiml.voices("lv-LV") == ["Google.lv-LV-Standard-A", "Google.lv-LV-Standard-B"] and "lv-LV" in twiml.values(
        "GatherLanguage"
    )
    new = RequestValidator("12345").compute_signature(URL, FORM, "HMAC_SHA256")
    assert RequestValidator("12345").validate(URL, FORM, new, "HMAC_SHA256") and not RequestValidator("12345").validate(
        URL, FORM, new
    )
