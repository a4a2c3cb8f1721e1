"""A Rasa setting is read, or rejected by name; none is silently ignored."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import EndpointConfig

from bot.data_files import read_yaml
from bot.rasa.endpoints import read_endpoints
from bot.rasa.kept_connections import ActionServer
from bot.rasa.rasa_settings import check_credentials, check_endpoints
from bot.server.action_secret import show_secret
from bot.server.preparation import check_services
from bot.settings import PROJECT, SettingsError, settings

CHAT = "bot.channels.web.channel.WebChat"
ACTION, BASIC = "http://actions:5055/webhook", {"username": "rasa", "password": "with: colon"}
NLG, STORE = "bot.rasa.nlg.LocalisedNLG", "bot.rasa.tracker_store.ConversationStore"
BROKER, LOCKS = "bot.rasa.event_broker.RabbitMQ", "bot.rasa.lock_store.ConversationLockStore"

REFUSED = {
    "a model server": ({"models": {"url": "http://models"}}, "'models' is not read: a model comes from a file"),
    "a server that understands": ({"nlu": {"url": "http://nlu"}}, "'nlu' is not read"),
    "a section of Rasa Pro": (
        {"tracing": {"type": "jaeger"}},
        "'tracing' is not known; Rasa 3.6 reads action_endpoint",
    ),
    "a slip": ({"traker_store": {"type": STORE}}, "'traker_store' is not known"),
    "no mapping": ({"lock_store": LOCKS}, "'lock_store' is a mapping"),
    "nlg: url": ({"nlg": {"type": NLG, "url": "http://nlg"}}, "nlg: 'url' is not read; texts are in data/responses"),
    "tracker store: db": (
        {"tracker_store": {"type": STORE, "db": "rasa.db"}},
        "tracker_store: 'db' is not read; DATABASE",
    ),
    "event broker: url": (
        {"event_broker": {"type": BROKER, "url": "rabbit"}},
        "event_broker: 'url' is not read; RABBITMQ_U",
    ),
    "event broker: queues": (
        {"event_broker": {"store_type": BROKER, "type": BROKER, "queues": ["a"]}},
        "'queues' is not",
    ),
    "lock store: db": ({"lock_store": {"type": LOCKS, "db": 2}}, "lock_store: 'db' is not read; REDIS_URL says"),
    "a class by its other name": ({"lock_store": {"store_type": LOCKS, "db": 2}}, "lock_store: 'db' is not read"),
    "actions: no url": ({"action_endpoint": {"token": "t"}}, "action_endpoint: 'url' is missing"),
    "actions: a slip": (
        {"action_endpoint": {"url": ACTION, "enable_selectve_domain": True}},
        "'enable_selectve_domain'",
    ),
    "actions: no password": (
        {"action_endpoint": {"url": ACTION, "basic_auth": {"username": "x"}}},
        "needs a username and",
    ),
    "actions: twice authorised": (
        {"action_endpoint": {"url": ACTION, "basic_auth": BASIC, "headers": {"authorization": "x"}}},
        "exclude each other",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_passed_over_in_the_endpoints_is_refused(
    tmp_path: Path, content: dict[str, Any], sentence: str
) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        check_endpoints(path)
    assert (str(raised.value).startswith(f"{path}: "), sentence in str(raised.value)) == (True, True), raised.value


TAKEN = {
    "nothing": {},
    "ours": read_yaml(PROJECT / "endpoints.yml"),
    "empty sections": {"nlg": None, "action_endpoint": None},
    "all of an action server": {
        "action_endpoint": {
            "url": ACTION,
            "headers": {"X-From": "rasa"},
            "params": {"a": "b"},
            "token": "t",
            "token_name": "key",
            "cafile": "ca.pem",
            "basic_auth": BASIC,
        }
    },
    "Rasa's own parts": {
        "tracker_store": {"type": "sql", "dialect": "sqlite", "db": "rasa.db"},
        "event_broker": {"type": "file", "path": "events"},
        "lock_store": {"type": "redis", "url": "localhost", "db": 1},
        "nlg": {"url": "http://nlg"},
    },
}


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
def test_what_is_read_is_taken(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    check_endpoints(path)


def test_a_channel_of_ours_that_is_given_something_is_named(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    path.write_text(yaml.safe_dump({"socketio": {"bot_message_evt": "x"}, CHAT: {"origins": "*"}}), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{CHAT} does not read 'origins'"):
        check_credentials(path)


def test_our_credentials_are_taken() -> None:
    check_credentials(PROJECT / "credentials.yml")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TICKET_LOCK_LIFETIME", "10"),
        ("POSTGRESQL_SCHEMA", "assistant"),
        ("SQL_POOL_SIZE", "5"),
        ("SQL_MAX_OVERFLOW", "5"),
        ("FORCE_JSON_LOGGING", "true"),
        ("LOG_LEVEL", "DEBUG"),
        ("SANIC_HOST", "0.0.0.0"),
        ("ACTION_SERVER_SANIC_WORKERS", "2"),
    ],
)
def test_a_variable_of_rasas_that_nothing_reads_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}='{value}' is Rasa's and not read here: "):
        check_services()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANIC_WORKERS", "two"),
        ("SANIC_WORKERS", "0"),
        ("SANIC_BACKLOG", ""),
        ("MAX_NUMBER_OF_PREDICTIONS", "-1"),
        ("COMPRESS_ACTION_SERVER_REQUEST", ""),
        ("COMPRESS_ACTION_SERVER_REQUEST", "yes"),
    ],
)
def test_a_value_that_rasa_would_fail_on_later_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}='{value}' is not "):
        check_services()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMPRESS_ACTION_SERVER_REQUEST", "True"),
        ("COMPRESS_ACTION_SERVER_REQUEST", "0"),
        ("SANIC_BACKLOG", "200"),
        ("LOG_LEVEL", "WARNING"),
        ("ACTION_SERVER_SANIC_WORKERS", "1"),
        ("SANIC_HOST", ""),
    ],
)
def test_a_variable_that_changes_nothing_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    check_services()


@pytest.mark.parametrize("kind", ["bot.rasa.tracker_store.ConversationStor", "bot.nowhere.Store"])
def test_a_class_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """Rasa would log a warning and keep conversations in memory."""
    path = tmp_path / "endpoints.yml"
    path.write_text(yaml.safe_dump({"tracker_store": {"type": kind}}), encoding="utf-8")
    monkeypatch.setenv("BOT_ENDPOINTS", str(path))
    with pytest.raises(SettingsError, match=f"tracker_store: there is no class {kind}"):
        read_endpoints(settings())


ENDPOINTS = {
    "basic_auth": {"basic_auth": BASIC},
    "token": {"token": "a-token", "token_name": "key"},
    "params": {"params": {"a": "b"}},
    "headers": {"headers": {"Authorization": "Bearer other", "X-From": "rasa"}},
}


@pytest.mark.parametrize("given", ENDPOINTS.values(), ids=ENDPOINTS)
@pytest.mark.parametrize("compress", [False, True])
async def test_an_action_server_is_called_as_rasa_calls_it(given: dict[str, Any], compress: bool) -> None:
    heard = []

    async def hear(request: web.Request) -> web.Response:
        names = ("Authorization", "X-From", "Content-Encoding", "Content-Type")
        heard.append((request.query_string, await request.json(), [request.headers.get(name) for name in names]))
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/webhook", hear)
    async with TestServer(app) as server:
        rasas = EndpointConfig(str(server.make_url("/webhook")), **given)
        ours = ActionServer.of(rasas)
        show_secret(ours)
        for endpoint in (rasas, ours):
            await endpoint.request(json={"next_action": "ā"}, timeout=5, compress=compress)
        await ours.close()
    secret = ours.headers.get("Authorization") if "headers" not in given and "basic_auth" not in given else None
    if secret:
        heard[0][2][0] = secret
    assert heard[0] == heard[1]
