"""The action server accepts calls from the Rasa server only, and its errors reveal nothing of the request."""

import gzip
import json
import socket
import zlib
from typing import Any

import pytest
import requests
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from running import Running  # tests/running.py

from bot.rasa.kept_connections import ActionServer
from bot.server.action_secret import action_secret, authorization
from bot.server.http_limits import ACTION_BODY, BODY
from bot.settings import SettingsError
from bot.settings.servers import ACTION_SECRET

pytestmark = pytest.mark.server
ASKED = {"name": "ask_disconnection_guarantee", "confidence": 1.0}
SAID = "līgums 90010000033"
DEFLATED, UNKNOWN = {"Content-Encoding": "deflate"}, b'{"next_action": "no_such_action"}'
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
        pytest.param(zlib.compress(b"{"), DEFLATED, 422, id="no JSON, compressed"),
        pytest.param(zlib.compress(UNKNOWN), DEFLATED, 404, id="no such action, compressed"),
        pytest.param(zlib.compress(UNKNOWN)[:-5], DEFLATED, 422, id="cut off"),
        pytest.param(UNKNOWN, DEFLATED, 422, id="not compressed after all"),
        pytest.param(gzip.compress(UNKNOWN), {"Content-Encoding": "gzip"}, 415, id="compressed in another way"),
        pytest.param(zlib.compress(b" " * (ACTION_BODY + 1)), DEFLATED, 413, id="too large when it is unpacked"),
        pytest.param(b" " * (ACTION_BODY + 1), {}, 413, id="too large"),
    ],
)
def test_what_makes_no_sense_is_refused(guarded: Running, body: Any, headers: dict[str, str], status: int) -> None:
    assert call(guarded, body, Authorization=right(), **headers).status_code == status


@pytest.mark.parametrize("compressed", ["true", "false"])
async def test_rasas_own_action_calls_it(guarded: Running, monkeypatch: pytest.MonkeyPatch, compressed: str) -> None:
    """As Rasa sends it with `COMPRESS_ACTION_SERVER_REQUEST`."""
    monkeypatch.setenv("COMPRESS_ACTION_SERVER_REQUEST", compressed)
    address = f"http://127.0.0.1:{guarded.environment['BOT_ACTION_PORT']}/webhook"
    endpoint = ActionServer.of(EndpointConfig(address, headers={"Authorization": right()}))
    tracker = DialogueStateTracker.from_events("c", [UserUttered("Vai mani atslēgs?", intent=ASKED)])
    try:
        said = await RemoteAction("action_answer", endpoint).run(
            CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, Domain.empty()
        )
    finally:
        await endpoint.close()
    assert "neatslēdz" in str(said[0].as_dict()["text"])


def test_logs_hold_nothing_of_a_call_that_failed(guarded: Running) -> None:
    call(guarded, CALL, Authorization=right())
    with open(f"{guarded.environment['BOT_LOGS']}/action-server.log", encoding="utf-8") as log:
        written = log.read()
    assert ("An action failed: KeyError" in written, "90010000033" in written) == (True, False)


def test_the_rasa_server_knows_the_secret(guarded: Running) -> None:
    assert "neatslēdz" in guarded.ask("Vai mani atslēgs?")[0]["text"]


@pytest.mark.parametrize("value", ["short", "ā" * 20, "with a line\nin it, long enough"])
def test_a_secret_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(ACTION_SECRET.name, value)
    with pytest.raises(SettingsError, match=f"^{ACTION_SECRET.name} cannot be used"):
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
