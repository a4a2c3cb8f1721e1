"""Each part of the topology fails while visitors write: they are told what happened; nothing is lost or duplicated."""

import asyncio
import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from aio_pika.abc import AbstractIncomingMessage
from crowd import PERSON, Crowd, is_answered, is_apology, locked, lost_or_doubled  # tests/crowd.py
from rabbit import each_once, taken  # tests/rabbit.py
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from bot.keys.model_signatures import sign
from bot.rasa.model_archive import unpack
from bot.training.trained_model import model_path
from harness.throwaway_rabbitmq import RabbitServer
from harness.topology import Topology
from harness.topology.visitor import NotAnswered, Said, Visitor

pytestmark = [pytest.mark.server, pytest.mark.topology]
SIZE = 4  # visitors; a busy machine must still answer each in time
HEARD_IN_TIME = 6.0  # seconds; three are promised, and this machine is busy


@pytest.fixture
def kept_at(topology: Topology) -> str:
    return topology.environment["DATABASE_URL"]


def in_mid_turn(topology: Topology, act: str, *parts: str) -> tuple[list[Visitor], list[Said]]:
    """The answers to visitors who ask for a person when parts fail before the request is recorded."""
    visitors = [Visitor(topology.url) for _ in range(SIZE)]
    url = topology.environment["DATABASE_URL"]
    with ThreadPoolExecutor(SIZE) as pool:
        with locked(url, "handoffs", mode="SHARE"):  # every message reads in it whether a person is asked for
            asked = [pool.submit(visitor.say, PERSON) for visitor in visitors]
            wait_until_begun(url, visitors)
            for part in parts:
                getattr(topology, act)(part)
        heard = [answer.result() for answer in asked]
    return visitors, heard


def wait_until_begun(url: str, visitors: list[Visitor]) -> None:
    """Wait until the action servers wait to record the request of each visitor."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO handoffs%'"
    )
    until = time.monotonic() + HEARD_IN_TIME
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        while connection.execute(waiting).scalar_one() < len(visitors):
            assert time.monotonic() < until, "The messages were not taken."
            time.sleep(0.02)


def test_a_rasa_server_killed_in_mid_turn_loses_nothing(topology: Topology, kept_at: str) -> None:
    """Half of the turns were its own: the other server gives those up."""
    visitors, heard = in_mid_turn(topology, "kill", "rasa-1")
    outcomes = {is_answered(said) for said in heard}
    assert (outcomes, list(lost_or_doubled(kept_at, visitors))) == ({True, False}, [])


def test_action_servers_killed_in_mid_turn_are_heard_of_in_time(topology: Topology, kept_at: str) -> None:
    visitors, heard = in_mid_turn(topology, "kill", "actions-1", "actions-2")
    for name in ("actions-1", "actions-2"):
        topology.restart(name)
    again = [is_answered(visitor.say("Vai Rīgas centrs ir slēgts?")) for visitor in visitors]
    assert all(is_apology(said) and said.seconds < HEARD_IN_TIME for said in heard)
    assert (again, list(lost_or_doubled(kept_at, visitors))) == ([True] * SIZE, [])


def test_one_action_server_is_enough(topology: Topology, kept_at: str) -> None:
    with Crowd(topology.url, SIZE) as crowd:
        crowd.wait_for_answers(2)
        topology.kill("actions-1")
        crowd.wait_for_answers(3)
        topology.restart("actions-1")
        crowd.wait_for_answers(2)
    assert (crowd.failed, list(lost_or_doubled(kept_at, crowd.visitors))) == ([], [])


@pytest.mark.parametrize("part", ["postgres", "redis"])
def test_what_all_servers_need_is_killed_and_comes_back(topology: Topology, kept_at: str, part: str) -> None:
    with Crowd(topology.url, SIZE) as crowd:
        crowd.wait_for_answers(2)
        topology.kill(part)
        time.sleep(1.0)
        topology.restart(part)
        crowd.wait_for_answers(3)
    assert (crowd.failed, list(lost_or_doubled(kept_at, crowd.visitors))) == ([], [])


@contextmanager
def killed(topology: Topology) -> Iterator[None]:
    topology.kill("rabbitmq")
    yield
    topology.restart("rabbitmq")


def alarmed(topology: Topology) -> AbstractContextManager[None]:
    return RabbitServer(topology.parts["rabbitmq"], topology.environment["RABBITMQ_URL"]).alarm()


@pytest.mark.parametrize("without", [killed, alarmed])
def test_without_rabbitmq_all_are_answered_and_the_events_come_later(
    topology: Topology, kept_at: str, without: Callable[[Topology], AbstractContextManager[None]]
) -> None:
    with ExitStack() as stack, Crowd(topology.url, SIZE) as crowd:
        crowd.wait_for_answers(2)
        stack.enter_context(without(topology))
        crowd.wait_for_answers(3)
    assert [said for said in crowd.said if said.failures or not is_answered(said)] == []
    conversations = {visitor.conversation for visitor in crowd.visitors}
    with create_engine(kept_at).connect() as connection:
        query = text("SELECT sender_id, position FROM events ORDER BY position")
        kept = [(row.sender_id, row.position) for row in connection.execute(query) if row.sender_id in conversations]
    published = asyncio.run(published_of(topology.environment["RABBITMQ_URL"], conversations, set(kept)))
    assert sorted(published) == sorted(kept)


async def published_of(url: str, conversations: set[str], wanted: set[tuple[str, int]]) -> list[tuple[str, int]]:
    """Conversation and position of these events in the queue, each id once, once all expected ones have arrived."""
    found: list[AbstractIncomingMessage] = []
    until = time.monotonic() + 15
    while not wanted <= set(places := _places(found)) and time.monotonic() < until:
        found += [each for each in await taken(url) if json.loads(each.body)["sender_id"] in conversations]
    return places


def _places(messages: list[AbstractIncomingMessage]) -> list[tuple[str, int]]:
    bodies = [json.loads(message.body) for message in each_once(messages)]
    return [(body["sender_id"], body["position"]) for body in bodies]


@pytest.mark.parametrize("tables", [("events",), ("facts", "events")], ids=["conversations", "all"])
def test_a_slow_database_is_heard_of_in_time(topology: Topology, kept_at: str, tables: tuple[str, ...]) -> None:
    visitor = Visitor(topology.url)
    visitor.say(PERSON)
    with locked(kept_at, *tables):
        slow = visitor.say("Vai Rīgas centrs ir slēgts?")
    after = visitor.say("Vai Rīgas centrs ir slēgts?")
    assert (is_apology(slow), slow.seconds < HEARD_IN_TIME, is_answered(after)) == (True, True, True)


def may_mount() -> bool:
    """Whether this process may mount a disk (CAP_SYS_ADMIN), which a container's root mostly may not."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    return bool(int(effective, 16) >> 21 & 1)


@contextmanager
def told_to_be_full(topology: Topology, *tables: str) -> Iterator[None]:
    """A context in which the database fails each insert with the error code for a full disk."""
    engine = create_engine(topology.environment["DATABASE_URL"], isolation_level="AUTOCOMMIT")
    body = "BEGIN RAISE disk_full USING MESSAGE = 'No space left on device'; END"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
        for table in tables:
            connection.execute(text(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()"))
    try:
        yield
    finally:
        with engine.connect() as connection:
            connection.execute(text("DROP FUNCTION no_room() CASCADE"))
        engine.dispose()


@contextmanager
def full(topology: Topology, *tables: str) -> Iterator[None]:
    """A context in which the tables are on a full disk: a small one in memory."""
    place = topology.folder / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(place)]
    subprocess.run(mount, check=True)
    engine = create_engine(topology.environment["DATABASE_URL"], isolation_level="AUTOCOMMIT")

    def move(connection: Connection, space: str) -> None:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} SET TABLESPACE {space}"))

    try:
        shutil.chown(place, topology.parts["postgres"].user)
        with engine.connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE small LOCATION '{place}'"))
            for table in tables:
                connection.execute(text(f"VACUUM FULL {table}"))  # no room between the rows
            move(connection, "small")
            with (place / "filler").open("wb", buffering=0) as filler, suppress(OSError):
                while filler.write(b"0" * 4096):
                    continue
        yield
    finally:
        (place / "filler").unlink()
        with engine.connect() as connection:
            move(connection, "pg_default")
            connection.execute(text("DROP TABLESPACE small"))
        engine.dispose()
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


def fill_the_last_page(visitor: Visitor) -> None:
    for _ in range(200):
        visitor.say("Vai mani atslēgs, ja kavēšu maksājumu?")


@pytest.mark.parametrize("fills", [told_to_be_full, *([full] if may_mount() else [])])
def test_a_message_to_a_full_database_is_taken_when_there_is_room(
    topology: Topology, kept_at: str, fills: Callable[..., AbstractContextManager[None]]
) -> None:
    visitor = Visitor(topology.url, patience=0.0)
    with fills(topology, "events", "web_turns"):
        with pytest.raises(NotAnswered, match="nothing was kept"):
            fill_the_last_page(visitor)
        refused = visitor.said[-1]
    again = visitor.say(refused.text, message_id=refused.id)
    given_back = [each["text"] for each in visitor.history() if each["id"].startswith(refused.id)]
    assert (is_answered(again), given_back) == (True, [again.text, again.answer])


def test_everything_is_killed_and_started_again_under_load(topology: Topology, kept_at: str) -> None:
    # To start everything takes 20 s on a quiet machine, and all that time nobody can be answered.
    with Crowd(topology.url, SIZE, patience=240.0) as crowd:
        crowd.wait_for_answers(2)
        for name in topology.parts:
            topology.kill(name)
        topology.start()
        crowd.wait_for_answers(2)
    assert (crowd.failed, list(lost_or_doubled(kept_at, crowd.visitors))) == ([], [])


def renamed_model(folder: Path) -> tuple[Path, str]:
    """The current model as a new one: a copy with its own id, which Rasa stores with each event."""
    path, new_id = folder / "next-model.tar.gz", "the-next-model"
    with tarfile.open(model_path()) as old:
        unpack(old, folder / "model")
    metadata = folder / "model" / "metadata.json"
    metadata.write_text(json.dumps(json.loads(metadata.read_text(encoding="utf-8")) | {"model_id": new_id}))
    with tarfile.open(path, "w:gz", compresslevel=1) as new:
        new.add(folder / "model", arcname="")
    sign(path)
    return path, new_id


def test_a_new_model_is_rolled_out_and_no_visitor_notices(topology: Topology, kept_at: str, tmp_path: Path) -> None:
    path, new_id = renamed_model(tmp_path)
    with Crowd(topology.url, SIZE, patience=0.0) as crowd:
        crowd.wait_for_answers(2)
        ended = []
        for name in ("actions-1", "actions-2"):
            ended.append(topology.stop(name))
            topology.restart(name)
        for name in ("rasa-1", "rasa-2"):
            ended.append(topology.stop(name))
            part = topology.parts[name]
            part.command = [*part.command, "--model", str(path)]
            topology.restart(name)
        crowd.wait_for_answers(2)
    models = set()
    with create_engine(kept_at).connect() as connection:
        query = text("SELECT data FROM events WHERE sender_id = :conversation AND type_name = 'user' ORDER BY id")
        for visitor in crowd.visitors:
            rows = list(connection.execute(query, {"conversation": visitor.conversation}))
            models |= {json.loads(row.data)["metadata"]["model_id"] for row in (rows[0], rows[-1])}
    noticed = [said for said in crowd.said if said.failures or not is_answered(said)]
    assert (ended, crowd.failed, noticed) == ([0] * 4, [], [])
    assert new_id in models
    assert list(lost_or_doubled(kept_at, crowd.visitors)) == []
