"""Health checks: liveness while the process runs, readiness only with model, database and action server."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace

import pytest
import requests
from running import Running  # tests/running.py

from bot.channels import readiness
from bot.channels.readiness import Readiness

server = pytest.mark.server
PROBE_PATIENCE = 60.0  # seconds until a probe must have noticed


@contextmanager
def no_database(running: Running) -> Iterator[None]:
    running.rows("ALTER TABLE facts RENAME TO facts_away")
    yield
    running.rows("ALTER TABLE facts_away RENAME TO facts")


@contextmanager
def no_action_server(running: Running) -> Iterator[None]:
    """It hangs, which is worse than being down."""
    process = running.child("bot.server.action_server")
    process.suspend()
    yield
    process.resume()


FAULTS = [
    pytest.param(no_database, {"database", "action_server"}, id="database"),
    pytest.param(no_action_server, {"action_server"}, id="action server"),
]


def probe(running: Running, path: str) -> requests.Response:
    return requests.get(running.url.removesuffix("chat/") + path, timeout=10)


def becomes(running: Running, path: str, status: int) -> requests.Response:
    deadline = time.monotonic() + PROBE_PATIENCE
    while (answer := probe(running, path)).status_code != status and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


@server
@pytest.mark.parametrize("path", ["health/live", "health/ready", "chat/ready"])
def test_a_whole_assistant_is_well(guarded: Running, path: str) -> None:
    assert becomes(guarded, path, 200).status_code == 200


@server
@pytest.mark.parametrize(("fault", "failed"), FAULTS)
def test_without_a_part_it_is_not_ready_but_alive(
    guarded: Running, fault: Callable[[Running], AbstractContextManager[None]], failed: set[str]
) -> None:
    with fault(guarded):
        answer = becomes(guarded, "health/ready", 503)
        alive = probe(guarded, "health/live").status_code
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert (set(answer.json()["failed"]), alive) == (failed, 200)
    assert becomes(guarded, "health/ready", 200).status_code == 200


@server
@pytest.mark.parametrize("path", ["health", "health/live", "health/ready"])
def test_the_action_server_can_be_probed_without_its_secret(guarded: Running, path: str) -> None:
    answer = requests.get(f"http://127.0.0.1:{guarded.environment['BOT_ACTION_PORT']}/{path}", timeout=10)
    assert answer.status_code == 200


@pytest.mark.parametrize("agent", [None, SimpleNamespace(is_ready=lambda: False)])
async def test_without_a_model_it_is_not_ready(agent: object) -> None:
    assert await readiness._model(SimpleNamespace(agent=agent)) == "The model is not loaded."


async def test_without_redis_it_is_not_ready_where_there_should_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:1/0")
    assert await readiness._redis() == "Redis does not answer."


async def test_redis_is_not_asked_for_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert await readiness._redis() is None


async def test_many_probes_look_once() -> None:
    """Frequent probes put no load on the parts (caching)."""
    looked: list[int] = []

    async def check() -> None:
        looked.append(1)
        await asyncio.sleep(0.01)

    looking = Readiness({"part": check})
    await asyncio.gather(*(looking.failures() for _ in range(200)))
    assert len(looked) == 1


async def test_parts_are_looked_at_together() -> None:
    """Each waits for the other, so checking them sequentially would never end."""
    both = asyncio.Barrier(2)

    async def check() -> None:
        await both.wait()

    assert await Readiness({"one": check, "other": check}).failures() == {}


async def test_a_look_that_fails_is_no_good_news() -> None:
    async def check() -> None:
        raise RuntimeError("of any kind")

    assert await Readiness({"action_server": check}).failures() == {
        "action_server": "The action server could not be checked."
    }
