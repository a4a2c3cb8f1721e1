"""Undoing restores exactly the state before, as new versions."""

from datetime import date
from typing import Any

import pytest
from announcing import AUTHOR, announce, changing, document, example, said, undo_by_two
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.questions import all_questions
from bot.knowledge.fact_store import all_facts, bring_in
from bot.knowledge.fact_versions import VersionAct, state_of, versions_of
from bot.knowledge.models import FactVersion
from bot.knowledge.records import KnowledgeError
from bot.knowledge.validation import load_folder

pytestmark = pytest.mark.both_databases
TODAY = date(2020, 5, 16)
ID = "riga-centre-reopens"
CHANGES = {
    "withdraw": {"record": "channels", "withdraw_from": "2020-05-20"},
    "move": {"record": "legal-end-3", "move_to": "2020-05-08"},
    "correct": {"record": "own-case", "correct": {"text": {"lv": "Zvaniet.", "en": "Call."}}},
}


def states(session: Session) -> dict[str, dict[str, Any]]:
    """What every record says and when."""
    session.expire_all()
    return {fact.id: state_of(fact) for fact in all_facts(session)}


def answers(session: Session, day: str) -> dict[str, str]:
    """The answer to every question on a day."""
    return {question.name: said(session, question.name, day) for question in all_questions()}


def test_every_record_is_as_before(session: Session) -> None:
    before = states(session)
    announce(session, example())
    assert states(session) != before
    undo_by_two(session, ID, AUTHOR, TODAY)
    assert states(session) == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_kind_of_change_is_undone(session: Session, change: dict[str, Any]) -> None:
    before = states(session)
    announce(session, changing("change", "2020-05-14", change).copy(update={"keeps": KEPT}))
    undo_by_two(session, "change", AUTHOR, TODAY)
    assert states(session) == before


KEPT = sorted({question.intent for question in all_questions()})


@pytest.mark.parametrize("day", ["2020-05-16", "2020-05-18", "2020-06-01"])
def test_every_answer_is_as_before_from_that_day_on(session: Session, day: str) -> None:
    before = answers(session, day)
    announce(session, example())
    undo_by_two(session, ID, AUTHOR, TODAY)
    assert answers(session, day) == before


def test_what_was_said_until_then_stays_answerable(session: Session) -> None:
    announce(session, example())
    undo_by_two(session, ID, AUTHOR, TODAY)
    assert "opens on 18 May 2020" in said(session, "ask_reopening/when@riga_centre", "2020-05-15")


def test_undoing_appends_versions(session: Session) -> None:
    announce(session, example())
    undo_by_two(session, ID, AUTHOR, TODAY, "published too early")
    made = [(one.act, one.why) for one in versions_of(session, "closed-riga-centre")]
    assert made == [
        (VersionAct.FILES, None),
        (VersionAct.REPLACED, None),
        (VersionAct.UNDONE, "published too early"),
    ]


def test_it_is_published_and_undone_again(session: Session) -> None:
    before = states(session)
    for _ in range(2):
        announce(session, example())
        undo_by_two(session, ID, AUTHOR, TODAY)
    assert states(session) == before


def test_what_was_changed_since_is_undone_first(session: Session) -> None:
    announce(session, example())
    later = changing("later", "2020-05-15", {"record": "example-other-places", "withdraw_from": "2020-05-20"})
    announce(session, later.copy(update={"keeps": KEPT}))
    told = "'example-other-places' was changed since (withdrawn, by announcement 'later'); undo that first"
    with pytest.raises(KnowledgeError) as caught:
        undo_by_two(session, ID, AUTHOR, TODAY)
    assert told in str(caught.value)


def test_undone_in_turn_both_are_gone(session: Session) -> None:
    before = states(session)
    announce(session, example())
    later = changing("later", "2020-05-15", {"record": "example-other-places", "withdraw_from": "2020-05-20"})
    announce(session, later.copy(update={"keeps": KEPT}))
    for announcement in ("later", ID):
        undo_by_two(session, announcement, AUTHOR, TODAY)
    assert states(session) == before


def test_a_restart_changes_neither_an_announcement_nor_its_undoing(session: Session) -> None:
    knowledge = load_folder()
    correction = changing("nine", "2020-05-14", CHANGES["correct"]).copy(update={"keeps": KEPT})
    announce(session, correction)
    announce(session, example())
    undo_by_two(session, ID, AUTHOR, TODAY)
    before, count = states(session), len(session.execute(select(FactVersion)).all())
    bring_in(session, knowledge)
    assert (states(session), len(session.execute(select(FactVersion)).all())) == (before, count)


def test_one_that_is_not_public_yet_was_never_known(session: Session) -> None:
    early = document(
        {"key": "own_case", "replaces": "own-case", "rows": ["hours", "S24"]}, made_public=date(2020, 5, 20)
    )
    announce(session, early)
    undo_by_two(session, "hours", AUTHOR, TODAY)
    assert "from eight" not in said(session, "ask_late_fees", "2020-05-21")
