"""Every kind of change is in force with the next message of another process, which has cached the facts before."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from announcing import APPROVER, AUTHOR, announce, announcement_of, changing, example
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, read_announcement
from bot.announcements.publishing import propose, propose_undo, publish, undo
from bot.announcements.questions import all_questions
from bot.knowledge.emergency_events import begin, end, reopen
from bot.knowledge.event_records import NewEvent
from bot.knowledge.fact_versions import Signed
from bot.settings import PROJECT
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
EVERYTHING = sorted({question.intent for question in all_questions()})
# Answers each line, a question and a day, as a server does: with the facts that it has cached, if they are the same.
SERVER = """
import sys
from bot.clock import parse_moment
from bot.replies.answer_composer import answer
from bot.storage.engine import single_statements
for line in sys.stdin:
    question, day = line.split()
    about, _, place = question.partition("@")
    intent, _, aspect = about.partition("/")
    with single_statements() as session:
        on = parse_moment(day).date()
        asked = about if aspect else None
        reply = answer(session, intent, "en", on, about=asked, places=[place] if place else [])
    print(reply.text.replace("\\n", " "), flush=True)
"""
Ask = Callable[[str, str], str]


@pytest.fixture
def ask(database: str) -> Iterator[Ask]:
    """Another process with this test's database, which inherits DATABASE_URL."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        line, answers = process.stdin, process.stdout

        def ask(question: str, day: str) -> str:
            line.write(f"{question} {day}\n")
            line.flush()
            return answers.readline()

        yield ask
        line.close()


def change(**one: Any) -> AnnouncementDocument:
    return changing("change", "2020-05-16", {"record": "example-riga-centre-open", **one}).copy(
        update={"keeps": EVERYTHING}
    )


def corrected(session: Session) -> None:
    announce(session, change(correct={"coming": {"lv": "Centru atvērs vēlāk.", "en": "It opens a little later."}}))


def withdrawn(session: Session) -> None:
    announce(session, change(withdraw_from="2020-05-18"))


def moved(session: Session) -> None:
    text = {"lv": "Centrs ir atvērts.", "en": "The centre is open."}
    both = changing(
        "change",
        "2020-05-16",
        {"record": "example-riga-centre-open", "move_to": "2020-05-25"},
        {"record": "example-riga-centre-open", "correct": {"text": text}},
    )
    announce(session, both.copy(update={"keeps": EVERYTHING}))


def undone_alone(session: Session) -> None:
    undo(session, example().id, AUTHOR, date(2020, 5, 16), "a mistake", emergency=True)


def only_proposed(session: Session) -> None:
    propose_undo(session, example().id, AUTHOR, date(2020, 5, 16))


def undone_by_two(session: Session) -> None:
    propose_undo(session, example().id, AUTHOR, date(2020, 5, 16))
    undo(session, example().id, APPROVER, date(2020, 5, 16))


RIGA = "ask_reopening/when@riga_centre"
CHANGES: dict[str, tuple[Callable[[Session], None], str, bool]] = {
    "corrected": (corrected, "It opens a little later.", True),
    "moved": (moved, "opens on 25 May 2020", True),
    "withdrawn": (withdrawn, "does not say when", True),
    "undone by one alone": (undone_alone, "does not say when", True),
    "only proposed to undo": (only_proposed, "does not say when", False),
    "undone by two": (undone_by_two, "does not say when", True),
}


@pytest.mark.parametrize(("act", "told", "holds"), CHANGES.values(), ids=CHANGES)
def test_the_next_message_elsewhere_follows(
    ask: Ask, database: str, act: Callable[[Session], None], told: str, holds: bool
) -> None:
    with session_scope(database) as session:
        announce(session, example())
    before = ask(RIGA, "2020-05-17")
    with session_scope(database) as session:
        act(session)
    assert ("opens on 18 May 2020" in before, told in ask(RIGA, "2020-05-17")) == (True, holds)


def test_events_and_places_elsewhere(ask: Ask, database: str) -> None:
    """A storm is announced with a place, ends and is reopened; another event begins at once."""
    liepaja, news = "ask_place_closed/open@liepaja_centre", "ask_emergency_changes"
    heard = [ask(liepaja, "2020-11-16")]
    storm = read_announcement(PROJECT / "docs" / "examples" / "storm.yml")
    with session_scope(database) as session:
        propose(session, storm, AUTHOR)
        publish(session, storm.id, AUTHOR, emergency=True, why="the storm is here")
    heard.append(ask(liepaja, "2020-11-16"))
    with session_scope(database) as session:
        end(session, date(2020, 11, 14), AUTHOR, "storm", Signed(AUTHOR))
    heard.append(ask(liepaja, "2020-11-16"))
    with session_scope(database) as session:
        reopen(session, AUTHOR, "storm", Signed(AUTHOR))
    heard.append(ask(liepaja, "2020-11-16"))
    assert ["is closed during the storm" in text for text in heard] == [False, True, False, True]
    flood = NewEvent(
        id="flood",
        name={"lv": "plūdi", "en": "the flood"},
        cases={"genitive": "plūdu", "accusative": "plūdus"},
        began=date(2020, 11, 15),
    )
    record = {
        "id": "flood-bills",
        "key": "flood_bills",
        "kind": "outside",
        "valid_until": {"event": "flood"},
        "text": {"lv": "Rēķini ir vēlāk.", "en": "Bills are due later."},
        "ended": {"lv": "Plūdi beidzās.", "en": "The flood is over."},
    }
    whole = {"id": "flood-news", "made_public": "2020-11-15", "source": "order-103", "records": [record]}
    with session_scope(database) as session:
        begin(session, flood, Signed(AUTHOR))
        announce(session, announcement_of(whole, "announcement"))
    assert "In connection with the flood" in ask(news, "2020-11-16")
