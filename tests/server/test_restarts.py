"""A crashed server is restarted: back-off, maximal number of restarts, and messages."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest
import requests
from needs import needs  # tests/needs.py
from running import Running, start  # tests/running.py

from bot.preparation_error import PreparationError
from bot.server.restarts import LONGEST_PAUSE, MOST, WITHIN, Restarts


class Server:
    """A fake server that is dead or alive as a test says."""

    name = "action server"

    def __init__(self) -> None:
        self.reason: str | None = None
        self.starts = 0
        self.cleared = 0
        self.unable: OSError | None = None

    def start(self) -> None:
        self.starts += 1
        if self.unable:
            raise self.unable
        self.reason = None

    def died(self) -> str | None:
        return self.reason

    def clear_away(self) -> None:
        self.cleared += 1

    def die(self) -> None:
        self.reason = "The action server stopped by itself (ended by SIGKILL)."


class Supervised:
    """A server, its supervisor, and the messages."""

    def __init__(self) -> None:
        self.server, self.told = Server(), list[str]()
        self.restarts = Restarts(self.server, self.told.append)
        self.now = 1000.0

    def die(self) -> float:
        """Kill it, and wait until it is restarted; returns how long that took, in seconds."""
        self.server.die()
        starts, began = self.server.starts, self.now
        self.restarts.look(self.now)
        while self.server.starts == starts:
            self.now += 0.5
            self.restarts.look(self.now)
        return self.now - began


@pytest.fixture
def supervised() -> Supervised:
    return Supervised()


def test_what_lives_is_left_alone(supervised: Supervised) -> None:
    for _ in range(5):
        supervised.restarts.look(supervised.now)
    assert (supervised.server.starts, supervised.told, supervised.restarts.is_awaited) == (0, [], False)


def test_what_died_is_started_again_and_both_are_told(supervised: Supervised) -> None:
    supervised.die()
    assert supervised.restarts.is_awaited
    supervised.restarts.answers()
    supervised.restarts.answers()
    assert supervised.told == [
        "The action server stopped by itself (ended by SIGKILL). It is started again in 1 s.",
        "The action server runs again.",
    ]
    assert (supervised.server.starts, supervised.server.cleared, supervised.restarts.is_awaited) == (1, 1, False)


def test_pauses_grow(supervised: Supervised) -> None:
    assert [supervised.die() for _ in range(MOST - 1)] == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_what_dies_again_and_again_is_given_up(supervised: Supervised) -> None:
    for _ in range(MOST - 1):
        supervised.die()
    supervised.server.die()
    with pytest.raises(PreparationError, match=r"ended by SIGKILL.*died 8 times within 10 minutes.*not started again"):
        supervised.restarts.look(supervised.now)


def test_who_dies_seldom_is_always_started_again_at_once(supervised: Supervised) -> None:
    pauses = []
    for _ in range(3 * MOST):
        pauses.append(supervised.die())
        supervised.now += WITHIN + 1
    assert pauses == [1.0] * 3 * MOST


def test_what_cannot_be_started_counts_as_dead(supervised: Supervised) -> None:
    supervised.server.unable = OSError(12, "Cannot allocate memory")
    supervised.server.die()
    for _ in range(MOST - 1):
        supervised.restarts.look(supervised.now)
        supervised.now += LONGEST_PAUSE
    with pytest.raises(PreparationError, match="could not be started: Cannot allocate memory"):
        supervised.restarts.look(supervised.now)


ACTIONS, RASA = "bot.server.action_server", "bot.server.rasa_server"
QUESTION, ANSWER = "Vai mani atslēgs, ja kavēšu maksājumu?", "kavētu maksājumu dēļ"
RESTART_PATIENCE = 180.0  # seconds
SLOW_START = 20.0  # seconds until the action server is there: the Rasa server needs less for itself


@pytest.fixture(scope="module")
@needs("server")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("restarts"), BOT_AS_OF="2020-03-25")
    yield running
    if running.process.poll() is None:
        running.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RESTART_PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.1)


def health(running: Running) -> int | None:
    """The Rasa server's readiness response; None if there is none."""
    try:
        return requests.get(running.url.replace("/chat/", "/health/ready"), timeout=5).status_code
    except requests.RequestException:
        return None


def answers(running: Running, session: str) -> bool:
    """Whether a question gets its answer; on a machine with much else to do it may get the apology for a slow one."""
    return ANSWER in running.ask(QUESTION, session)[0]["text"]


def told(running: Running) -> str:
    return " ".join(running.output.read_text(encoding="utf-8").split())


def test_an_action_server_that_is_killed_is_started_again_and_the_rasa_server_goes_on(running: Running) -> None:
    rasa, session = running.child(RASA).pid, running.session()
    wait_for(lambda: answers(running, session))
    running.process.send_signal(signal.SIGSTOP)  # the supervisor must not be quicker than the customer
    running.child(ACTIONS).kill()
    apology = running.ask(QUESTION, session)[0]["text"]
    assert "8400" in apology
    wait_for(lambda: health(running) == 503)  # a positive result is cached for a second
    running.process.send_signal(signal.SIGCONT)
    wait_for(lambda: "The action server runs again." in told(running))
    wait_for(lambda: answers(running, session))
    wait_for(lambda: health(running) == 200)
    assert running.child(RASA).pid == rasa
    assert "The action server stopped by itself (ended by SIGKILL, log:" in told(running)


def test_a_rasa_server_that_ends_is_started_again_and_the_action_server_goes_on(running: Running) -> None:
    actions, session = running.child(ACTIONS).pid, running.session()
    running.child(RASA).terminate()
    wait_for(lambda: "The Rasa server stopped by itself (exit status 0, log:" in told(running))
    assert health(running) is None
    wait_for(lambda: "The Rasa server runs again." in told(running))
    wait_for(lambda: answers(running, session))
    wait_for(lambda: health(running) == 200)
    assert running.child(ACTIONS).pid == actions


def test_a_rasa_server_accepts_no_message_that_its_action_server_cannot_answer(running: Running) -> None:
    """The chat sends again what was not accepted; an accepted message is used up, if only by an apology."""
    session, actions = running.session(), running.child(ACTIONS)
    died, runs = (
        told(running).count(what) + 1 for what in ("Rasa server stopped by itself", "Rasa server runs again.")
    )
    accepted: list[str] = []

    def is_accepted() -> bool:
        with suppress(requests.ConnectionError):
            accepted.append(running.ask(QUESTION, session)[0]["text"])
        return bool(accepted)

    actions.send_signal(signal.SIGSTOP)
    try:
        running.child(RASA).kill()
        wait_for(lambda: told(running).count("Rasa server stopped by itself") == died)
        slow_until = time.monotonic() + SLOW_START
        wait_for(lambda: is_accepted() or time.monotonic() > slow_until)
        assert accepted == [], "Nothing could answer it."
    finally:
        actions.send_signal(signal.SIGCONT)
    wait_for(is_accepted)
    wait_for(lambda: answers(running, session))
    wait_for(lambda: told(running).count("Rasa server runs again.") == runs)


def test_ctrl_c_between_two_starts_leaves_nothing_behind(running: Running) -> None:
    """The last test of this assistant."""
    rasa = running.child(RASA)
    running.child(ACTIONS).kill()
    wait_for(lambda: told(running).count("action server stopped by itself") == 2)
    assert (running.stop(), psutil.pid_exists(rasa.pid)) == (0, False)
