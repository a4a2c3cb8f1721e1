"""The open file says what was known and said on each day, fits its schema, keeps its order, and names no person."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from own_databases import MadeOnce  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import announcement_of, read_announcement
from bot.announcements.publishing import approve, propose, propose_undo, publish, undo
from bot.knowledge.emergency_events import end
from bot.knowledge.facts_on_day import FactStatus, look_up
from bot.knowledge.models import FactSource
from bot.knowledge.remembered import facts_now
from bot.open_data.open_facts import SCHEMA_VERSION, open_facts
from bot.open_data.open_files import open_file
from bot.replies.dated_facts import dated_facts
from bot.settings import PROJECT
from bot.storage.engine import session_scope

SCHEMA = json.loads((PROJECT / "docs" / "schemas" / f"facts-{SCHEMA_VERSION}.schema.json").read_text(encoding="utf-8"))
EXAMPLE = PROJECT / "docs" / "examples" / "reopening.yml"
AUTHOR, APPROVER, REASON = "Annele Ozoliņa", "Bruno Kalniņš", "as Ilze Bērziņa asked"
DAYS = ["2020-02-15", "2020-03-25", "2020-05-13", "2020-05-14", "2020-05-18", "2020-06-09", "2020-06-10", "2020-12-01"]
each_day = pytest.mark.parametrize("day", DAYS)


def announce_and_correct(url: str) -> None:
    """Publish the example of 14 May, correct it twice (undoing that once), and end the emergency."""
    with session_scope(url) as session:
        propose(session, read_announcement(EXAMPLE), AUTHOR, REASON)
        approve(session, "riga-centre-reopens", APPROVER)
        publish(session, "riga-centre-reopens", AUTHOR)
        texts = {"lv": "Zvaniet pa tālruni 8400.", "en": "Call 8400."}
        change = {"record": "own-case", "correct": {"text": texts}}
        for name, day in (("correction", "2020-05-20"), ("mistake", "2020-05-22")):
            changes = [change if name == "correction" else {"record": "channels", "correct": {"text": texts}}]
            document = announcement_of({"id": name, "made_public": date.fromisoformat(day), "changes": changes}, name)
            propose(session, document, AUTHOR, REASON)
            publish(session, name, AUTHOR, emergency=True, why=REASON)
        propose_undo(session, "mistake", "Second", date(2020, 5, 25), REASON)
        undo(session, "mistake", AUTHOR, date(2020, 5, 25), REASON)
        end(session, date(2020, 6, 9), AUTHOR)


@pytest.fixture
def announced(database: str, made_once: MadeOnce) -> Iterator[Session]:
    """A database after that."""
    made_once(database, announce_and_correct)
    with session_scope(database) as session:
        yield session


def exported(session: Session, day: str) -> dict[str, Any]:
    return open_facts(session, date.fromisoformat(day))


def fact(session: Session, day: str, name: str) -> dict[str, Any]:
    return next(one for one in exported(session, day)["facts"] if one["id"] == name)


@each_day
def test_the_file_fits_its_schema(announced: Session, day: str) -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(json.loads(open_file(exported(announced, day))))] == []


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


BROKEN = {
    "another version": {"schema_version": 2},
    "a key more": {"operator": "somebody"},
    "no day": {"as_of": "yesterday"},
    "no facts": {"facts": None},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_the_schema_refuses_another_file(session: Session, change: dict[str, Any]) -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert not checker.is_valid({**exported(session, "2020-05-14"), **change})


@each_day
def test_what_is_in_force_is_what_the_assistant_says(announced: Session, day: str) -> None:
    """Without records that an announcement lets say `coming`: the assistant says those in place of what still holds."""
    on = date.fromisoformat(day)
    content = exported(announced, day)
    said = {}
    for key in facts_now(announced).records:
        found = dated_facts(announced, [key], on)[key]
        own = look_up(announced, [key], on)[key]
        if found.status is FactStatus.IN_FORCE and own.opening is None and found.texts:
            said[str(found.id)] = found.texts
    told = {
        one["id"]: one["versions"][-1]["coming" if one["status"] == "announced" else "text"]
        for one in content["facts"]
        if one["status"] in ("in force", "announced")
    }
    assert {name: told.get(name) for name in said} == said


@each_day
def test_nothing_is_said_before_it_is_known(announced: Session, day: str) -> None:
    versions = [version for one in exported(announced, day)["facts"] for version in one["versions"]]
    assert max(version["known_from"] for version in versions) <= day
    assert max(version["known_until"] or "" for version in versions) < day


def test_an_announcement_that_is_not_public_leaves_no_trace(announced: Session) -> None:
    text = open_file(exported(announced, "2020-05-13"))
    assert [word for word in ("riga-centre-reopens", "example-", "18. maij", "2020-05-18") if word in text] == []


def test_it_names_no_person_and_no_reason(announced: Session) -> None:
    text = open_file(exported(announced, "2020-12-01"))
    assert [word for word in (*AUTHOR.split(), *APPROVER.split(), *REASON.split()[1:3]) if word in text] == []


STATUS = {
    "before it is announced": ("2020-05-13", "closed-riga-centre", "in force", None),
    "announced to end": ("2020-05-14", "closed-riga-centre", "in force", "2020-05-17"),
    "replaced": ("2020-05-18", "closed-riga-centre", "withdrawn", "2020-05-17"),
    "announced": ("2020-05-14", "example-riga-centre-open", "announced", None),
    "begun": ("2020-05-18", "example-riga-centre-open", "in force", None),
    "the last day of the emergency": ("2020-06-09", "no-disconnection", "in force", None),
    "the emergency is over": ("2020-06-10", "no-disconnection", "ended", "2020-06-09"),
}


@pytest.mark.parametrize(("day", "name", "status", "last"), STATUS.values(), ids=STATUS)
def test_status_and_last_day(announced: Session, day: str, name: str, status: str, last: str | None) -> None:
    found = fact(announced, day, name)
    assert (found["status"], found["versions"][-1]["valid_until"]) == (status, last)


def test_days_in_texts_are_written_out(announced: Session) -> None:
    found = fact(announced, "2020-05-14", "example-riga-centre-open")["versions"][-1]
    assert "is closed until 17 May 2020; it opens on 18 May 2020" in found["coming"]["en"]
    versions = [version for one in exported(announced, "2020-12-01")["facts"] for version in one["versions"]]
    texts = [version[kind] or {} for version in versions for kind in ("text", "short", "coming", "ended")]
    assert [text for each in texts for text in each.values() if "{" in text] == []


VERSIONS = {
    "corrected": (
        "own-case",
        [("files", "files", True, "2020-03-20", "2020-05-19"), ("corrected", "operator", False, "2020-05-20", None)],
    ),
    "corrected, and that undone": (
        "channels",
        [
            ("files", "files", True, "2020-03-20", "2020-05-21"),
            ("corrected", "operator", False, "2020-05-22", "2020-05-24"),
            ("undone", "operator", False, "2020-05-25", None),
        ],
    ),
    "approved": ("example-riga-centre-open", [("published", "operator", True, "2020-05-14", None)]),
}


@pytest.mark.parametrize(("name", "expected"), VERSIONS.values(), ids=VERSIONS)
def test_each_version_says_when_it_was_known(announced: Session, name: str, expected: list[tuple[Any, ...]]) -> None:
    found = fact(announced, "2020-12-01", name)["versions"]
    keys = ("act", "made_by", "approved", "known_from", "known_until")
    assert [tuple(version[key] for key in keys) for version in found] == expected


def test_what_was_taken_back_is_still_told_and_marked(announced: Session) -> None:
    propose_undo(announced, "riga-centre-reopens", "Second", date(2020, 5, 16))
    undo(announced, "riga-centre-reopens", AUTHOR, date(2020, 5, 16))
    announced.flush()
    statuses = [fact(announced, day, "example-riga-centre-open")["status"] for day in ("2020-05-15", "2020-05-16")]
    assert statuses == ["announced", "taken back"]


@pytest.mark.both_databases
def test_the_same_content_is_the_same_text_in_the_same_order(announced: Session) -> None:
    first, second = (open_file(exported(announced, "2020-06-01")) for _ in range(2))
    sources = [one["id"] for one in json.loads(first)["sources"]]
    order = [(one["key"], one["versions"][-1]["valid_from"], one["id"]) for one in json.loads(first)["facts"]]
    assert (first == second, order == sorted(order), sources == sorted(sources), "ā" in first) == (True,) * 4


def test_every_source_that_is_named_is_there_and_no_other(announced: Session) -> None:
    announced.add(FactSource(id="unused", titles={"lv": "A", "en": "A"}, spoken_titles={"lv": "A", "en": "A"}))
    content = exported(announced, "2020-06-01")
    assert {one["source"] for one in content["facts"]} <= {one["id"] for one in content["sources"]}
    assert "unused" not in {one["id"] for one in content["sources"]}
