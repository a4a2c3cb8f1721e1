"""The client that stands in for VoiceAI Connect: it sends what that sends and refuses what that refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gateways.audiocodes import AudioCodesCall
from gateways.gateway_base import GatewayRefused, spoken
from gateways.tiny_bots import Answer, Bot

HERE = Path(__file__).parent


def audiocodes_bot(
    make_bot: Any,
    turn: Callable[[dict[str, Any]], list[dict[str, Any]]],
    urls: str = "conversation/{}/",
    path: str = "/hooks/audiocodes/webhook",
) -> Bot:
    def answer(method: str, where: str, body: bytes, headers: Any) -> Answer:
        if headers["Authorization"] != "Bearer tok":
            return 401, "application/json", "{}"
        if method == "GET":
            return 200, "application/json", '{"type": "ac-bot-api", "success": true}'
        data = json.loads(body)
        out: dict[str, Any] = {}
        if where == path:
            base = urls.format(data["conversation"])
            out = {
                "activitiesURL": base + "activities",
                "disconnectURL": base + "disconnect",
                "refreshURL": base + "refresh",
                "expiresSeconds": 60,
            }
        elif where.endswith("/activities"):
            out = {
                "activities": [
                    {"id": str(i), "timestamp": "2020-10-18T15:22:35.211Z", **a}
                    for i, one in enumerate(data["activities"])
                    for a in turn(one)
                ]
            }
        return 200, "application/json", json.dumps(out)

    return make_bot(answer)


def say(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "text": text, **more}


def activities(bot: Bot) -> list[dict[str, Any]]:
    return [a for _, p, b, _ in bot.seen if p.endswith("/activities") for a in json.loads(b)["activities"]]


def transferring(notify: bool) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    def turn(one: dict[str, Any]) -> list[dict[str, Any]]:
        if one.get("name") == "start":
            return [say("Sveiki", sessionParams={"language": "lv-LV", "transferNotifications": notify})]
        if one.get("name") == "transferStatus":
            return [say("Neviens neatbild")]
        return [
            say("Savienoju"),
            {
                "type": "event",
                "name": "transfer",
                "activityParams": {
                    "transferTarget": "tel:+37167111111",
                    "handoverReason": "invoice",
                    "transferSipHeaders": [{"name": "X-Summary", "value": "r"}],
                },
            },
        ]

    return turn


@pytest.mark.parametrize(
    ("path", "slash", "wanted"),
    [
        ("/hooks/audiocodes/webhook", None, "/hooks/audiocodes/conversation/"),
        ("/hooks/audiocodes", False, "/hooks/conversation/"),
        ("/hooks/audiocodes/", True, "/hooks/audiocodes/conversation/"),
    ],
)
def test_audiocodes_relative_addresses(make_bot: Any, path: str, slash: bool | None, wanted: str) -> None:
    """As RFC 3986, 5.2: relative to the last slash of the address called; Rasa's channel answers exactly such references."""
    bot = audiocodes_bot(make_bot, lambda one: [], path=path)
    call = AudioCodesCall(bot.url + path, "tok", trailing_slash=slash).begin()
    assert urlsplit(call.urls["activitiesURL"]).path == f"{wanted}{call.conversation}/activities" and bot.paths()[
        :2
    ] == [path, path]


def test_audiocodes_failed_transfer_comes_back(make_bot: Any) -> None:
    bot = audiocodes_bot(make_bot, transferring(True))
    call = AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok", "+37129999999").begin()
    assert call.heard == ["Sveiki"] and call.language == {"listening": "lv-LV", "speaking": "lv-LV"}
    start = activities(bot)[0]
    # start event recorded from Live Hub, published in RasaHQ tests (2024-12-04): exactly these names
    assert set(start) == {"id", "timestamp", "language", "type", "name", "parameters"} and (
        start["type"],
        start["name"],
    ) == ("event", "start")
    assert set(start["parameters"]) == {
        "callee",
        "calleeHost",
        "caller",
        "callerHost",
        "callerDisplayName",
        "vaigConversationId",
    }
    assert start["parameters"]["vaigConversationId"] == call.conversation
    assert start["parameters"]["caller"] == "+37129999999"
    call.say("Cilvēku", confidence=0.6)
    assert (
        call.state == "transferring"
        and call.transfer
        and call.transfer.summary == "invoice"
        and call.transfer.headers == {"X-Summary": "r"}
    )
    assert activities(bot)[1]["parameters"]["confidence"] == 0.6
    call.transfer_ends("declined", 603)
    status = activities(bot)[2]
    assert {k: status[k] for k in ("type", "name")} == {"type": "event", "name": "transferStatus"}  # td:transfer-status
    assert (
        status["value"]["status"] == "failed"
        and status["value"]["reasonCode"] == "declined"
        and "cause=603" in status["value"]["reason"]
    )
    assert call.heard == ["Neviens neatbild"] and call.state == "listening"
    call.say("Cilvēku").transfer_ends("completed")
    assert call.state == "ended" and json.loads(bot.seen[-1][2])["reasonCode"] == "transferred"


def test_audiocodes_transfer_without_notifications_loses_the_caller(make_bot: Any) -> None:
    bot = audiocodes_bot(make_bot, transferring(False))
    call = AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok").begin().say("Cilvēku")
    assert call.state == "ended" and bot.paths()[-1].endswith("/disconnect")
    seen = len(bot.seen)
    assert (
        call.transfer_ends("no-answer").state == "ended"
        and len(bot.seen) == seen
        and "does not come back" in call.notes[-1]
    )


def test_audiocodes_events_only_if_asked_for(make_bot: Any) -> None:
    asked: list[dict[str, Any]] = [{}]

    def turn(one: dict[str, Any]) -> list[dict[str, Any]]:
        return (
            [{"type": "event", "name": "config", "sessionParams": asked[0]}]
            if one.get("name") == "start"
            else [say("ok")]
        )

    bot = audiocodes_bot(make_bot, turn)
    url = bot.url + "/hooks/audiocodes/webhook"
    call = AudioCodesCall(url, "tok").begin().press("12").be_silent()
    assert len(activities(bot)) == 1 and len(call.notes) == 2
    asked[0] = {
        "sendDTMF": True,
        "sendEventsToBot": ["noUserInput"],
        "userNoInputTimeoutMS": 5000,
        "userNoInputRetries": 1,
    }
    call = AudioCodesCall(url, "tok").begin().press("12")
    assert [a["value"] for a in activities(bot)[2:]] == ["1", "2"] and call.heard == ["ok", "ok"]
    call.be_silent().be_silent()
    assert {k: activities(bot)[-1][k] for k in ("type", "name", "value")} == {
        "type": "event",
        "name": "noUserInput",
        "value": 2,
    }  # td:inactivity-detection
    assert call.be_silent().state == "ended"
    asked[0] = {"sendDTMF": True, "dtmfCollect": True, "dtmfCollectMaxDigits": 3}
    AudioCodesCall(url, "tok").begin().press("123")
    assert {k: activities(bot)[-1][k] for k in ("type", "name", "value")} == {
        "type": "event",
        "name": "DTMF",
        "value": "123",
    }  # td:receive-dtmf


@pytest.mark.parametrize("ids", ["new", "same"])
def test_audiocodes_retry_refresh_and_disconnect(make_bot: Any, ids: str) -> None:
    bot = audiocodes_bot(make_bot, lambda one: [say("ok")])
    call = AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok", retry_ids=ids).begin()
    call.lose_answers = 1
    call.say("hei")
    first, second = activities(bot)[-2:]
    assert (first["id"] != second["id"]) is (ids == "new") and first["text"] == second["text"] and call.heard == ["ok"]
    assert call.time_passes(125).refreshes == 3 and bot.paths()[-1].endswith("/refresh")
    call.hang_up()
    last = json.loads(bot.seen[-1][2])
    assert last["reasonCode"] == "client-disconnected" and last["conversation"] == call.conversation


def test_audiocodes_late_or_failing_answers_are_repeated(make_bot: Any) -> None:
    delays = [0.6, 0.0]

    def turn(one: dict[str, Any]) -> list[dict[str, Any]]:
        if one["type"] == "message":
            time.sleep(delays.pop(0))
        return [say("ok")]

    bot = audiocodes_bot(make_bot, turn)
    call = AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok", timeout=0.3).begin().say("hei")
    first, second = activities(bot)[-2:]
    assert first["id"] == second["id"] and call.heard == ["ok"]
    broken = make_bot(lambda *_: (500, "application/json", "{}"))
    with pytest.raises(GatewayRefused, match=r"answered 500.*after 3 attempts"):
        AudioCodesCall(broken.url, "tok").begin()
    assert len(broken.seen) == 3


@pytest.mark.parametrize(
    ("one", "why"),
    [
        ({"type": "event", "name": "transfer"}, "without transferTarget"),
        (
            {
                "type": "event",
                "name": "transfer",
                "activityParams": {"transferTarget": "tel:+1", "transferSipHeaders": {"X": "1"}},
            },
            "list of",
        ),
        (say("<speak>a<break></speak>"), "not well-formed"),
    ],
)
def test_audiocodes_refuses(make_bot: Any, one: dict[str, Any], why: str) -> None:
    bot = audiocodes_bot(make_bot, lambda _: [one])
    with pytest.raises(GatewayRefused, match=why):
        AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok").begin()


@pytest.mark.parametrize(
    ("one", "why"),
    [
        ({"type": "event", "name": "handoff"}, "unknown event"),
        (say("a", sessionParams={"lang": "lv"}), "sessionParams.lang"),
        (say("a", activityParams={"bargeIn": "yes"}), "must be bool"),
        (
            {"type": "event", "name": "transfer", "activityParams": {"transferTarget": "+37167111111"}},
            "neither a tel: nor a sip:",
        ),
        ({"type": "typing"}, "no activity of type"),
    ],
)
def test_audiocodes_notes_or_refuses_wrong_names(make_bot: Any, one: dict[str, Any], why: str) -> None:
    bot = audiocodes_bot(make_bot, lambda _: [one])
    assert why in " ".join(AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok").begin().notes)
    with pytest.raises(GatewayRefused, match=why):
        AudioCodesCall(bot.url + "/hooks/audiocodes/webhook", "tok", strict=True).begin()


def test_audiocodes_create_needs_all_and_the_token(make_bot: Any) -> None:
    bot = make_bot(
        lambda m, *_: (
            200,
            "application/json",
            '{"type":"ac-bot-api","success":true,"activitiesURL":"a","refreshURL":"r","expiresSeconds":9}',
        )
    )
    with pytest.raises(GatewayRefused, match="no disconnectURL"):
        AudioCodesCall(bot.url, "tok").begin()
    with pytest.raises(GatewayRefused, match="401"):
        AudioCodesCall(audiocodes_bot(make_bot, lambda _: []).url, "other").begin()


def test_spoken() -> None:
    assert spoken("<speak>Labdien,<break time='1s'/> Anna &amp; Co</speak>") == "Labdien, Anna & Co"
