"""Rasa's HTTP API: closed unless it is switched on, then for insiders with a token in a header."""

import secrets
import shutil
from pathlib import Path

import pytest
import requests
from running import Running  # tests/running.py

from bot.server.api_settings import api_settings, is_internal
from bot.settings import SettingsError
from bot.settings.servers import API_HOST, API_TOKEN
from bot.training.trained_model import model_path

server = pytest.mark.server


def call(running: Running, path: str, method: str = "GET", **kwargs: object) -> requests.Response:
    address = f"http://127.0.0.1:{running.environment['BOT_API_PORT']}/{path}"
    return requests.request(method, address, timeout=60, **kwargs)  # type: ignore[arg-type]


def right(running: Running) -> dict[str, str]:
    return {"Authorization": f"Bearer {running.environment[API_TOKEN.name]}"}


@server
def test_who_has_the_token_is_let_in(guarded: Running) -> None:
    answer = call(guarded, "status", headers=right(guarded))
    assert (answer.status_code, answer.json()["model_file"]) == (200, model_path().name)


STRANGERS = {
    "nothing": ({}, "", 401),
    "another token": ({"Authorization": f"Bearer {secrets.token_urlsafe(32)}"}, "", 401),
    "an empty token": ({"Authorization": "Bearer "}, "", 401),
    "the token in the address": ({}, "?token={token}", 400),
    "the token in the address and in the header": ({"Authorization": "Bearer {token}"}, "?token={token}", 400),
    "said to come from inside": ({"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}, "", 401),
}


@server
@pytest.mark.parametrize("path", ["", "version", "status", "domain", "conversations/x/tracker", "nothing"])
@pytest.mark.parametrize(("headers", "query", "status"), STRANGERS.values(), ids=STRANGERS)
def test_everybody_else_is_refused(
    guarded: Running, path: str, headers: dict[str, str], query: str, status: int
) -> None:
    token = guarded.environment[API_TOKEN.name]
    headers = {name: value.format(token=token) for name, value in headers.items()}
    assert call(guarded, path + query.format(token=token), headers=headers).status_code == status


@server
@pytest.mark.parametrize("path", ["status", "domain", "conversations/x/tracker", "model"])
def test_where_customers_come_there_is_no_api(guarded: Running, path: str) -> None:
    answer = requests.get(guarded.url.removesuffix("chat/") + path, headers=right(guarded), timeout=10)
    assert answer.status_code == 404


@server
def test_a_model_that_is_not_signed_is_not_loaded(guarded: Running, tmp_path: Path) -> None:
    shutil.copy(model_path(), tmp_path / "stranger.tar.gz")
    body = {"model_file": str(tmp_path / "stranger.tar.gz")}
    call(guarded, "model", "PUT", json=body, headers=right(guarded))
    assert call(guarded, "status", headers=right(guarded)).json()["model_file"] != "stranger.tar.gz"


@server
def test_a_model_that_is_loaded_over_it_answers_customers(guarded: Running) -> None:
    answer = call(guarded, "model", "PUT", json={"model_file": str(model_path())}, headers=right(guarded))
    assert (answer.status_code, "neatslēdz" in guarded.ask("Vai mani atslēgs?")[0]["text"]) == (204, True)


@server
def test_switching_it_on_logs_no_requests(guarded: Running) -> None:
    """They contain visitors' addresses."""
    guarded.ask("Vai mani atslēgs?")
    written = Path(guarded.environment["BOT_LOGS"], "rasa-server.log").read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if "/chat/messages" in line] == []


GOOD = {"BOT_API": "on", API_TOKEN.name: secrets.token_urlsafe(32)}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"BOT_API": "yes"}, "use 'on' or 'off'"),
        ({API_TOKEN.name: ""}, f"needs {API_TOKEN.name}"),
        ({API_TOKEN.name: "short"}, f"needs {API_TOKEN.name}"),
        ({API_TOKEN.name: "ā" * 40}, f"needs {API_TOKEN.name}"),
        ({API_HOST.name: "0.0.0.0"}, "is no internal address"),
        ({API_HOST.name: "::"}, "is no internal address"),
        ({API_HOST.name: "8.8.8.8"}, "is no internal address"),
        ({API_HOST.name: "example.com"}, "is no internal address"),
        ({"BOT_API_PORT": "x"}, "is not a port number"),
    ],
)
def test_what_would_open_it_to_strangers_is_refused(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str
) -> None:
    for name, value in {**GOOD, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=told):
        api_settings()


@pytest.mark.parametrize("state", [None, "", "off"])
def test_it_is_closed_unless_it_is_switched_on(monkeypatch: pytest.MonkeyPatch, state: str | None) -> None:
    monkeypatch.delenv("BOT_API", raising=False)
    if state is not None:
        monkeypatch.setenv("BOT_API", state)
    assert api_settings() is None


@pytest.mark.parametrize(
    ("address", "internal"),
    [
        *[(each, True) for each in ("127.0.0.1", "10.1.2.3", "::1", "fd00::1", "::ffff:10.0.0.1")],
        *[(each, False) for each in ("8.8.8.8", "::ffff:8.8.8.8", "2a00:1450::1", "0.0.0.0", "")],
    ],
)
def test_an_addressis_internal_or_not(address: str, internal: bool) -> None:
    assert is_internal(address) == internal
