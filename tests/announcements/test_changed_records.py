"""Records are corrected, moved, withdrawn and restored as new versions; nothing is ever lost."""

from datetime import date
from typing import Any

import pytest
from announcing import announce, changing, document, example, said
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import Signed, VersionAct, versions_of
from bot.knowledge.record_changes import move, restore, withdraw
from bot.knowledge.records import KnowledgeError

pytestmark = pytest.mark.both_databases
RIGA = "ask_reopening/when@riga_centre"
OPENS = "example-riga-centre-open"
TEXTS = {
    "lv": "Centrs Rīgā no {begins_on:genitive} ir atvērts.",
    "en": "The centre in Riga is open from {begins_on}.",
}


@pytest.fixture
def reopened(session: Session) -> Session:
    """The database after docs/examples/reopening.yml was published."""
    announce(session, example())
    return session


def moved(session: Session, to: str, made_public: str) -> None:
    """Announce another day for the centre."""
    changes = ({"record": OPENS, "move_to": to}, {"record": OPENS, "correct": {"text": TEXTS}})
    keeps = changing("another-day", made_public, *changes)
    announce(session, keeps)


MOVES = {
    "later, known before": ("2020-05-25", "2020-05-15", "opens on 18 May 2020"),
    "later, known that day": ("2020-05-25", "2020-05-16", "opens on 25 May 2020"),
    "later, the day before": ("2020-05-25", "2020-05-24", "closed until 24 May 2020"),
    "later, its day": ("2020-05-25", "2020-05-25", "is open from 25 May 2020"),
    "earlier, known before": ("2020-05-17", "2020-05-15", "opens on 18 May 2020"),
    "earlier, known that day": ("2020-05-17", "2020-05-16", "opens on 17 May 2020"),
    "earlier, its day": ("2020-05-17", "2020-05-17", "is open from 17 May 2020"),
}


@pytest.mark.parametrize(("to", "asked", "told"), MOVES.values(), ids=MOVES)
def test_a_day_that_was_published_is_moved(reopened: Session, to: str, asked: str, told: str) -> None:
    moved(reopened, to, "2020-05-16")
    assert told in said(reopened, RIGA, asked)


@pytest.mark.parametrize("to", ["2020-05-17", "2020-05-25"])
def test_what_was_before_ends_with_the_day_that_is_moved(reopened: Session, to: str) -> None:
    moved(reopened, to, "2020-05-16")
    closed = versions_of(reopened, "closed-riga-centre")[-1]
    assert (closed.act, closed.content["withdrawn_from"]) == (VersionAct.REPLACED, date.fromisoformat(to))


def test_a_text_that_names_the_former_day_is_not_moved_without_a_correction(reopened: Session) -> None:
    only = changing("another-day", "2020-05-16", {"record": OPENS, "move_to": "2020-05-25"})
    with pytest.raises(KnowledgeError, match=r"its text in 'lv' names 2020-05-18; correct the text in the same"):
        announce(reopened, only)


CORRECTED = {"before it": ("2020-05-15", "eight"), "from its day": ("2020-05-16", "nine")}


@pytest.mark.parametrize(("asked", "told"), CORRECTED.values(), ids=CORRECTED)
def test_a_wording_is_corrected_under_the_same_id(session: Session, asked: str, told: str) -> None:
    announce(session, document({"key": "own_case", "replaces": "own-case", "rows": ["hours", "S24"]}))
    new = {"lv": "Tālrunis strādā no deviņiem.", "en": "The line works from nine."}
    announce(session, changing("nine", "2020-05-16", {"record": "line-hours", "correct": {"text": new}}))
    assert f"The line works from {told}." in said(session, "ask_late_fees", asked)


KNOWN_FROM = {
    "left out: from the day it is public": (None, {"2020-05-15": "eight", "2020-05-16": "nine"}),
    "earlier": ("2020-05-14", {"2020-05-13": "nothing", "2020-05-14": "nine", "2020-05-15": "nine"}),
    "later": ("2020-05-20", {"2020-05-16": "eight", "2020-05-19": "eight", "2020-05-20": "nine"}),
}


@pytest.mark.parametrize(("known_from", "told"), KNOWN_FROM.values(), ids=KNOWN_FROM)
def test_a_correction_is_known_from_its_day(session: Session, known_from: str | None, told: dict[str, str]) -> None:
    announce(session, document({"key": "own_case", "replaces": "own-case", "rows": ["hours", "S24"]}))
    new = {"lv": "Tālrunis strādā no deviņiem.", "en": "The line works from nine."}
    change = {"record": "line-hours", "correct": {"text": new}} | ({"known_from": known_from} if known_from else {})
    announce(session, changing("nine", "2020-05-16", change))
    heard = {day: said(session, "ask_late_fees", day) for day in told}
    words = ("eight", "nine")
    assert {
        day: next((one for one in words if f"from {one}." in text), "nothing") for day, text in heard.items()
    } == told


def test_a_wording_is_not_known_before_what_it_corrects(session: Session) -> None:
    announce(session, document({"key": "own_case", "replaces": "own-case", "rows": ["hours", "S24"]}))
    change = {"record": "line-hours", "correct": {"text": TEXTS}, "known_from": "2020-05-13"}
    with pytest.raises(KnowledgeError, match=r"known from 2020-05-14 on, .* give known_from: 2020-05-14 or later"):
        announce(session, changing("nine", "2020-05-16", change))


def test_each_version_says_who_why_and_from_when_until_when(reopened: Session) -> None:
    moved(reopened, "2020-05-25", "2020-05-16")
    first, second, third = versions_of(reopened, OPENS)
    acts = [(one.act, one.who, one.announcement) for one in (first, second, third)]
    assert acts == [
        (VersionAct.PUBLISHED, "Anna", "riga-centre-reopens"),
        (VersionAct.MOVED, "Anna", "another-day"),
        (VersionAct.CORRECTED, "Anna", "another-day"),
    ]
    assert [one.in_force_until for one in (first, second, third)] == [second.in_force_from, third.in_force_from, None]


@pytest.mark.parametrize("change", ["UPDATE fact_versions SET who = 'x'", "DELETE FROM fact_versions"])
def test_history_cannot_be_changed(session: Session, change: str) -> None:
    with pytest.raises(DBAPIError, match="only appended"), session.begin_nested():
        session.execute(text(change))


def test_a_withdrawn_record_is_restored(session: Session) -> None:
    before = said(session, "ask_contact", "2020-05-20")
    withdraw(session, "channels", date(2020, 5, 1))
    assert said(session, "ask_contact", "2020-05-20") != before
    restore(session, "channels")
    assert said(session, "ask_contact", "2020-05-20") == before


def test_an_announcement_that_is_withdrawn_before_its_day_leaves_what_was(reopened: Session) -> None:
    withdraw(reopened, OPENS, date(2020, 5, 18), Signed("Anna", known_from=date(2020, 5, 16)))
    texts = [said(reopened, "ask_place_closed@riga_centre", day) for day in ("2020-05-15", "2020-05-16", "2020-05-18")]
    assert ["opens on 18 May" in text for text in texts] == [True, False, False]
    assert all("is closed for the time of the emergency situation" in text for text in texts[1:])


REFUSED: dict[str, tuple[Any, str]] = {
    "withdrawn before it began": (
        lambda session: withdraw(session, "channels", date(2020, 1, 1)),
        r"'channels' begins on 2020-03-20, .* Give a day from 2020-03-20 on; with 2020-03-20 itself it never",
    ),
    "withdrawn after its end": (
        lambda session: withdraw(session, "legal-end-1", date(2020, 5, 1)),
        "'legal-end-1' ends on 2020-04-06; there is nothing to withdraw",
    ),
    "moved where it is": (
        lambda session: move(session, "channels", date(2020, 3, 20)),
        "'channels' begins on 2020-03-20 already",
    ),
    "moved behind its end": (
        lambda session: move(session, "legal-end-1", date(2020, 5, 1)),
        "'legal-end-1' ends on 2020-04-06, before 2020-05-01; give an earlier day",
    ),
    "moved into another": (
        lambda session: move(session, "legal-end-2", date(2020, 4, 6)),
        "'legal-end-2' cannot begin on 2020-04-06: overlapping validity with 'legal-end-1'",
    ),
    "restored though in force": (lambda session: restore(session, "channels"), "is not withdrawn; there is nothing"),
    "no such record": (lambda session: restore(session, "nothing"), "There is no fact 'nothing'; 'bot facts list'"),
}


@pytest.mark.parametrize(("change", "told"), REFUSED.values(), ids=REFUSED)
def test_a_change_that_does_not_fit_is_refused_with_what_to_do(session: Session, change: Any, told: str) -> None:
    with pytest.raises(KnowledgeError, match=told):
        change(session)


def test_a_record_whose_place_was_taken_is_not_restored(reopened: Session) -> None:
    with pytest.raises(KnowledgeError, match="'closed-riga-centre' cannot be restored: overlapping validity with"):
        restore(reopened, "closed-riga-centre")
