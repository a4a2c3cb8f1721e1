"""The parts of `bot serve` one by one, as containers run them, and how they end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests
from running import Running, replies, start  # tests/running.py
from sqlalchemy import create_engine, func, select

from bot.channels.web.models import WebTurn
from bot.knowledge.models import Fact
from bot.settings import PROJECT
from bot.storage.engine import session_scope
from harness.ports import free_port
from harness.throwaway_postgres import postgres

pytestmark = pytest.mark.server
COMMAND_PATIENCE = 300  # seconds; four commands at once, on a machine that may be busy
SERVERS = ("bot.server.action_server", "bot.server.rasa_server")


def bot(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + COMMAND_PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.1)


def is_ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


@pytest.mark.postgres
def test_several_prepare_an_empty_postgres_at_once() -> None:
    with postgres(durable=False) as url:
        started = [bot({"DATABASE_URL": url}, "prepare") for _ in range(4)]
        ended = [process.wait(COMMAND_PATIENCE) for process in started]
        with create_engine(url, future=True).connect() as connection:
            facts = connection.execute(select(func.count()).select_from(Fact)).scalar_one()
    assert (ended, facts > 10) == ([0] * 4, True)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, "subprocess.Popen[str]"]]:
    """Both servers, started one by one; the action server first, which is returned."""
    folder = tmp_path_factory.mktemp("parts")
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'parts.db'}",
        "BOT_PORT": str(port := free_port()),
        "BOT_ACTION_PORT": str(action_port := free_port()),
        "BOT_ACTION_URL": f"http://127.0.0.1:{action_port}",
        "BOT_OUTBOX": str(folder / "outbox.jsonl"),
        "BOT_AS_OF": "2020-03-25",
    }
    assert bot(environment, "prepare").wait(COMMAND_PATIENCE) == 0
    actions, rasa = bot(environment, "run", "actions"), bot(environment, "run", "rasa")
    url = f"http://127.0.0.1:{port}/chat/"
    wait_for(lambda: is_ready(url + "ready"))
    yield Running(rasa, url, environment, folder / "output.txt"), actions
    for process in (actions, rasa):
        process.kill()
        process.wait()


def taken(url: str) -> int:
    """How many messages the server has taken, answered or not."""
    with session_scope(url) as session:
        return int(session.execute(select(func.count()).select_from(WebTurn)).scalar_one())


@pytest.mark.serial
def test_a_server_that_is_stopped_answers_what_it_was_asked(parts: tuple[Running, "subprocess.Popen[str]"]) -> None:
    """The last test of this server: both are stopped while 8 are being answered."""
    running, actions = parts
    sessions = [running.session() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(running.post, {"text": "vai Rīgas centrs ir slēgts?"}, session) for session in sessions]
        wait_for(lambda: taken(running.environment["DATABASE_URL"]) == len(sessions))
        running.process.terminate()
        answers = [answer.result() for answer in asked]
    ended = running.process.wait(COMMAND_PATIENCE)
    actions.terminate()
    heard = ["centrs Rīgā ir slēgts" in replies(answer)[0]["text"] for answer in answers]
    assert (heard, ended, actions.wait(COMMAND_PATIENCE)) == ([True] * 8, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "setting", "sentence"),
    [
        (["run", "rasa", "--model", "nowhere.tar.gz"], {}, "The model nowhere.tar.gz is missing"),
        (["run", "actions"], {"BOT_ACTION_PORT": "0"}, "BOT_ACTION_PORT='0' is not a port number"),
        (["run", "rasa"], {"RABBITMQ_URL": "rabbit"}, "RABBITMQ_URL cannot be used"),
        (["prepare"], {"DATABASE_URL": "postgresql+psycopg2://127.0.0.1:1/none"}, "cannot be used"),
    ],
)
def test_what_cannot_be_started_says_why(arguments: list[str], setting: dict[str, str], sentence: str) -> None:
    process = bot(setting, *arguments)
    _, said = process.communicate(timeout=COMMAND_PATIENCE)
    assert (process.returncode, sentence in " ".join(said.split())) == (1, True)


def test_nothing_is_left_of_what_was_killed(tmp_path: Path) -> None:
    running = start(tmp_path)
    servers = [running.child(module) for module in SERVERS]
    running.process.kill()
    gone, left = psutil.wait_procs(servers, timeout=COMMAND_PATIENCE)
    for server in left:
        server.kill()
    assert (len(gone), left) == (2, [])
