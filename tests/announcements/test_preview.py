"""The preview shows what will be said, old beside new, and touches nothing."""

from collections.abc import Iterator
from datetime import date

import pytest
from announcing import announce, changing, example, said
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import RecordChange
from bot.announcements.at_once import change_of
from bot.announcements.preview import AnswerChange, preview
from bot.announcements.questions import all_questions
from bot.announcements.scratch_copy import TABLES
from bot.knowledge.models import Fact, KnowledgeVersion
from bot.settings import LANGUAGES
from bot.storage.engine import Base, session_scope
from bot.words.question_form import QuestionForm

DAYS = [date(2020, 5, 13), date(2020, 5, 14), date(2020, 5, 17), date(2020, 5, 18)]


@pytest.fixture(scope="module")
def before(own_database: OwnDatabase) -> Iterator[Session]:
    """A database without the announcement."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


@pytest.fixture(scope="module")
def changes(before: Session) -> list[AnswerChange]:
    """The preview of docs/examples/reopening.yml."""
    return preview(before, example())


@pytest.fixture(scope="module")
def after(own_database: OwnDatabase) -> Iterator[Session]:
    """A database in which it was published."""
    with own_database("sqlite") as url, session_scope(url) as session:
        announce(session, example())
        yield session


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_exactly_the_answers_that_will_differ(
    before: Session, after: Session, changes: list[AnswerChange], language: str, day: date
) -> None:
    shown = {
        (change.question.name, form): (change.before.web, change.after.web)
        for change in changes
        if change.language == language and day in change.days and not change.again
        for form in change.asks
    }
    told = {}
    for question in all_questions():
        for form in (QuestionForm.OPEN, QuestionForm.WHETHER):
            old, new = (said(one, question.name, day.isoformat(), language, form) for one in (before, after))
            if old != new:
                told[question.name, form] = (old, new)
    assert shown == told


def test_nothing_differs_before_it_is_public(changes: list[AnswerChange]) -> None:
    assert date(2020, 5, 13) not in {day for change in changes for day in change.days}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_each_channel_in_its_way(changes: list[AnswerChange], language: str) -> None:
    change = next(
        one for one in changes if one.question.name == "ask_reopening/when@riga_centre" and one.language == language
    )
    assert "https://example.com/announcement" in change.after.messenger
    assert "https" not in change.after.web + change.after.spoken
    assert not any(character.isdigit() for character in change.after.spoken)


def test_repeated_answers_are_shown_too(changes: list[AnswerChange]) -> None:
    assert "ask_reopening/when" in {change.question.name for change in changes if change.again}


@pytest.mark.both_databases
def test_nothing_is_touched(session: Session) -> None:
    version = session.execute(select(KnowledgeVersion.version)).scalar_one()
    facts = {fact.id: fact.changed_at for fact in session.execute(select(Fact)).scalars()}
    preview(session, example())
    assert session.execute(select(KnowledgeVersion.version)).scalar_one() == version
    session.expire_all()
    assert {fact.id: fact.changed_at for fact in session.execute(select(Fact)).scalars()} == facts


def test_a_withdrawal_is_previewed(before: Session) -> None:
    change = RecordChange(record="safety-trips", withdraw_from=date(2020, 6, 1))
    shown = preview(before, change_of(before, change, date(2020, 5, 20)))
    assert {one.question.name for one in shown} == {"ask_safety_measures"}
    assert all("business trips" not in one.after.web for one in shown if one.language == "en")


def test_what_changes_nothing_shows_nothing(before: Session) -> None:
    same = changing("nothing", "2020-05-20", {"record": "caution-emergency", "withdraw_from": "2030-01-01"})
    days = {day for change in preview(before, same) for day in change.days}
    assert days == {date(2030, 1, 1)} or days == set()


def test_the_copy_to_try_out_has_every_table_of_the_knowledge() -> None:
    rooms = ("bot.knowledge.", "bot.announcements.")
    owned = {mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith(rooms)}
    assert set(TABLES) == owned
