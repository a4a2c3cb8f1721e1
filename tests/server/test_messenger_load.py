"""Messenger redelivers in any order, to any server, and servers crash: each message is answered once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from graph.api import GraphApi  # tests/graph
from graph.connected import MessengerPage, page_of_the_tests, refused, settings_of, wait_for
from graph.people import CROWD_PATIENCE, answers, conversations, delivered, once
from running import Running, start  # tests/running.py

from bot import deadlines
from harness.throwaway_postgres import postgres

pytestmark = [pytest.mark.server, pytest.mark.postgres, pytest.mark.serial]
FIRST = 8_000_000_000
KEPT = (
    "SELECT count(*) FROM events WHERE type_name = 'user' AND sender_id IN (SELECT conversation_id FROM "
    "messenger_threads WHERE person BETWEEN :first AND :last)"
)


@pytest.fixture
def graph() -> Iterator[GraphApi]:
    with page_of_the_tests() as graph:
        yield graph
        assert refused(graph) == []


def started(folder: Path, graph: GraphApi, **variables: str) -> MessengerPage:
    folder.mkdir(exist_ok=True)
    return MessengerPage(start(folder, BOT_AS_OF="2020-03-25", **settings_of(graph), **variables), graph)


def restarted(page: MessengerPage) -> Running:
    environment = page.running.environment
    same = {name: environment[name] for name in ("BOT_PORT", "BOT_ACTION_PORT", "DATABASE_URL", "BOT_AS_OF")}
    return start(page.running.output.parent, **settings_of(page.graph), **same)


def test_each_of_1000_messages_is_answered_once_and_in_order(tmp_path: Path, graph: GraphApi) -> None:
    """By two servers on one PostgreSQL."""
    said = conversations(graph, FIRST, persons=50, turns=20)
    with postgres(durable=False) as url:
        pages = [started(tmp_path / name, graph, DATABASE_URL=url) for name in ("one", "other")]
        try:
            with delivered(pages, said, seed=6):
                wait_for(lambda: len(graph.sent) >= 1000, CROWD_PATIENCE)
            pages[0].settle()
        finally:
            for page in pages:
                page.running.stop()
    assert answers(graph, said) == {person: [0, 1, 2, 3] * 5 for person in said}


@pytest.mark.parametrize("shared_by", ["sqlite", "postgres"])
def test_nothing_is_lost_when_everything_is_killed(tmp_path: Path, graph: GraphApi, shared_by: str) -> None:
    """A reply being sent at that moment may arrive twice: Graph does not say whether it arrived. Nothing else does."""
    said = conversations(graph, FIRST, persons=20, turns=12)
    with postgres(durable=False) as url:
        shared = {"DATABASE_URL": url} if shared_by == "postgres" else {}
        pages = [started(tmp_path / "one", graph, **shared)]
        pages += [started(tmp_path / "other", graph, **shared)] if shared else []
        try:
            with delivered(pages, said, seed=7):
                wait_for(lambda: len(graph.sent) >= 60, CROWD_PATIENCE)
                pages[0].running.kill()
                pages[0].running = restarted(pages[0])
            wait_for(lambda: not pages[0].rows("SELECT id FROM messenger_events WHERE done_at IS NULL"), CROWD_PATIENCE)
        finally:
            for page in pages:
                page.running.stop()
    answered = answers(graph, said)
    assert once(answered) == {person: [0, 1, 2, 3] * 3 for person in said}
    twice = sum(map(len, answered.values())) - sum(map(len, once(answered).values()))
    assert twice <= len(said)  # at most one reply in flight per person


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessengerPage]:
    with page_of_the_tests() as graph:
        page = started(tmp_path_factory.mktemp("killed"), graph)
        yield page
        page.running.stop()


def kill_action_server(page: MessengerPage) -> None:
    page.running.child("bot.server.action_server").kill()


def kill_rasa_server(page: MessengerPage) -> None:
    page.running.child("bot.server.rasa_server").kill()


def kill_supervisor(page: MessengerPage) -> None:
    """Both servers end with it; systemd or a container then restarts it, when the last of its processes has gone."""
    servers = psutil.Process(page.running.process.pid).children()
    page.running.process.kill()
    page.running.process.wait()
    _, alive = psutil.wait_procs(servers, deadlines.KILL + 2)
    assert alive == []
    page.running = restarted(page)


@pytest.mark.parametrize(
    ("kill", "twice"),
    [
        pytest.param(kill_action_server, 0, id="action server"),
        pytest.param(kill_rasa_server, 8, id="Rasa server"),  # the reply in flight, see above
        pytest.param(kill_supervisor, 0, id="supervisor"),
    ],
)
def test_nothing_is_lost_or_apologised_for_when_a_part_is_killed(
    page: MessengerPage, kill: Callable[[MessengerPage], None], twice: int
) -> None:
    first = FIRST + 1000 * (1 + [kill_action_server, kill_rasa_server, kill_supervisor].index(kill))
    before, said = len(page.graph.sent), conversations(page.graph, first, persons=20, turns=8)
    with delivered([page], said, seed=8):
        wait_for(lambda: len(page.graph.sent) - before >= 40, CROWD_PATIENCE)
        kill(page)
    wait_for(lambda: not page.rows("SELECT id FROM messenger_events WHERE done_at IS NULL"), CROWD_PATIENCE)
    answered = answers(page.graph, said)
    assert once(answered) == {person: [0, 1, 2, 3] * 2 for person in said}
    assert sum(map(len, answered.values())) - 20 * 8 <= twice
    # A failed turn stores nothing, so the conversation contains each message once.
    ((kept,),) = page.rows(KEPT, first=min(said), last=max(said))
    assert 0 <= kept - 20 * 8 <= twice
    assert page.rows("SELECT id FROM messenger_events WHERE set_aside_at IS NOT NULL") == []
