"""An announcement is in force with the next message of another process, which has cached the facts before."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from announcing import APPROVER, AUTHOR, announce, example, undo_by_two
from sqlalchemy.orm import Session

from bot.announcements.publishing import approve, propose, publish
from bot.clock import parse_moment
from bot.settings import PROJECT
from bot.storage.engine import engine_for, session_scope

pytestmark = pytest.mark.both_databases
# Answers each line, the day of a question, as a server does: with the facts that it has cached, if they are the same.
SERVER = """
import sys
from bot.clock import parse_moment
from bot.replies.answer_composer import answer
from bot.storage.engine import single_statements
for line in sys.stdin:
    with single_statements() as session:
        day = parse_moment(line.strip()).date()
        reply = answer(session, "ask_reopening", "en", day, about="ask_reopening/when", places=["riga_centre"])
    print(reply.text, flush=True)
"""
PUBLISHER = """
import sys
from bot.announcements.publishing import publish
from bot.storage.engine import session_scope
with session_scope() as session:
    publish(session, "riga-centre-reopens", sys.argv[1])
"""


class OtherProcess:
    """A process that answers from the same database."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def says(self, day: str) -> str:
        """What it answers on a day."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{day}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@pytest.fixture
def other(database: str) -> Iterator[OtherProcess]:
    """Another process with this test's database, which inherits DATABASE_URL."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield OtherProcess(process)
        assert process.stdin
        process.stdin.close()


def test_the_next_message_elsewhere_follows_each_step(other: OtherProcess, database: str) -> None:
    told = []
    for step in ("before", "proposed", "approved", "published", "undone"):
        with session_scope(database) as session:
            match step:
                case "proposed":
                    propose(session, example(), AUTHOR)
                case "approved":
                    approve(session, example().id, APPROVER)
                case "published":
                    publish(session, example().id, AUTHOR)
                case "undone":
                    undo_by_two(session, example().id, AUTHOR, parse_moment("2020-05-15").date())
        told.append("opens on 18 May 2020" in other.says("2020-05-15"))
    assert told == [False, False, False, True, False]


def test_what_is_rolled_back_is_seen_nowhere(other: OtherProcess, database: str) -> None:
    with Session(engine_for(database), future=True) as session:
        announce(session, example())
        session.rollback()
    assert "opens on" not in other.says("2020-05-15")


def test_of_two_who_publish_at_once_one_does(database: str) -> None:
    with session_scope(database) as session:
        propose(session, example(), AUTHOR)
        approve(session, example().id, APPROVER)
    command = [sys.executable, "-c", PUBLISHER]
    both = [
        subprocess.Popen([*command, name], cwd=PROJECT, stderr=subprocess.PIPE, text=True) for name in ("Anna", "Carl")
    ]
    ends = [process.communicate()[1] for process in both]
    assert sorted(bool(process.returncode) for process in both) == [False, True], ends
