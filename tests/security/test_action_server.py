"""The action server takes calls from the Rasa server only, and tells nothing of what was sent when it fails."""

import json
import socket
import zlib
from typing import Any

import pytest
import requests
from running import Running  # tests/running.py

from bot.server.action_secret import ACTION_SECRET, action_secret, authorization
from bot.server.http_limits import ACTION_BODY, BODY
from bot.settings import SettingsError

pytestmark = pytest.mark.server
SAID = "līgums 90010000033"
CALL = {"next_action": "action_hand_over", "sender_id": "x", "text": SAID}  # without a tracker it fails


def call(running: Running, body: Any, path: str = "webhook", **headers: str) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"http://127.0.0.1:{running.environment['BOT_ACTION_PORT']}/{path}"
    return requests.post(address, data=data, headers=headers, timeout=20)


def right() -> str:
    return authorization(action_secret())


@pytest.mark.parametrize(
    ("path", "given"),
    [
        pytest.param("webhook", None, id="nothing"),
        pytest.param("webhook", "", id="an empty header"),
        pytest.param("webhook", "Bearer wrong", id="another secret"),
        pytest.param("webhook", "Bearer \xe9", id="not ASCII"),
        pytest.param("webhook", lambda: right()[:-1], id="a part of it"),
        pytest.param("webhook", lambda: right().removeprefix("Bearer "), id="the secret alone"),
        pytest.param(lambda: f"webhook?token={action_secret()}", None, id="in the address"),
        pytest.param("actions", None, id="the list of actions"),
        pytest.param("nothing", None, id="what there is not"),
    ],
)
def test_strangers_are_refused(guarded: Running, path: Any, given: Any) -> None:
    path, given = (value() if callable(value) else value for value in (path, given))
    answer = call(guarded, CALL, path, **({} if given is None else {"Authorization": given}))
    assert (answer.status_code, SAID in answer.text) == (401, False)


def test_an_action_that_fails_tells_nothing_of_the_call(guarded: Running) -> None:
    answer = call(guarded, CALL, Authorization=right())
    assert (answer.status_code, "90010000033" in answer.text, "Traceback" in answer.text) == (500, False, False)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"{", {}, 422, id="no JSON"),
        pytest.param({"next_action": "no_such_action"}, {}, 404, id="no such action"),
        pytest.param(zlib.compress(b"[]"), {"Content-Encoding": "deflate"}, 415, id="compressed"),
        pytest.param(b" " * (ACTION_BODY + 1), {}, 413, id="too large"),
    ],
)
def test_what_makes_no_sense_is_refused(guarded: Running, body: Any, headers: dict[str, str], status: int) -> None:
    assert call(guarded, body, Authorization=right(), **headers).status_code == status


def test_logs_hold_nothing_of_a_call_that_failed(guarded: Running) -> None:
    call(guarded, CALL, Authorization=right())
    with open(f"{guarded.environment['BOT_LOGS']}/action-server.log", encoding="utf-8") as log:
        written = log.read()
    assert ("An action failed: KeyError" in written, "90010000033" in written) == (True, False)


def test_the_rasa_server_knows_the_secret(guarded: Running) -> None:
    assert "neatslēdz" in guarded.ask("Vai mani atslēgs?")[0]["text"]


@pytest.mark.parametrize("value", ["short", "ā" * 20, "with a line\nin it, long enough"])
def test_a_secret_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(ACTION_SECRET, value)
    with pytest.raises(SettingsError, match=f"^{ACTION_SECRET} cannot be used"):
        action_secret()


@pytest.mark.parametrize("path", ["chat/messages", "chat/session", "chat/sign-in"])
def test_the_rasa_server_reads_no_large_bodies(guarded: Running, path: str) -> None:
    answer = requests.post(guarded.url.removesuffix("chat/") + path, data=b" " * (BODY + 1), timeout=20)
    assert answer.status_code == 413


def test_who_sends_a_request_too_slowly_is_cut_off(guarded: Running) -> None:
    with socket.create_connection(("127.0.0.1", int(guarded.environment["BOT_PORT"])), timeout=20) as slow:
        slow.sendall(b"POST /chat/messages HTTP/1.1\r\nHost: x\r\n")
        answer = slow.recv(1000)
        assert b"408" in answer.splitlines()[0]
