"""The preview as it is read: equal entries once, new topics, and the fixed replies that name events."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from announcing import announce, announcement_of, document, example
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, read_announcement
from bot.announcements.preview import preview
from bot.announcements.preview_report import Wanted, preview_report
from bot.settings import PROJECT
from bot.storage.engine import session_scope

TOPIC: dict[str, Any] = {
    "key": "payment_holiday",
    "title": {"lv": "Maksājumu brīvdienas", "en": "Payment holiday"},
    "questions": {
        "lv": [f"Kā pieteikties maksājumu brīvdienām {number}?" for number in range(5)],
        "en": [f"How do I apply for the payment holiday {number}?" for number in range(5)],
    },
    "text": {"lv": "Piesakieties pa tālruni 8400.", "en": "Please apply on 8400."},
}
QUESTION = "ask_published_topic/payment_holiday"
DAY = date(2020, 5, 14)


@pytest.fixture(scope="module")
def facts(own_database: OwnDatabase) -> Iterator[Session]:
    """A database that no test of this module changes."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


def storm() -> AnnouncementDocument:
    return read_announcement(PROJECT / "docs" / "examples" / "storm.yml")


def test_it_has_every_answer_of_the_preview_once(facts: Session) -> None:
    found = preview_report(facts, example())
    told = {
        (name, change.language, day, *change.before.values(), *change.after.values())
        for change in found.answers
        for name in (one.partition(" ")[0] for one in change.questions)
        for day in change.days
    }
    wanted = {
        (one.question.name, one.language, day, *vars(one.before).values(), *vars(one.after).values())
        for one in preview(facts, example())
        for day in one.days
    }
    assert told == wanted


def test_equal_entries_stand_once(facts: Session) -> None:
    changes = preview_report(facts, storm(), Wanted(language="en", channel="web")).answers
    entries = [repr((change.before, change.after, change.days)) for change in changes]
    assert len(entries) == len(set(entries))
    assert max(len(change.questions) for change in changes) > 1


def test_a_new_topic_is_shown_with_what_it_answers(facts: Session) -> None:
    found = preview_report(facts, document(TOPIC))
    (topic,) = found.topics
    assert (topic.question, topic.titles, topic.examples) == (QUESTION, TOPIC["title"], {"lv": 5, "en": 5})
    assert (topic.days, topic.understood, topic.offered) == ((DAY,), True, True)
    told = {one.language: (one.before["web"], one.after["web"]) for one in found.answers if QUESTION in one.questions}
    assert told == {language: ("", text) for language, text in TOPIC["text"].items()}


def test_a_topic_that_is_withdrawn_is_shown(session: Session) -> None:
    announce(session, document(TOPIC))
    withdrawn = announcement_of(
        {
            "id": "over",
            "made_public": "2020-05-20",
            "changes": [{"record": "line-hours", "withdraw_from": "2020-05-20"}],
        },
        "announcement",
    )
    (topic,) = preview_report(session, withdrawn).topics
    assert (topic.question, topic.days, topic.understood) == (QUESTION, (date(2020, 5, 20),), False)


REPLIES = {"utter_greet", "utter_help", "utter_out_of_scope", "page_title"}
NAMED = {"lv": "vētras", "en": "the storm"}


@pytest.mark.parametrize("language", ["lv", "en"])
def test_replies_that_name_events_are_shown(facts: Session, language: str) -> None:
    found = {one.reply: one for one in preview_report(facts, storm(), Wanted(language=language)).fixed}
    assert found.keys() >= REPLIES
    greeting = found["utter_greet"]
    assert [NAMED[language] in text for text in greeting.after.values()] == [True, True, True]
    assert not any(NAMED[language] in text for text in greeting.before.values())
    assert date(2020, 11, 10) in greeting.days
    assert date(2020, 11, 9) not in greeting.days


def test_what_opens_no_event_changes_no_fixed_reply(facts: Session) -> None:
    assert preview_report(facts, example()).fixed == ()


WANTED = {
    "a day on which nothing differs": (Wanted(day=date(2020, 5, 13)), 0),
    "another question": (Wanted(question="ask_safety"), 0),
}


@pytest.mark.parametrize(("wanted", "count"), WANTED.values(), ids=WANTED)
def test_what_is_not_looked_at_is_left_out(facts: Session, wanted: Wanted, count: int) -> None:
    assert len(preview_report(facts, example(), wanted).answers) == count
