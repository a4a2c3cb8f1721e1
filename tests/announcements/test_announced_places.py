"""An announcement brings a place: from the next message on it is recognised and answered about; a mistake is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from announcing import AUTHOR, announce, content, said, undo_by_two
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.preview import preview
from bot.announcements.publishing import propose
from bot.announcements.questions import all_questions
from bot.channels.web.announcement import announcement
from bot.clock import pretending
from bot.knowledge.published_places import all_published
from bot.knowledge.records import KnowledgeError
from bot.nlu.entity_extractor import EntityExtractor
from bot.storage.engine import session_scope
from bot.words.question_form import QuestionForm

PLACE = {
    "id": "liepaja_centre",
    "name": {"lv": "Elektrum centrs Liepājā", "en": "Elektrum centre in Liepāja"},
    "cases": {"genitive": "Elektrum centra Liepājā", "locative": "Elektrum centrā Liepājā"},
    "called": ["Liepāja", "Liepājas", "Liepājai", "Liepāju", "Liepājā", "Pūcesroze", "Pūcesrozē", "the harbour office"],
}
CLOSED = {
    "id": "liepaja-closed",
    "key": "place_liepaja_centre",
    "quote": "Muzejs vēl ir slēgts.",
    "valid_from": "2020-05-18",
    "coming": {
        "lv": "Elektrum centru Liepājā slēgs {begins_on:locative}.",
        "en": "The Elektrum centre in Liepāja closes on {begins_on}.",
    },
    "text": {"lv": "Elektrum centrs Liepājā ir slēgts.", "en": "The Elektrum centre in Liepāja is closed."},
    "places": ["liepaja_centre"],
    "answers": [{"question": "ask_place_closed/open", "then": "no"}],
}
NOT_NAMED, CLOSES, IS_CLOSED = "this place", "closes on 18 May 2020", "in Liepāja is closed."
extractor = EntityExtractor()


def bringing(place: dict[str, Any] | None = None, record: dict[str, Any] | None = None) -> AnnouncementDocument:
    """On 14 May it is announced that a centre in Liepāja closes on Monday, 18 May."""
    whole = content({**CLOSED, **(record or {})}, id="liepaja", places=[{**PLACE, **(place or {})}])
    return announcement_of(whole, "announcement")


@pytest.fixture
def brought(database: str) -> Iterator[Session]:
    """A session after the announcement was published in another."""
    with session_scope(database) as session:
        announce(session, bringing())
    with session_scope(database) as session:
        yield session


def places(text: str, day: str = "2020-05-18", language: str = "lv") -> list[str]:
    with pretending(day):
        return [item.value for item in extractor.extract(text, language) if item.name == "place"]


NAMED = {
    "nominative": ("Vai Liepāja ir atvērta?", "lv"),
    "locative": ("vai centrs liepājā strādā", "lv"),
    "no diacritics": ("liepaja centrs ciet?", "lv"),
    "whole name": ("Kad strādā Elektrum centrā Liepājā?", "lv"),
    "a name of its own": ("Pūcesrozē kāds ir?", "lv"),
    "letters exchanged": ("Pūcseroze vaļā?", "lv"),
    "a letter left out": ("Puceroze vaļā?", "lv"),
    "English": ("Is the centre in Liepaja open?", "en"),
    "another name": ("is the harbour office open", "en"),
}


@pytest.mark.usefixtures("brought")
@pytest.mark.parametrize(("text", "language"), NAMED.values(), ids=NAMED)
def test_it_is_recognised(text: str, language: str) -> None:
    assert places(text, language=language) == ["liepaja_centre"]


OTHERS = {
    "a place that was there": ("Vai Rīgā ir atvērts?", ["riga_centre"]),
    "another town": ("Vai Ventspilī ir atvērts?", ["Ventspils"]),
    "a street": ("Liepājas ielā nav strāvas", []),
    "no place": ("Vai mani atslēgs?", []),
}


@pytest.mark.usefixtures("brought")
@pytest.mark.parametrize(("text", "found"), OTHERS.values(), ids=OTHERS)
def test_other_places_are_recognised_as_before(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.usefixtures("brought")
def test_before_it_is_known_the_town_is_meant() -> None:
    assert places("Vai Liepājā ir atvērts?", "2020-05-13") == ["Liepāja"]


def test_it_is_recognised_from_the_next_message_on(database: str) -> None:
    before = places("Vai Liepājā ir atvērts?")
    with session_scope(database) as session:
        announce(session, bringing())
    between = places("Vai Liepājā ir atvērts?")
    with session_scope(database) as session:
        undo_by_two(session, "liepaja", AUTHOR, date(2020, 5, 18))
    assert (before, between, places("Vai Liepājā ir atvērts?")) == (["Liepāja"], ["liepaja_centre"], ["Liepāja"])


def test_places_are_recognised_while_the_database_is_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")  # a folder, so it cannot be opened
    assert places("Vai Liepājā un Rīgā ir atvērts?") == ["Liepāja", "riga_centre"]


ANSWERS = {
    "before it is public": ("ask_place_closed/open@liepaja_centre", "2020-05-13", NOT_NAMED),
    "announced": ("ask_place_closed/open@liepaja_centre", "2020-05-14", CLOSES),
    "announced, whether it is closed": ("ask_place_closed/closed@liepaja_centre", "2020-05-14", CLOSES),
    "announced, when": ("ask_reopening/when@liepaja_centre", "2020-05-17", CLOSES),
    "closed": ("ask_place_closed/open@liepaja_centre", "2020-05-18", IS_CLOSED),
    "closed, in general": ("ask_place_closed@liepaja_centre", "2020-05-18", IS_CLOSED),
    "closed, whether it is": ("ask_place_closed/closed@liepaja_centre", "2020-05-18", IS_CLOSED),
    "when it opens": ("ask_reopening@liepaja_centre", "2020-05-18", IS_CLOSED),
    "among all places": ("ask_place_closed", "2020-05-18", IS_CLOSED),
    "which places": ("ask_place_closed/which", "2020-05-18", IS_CLOSED),
    "what has changed": ("ask_emergency_changes", "2020-05-18", IS_CLOSED),
    "another place": ("ask_place_closed/open@riga_centre", "2020-05-18", "centre in Riga is closed"),
    "another town": ("ask_place_closed/open@Ventspils", "2020-05-18", NOT_NAMED),
}


@pytest.mark.both_databases
def test_it_is_answered_about(session: Session) -> None:
    announce(session, bringing())
    told = {name: words in said(session, question, day) for name, (question, day, words) in ANSWERS.items()}
    assert told == dict.fromkeys(ANSWERS, True)


def test_where_a_yes_or_no_is_wanted_the_record_decides(brought: Session) -> None:
    assert said(brought, "ask_place_closed/open@liepaja_centre", "2020-05-18", asks=QuestionForm.WHETHER).startswith(
        "No."
    )


@pytest.mark.usefixtures("brought")
@pytest.mark.parametrize(
    ("day", "shown"), [("2020-05-13", None), ("2020-05-14", "closes on"), ("2020-05-18", "is closed")]
)
def test_it_has_its_entry_on_the_page(day: str, shown: str | None) -> None:
    with pretending(day):
        blocks = str(announcement("en")["parts"]["announcement"]["blocks"])
    assert ("Liepāja" in blocks, shown is None or shown in blocks) == (shown is not None, True)


def test_the_preview_shows_its_answers(session: Session) -> None:
    changed = {change.question.name for change in preview(session, bringing())}
    assert {"ask_place_closed/open@liepaja_centre", "ask_reopening@liepaja_centre"} <= changed


def test_its_questions_can_be_named(brought: Session) -> None:
    names = {question.name for question in all_questions(all_published(brought))}
    assert "ask_place_closed/hours@liepaja_centre" in names


MISTAKES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a place of the files": (
        {"id": "riga_centre"},
        {"places": ["riga_centre"]},
        "the place 'riga_centre' is there already; leave it out",
    ),
    "a name of another place": (
        {"called": ["Daugavpilī"]},
        {},
        "'Daugavpilī' already means the place 'daugavpils_centre'",
    ),
    "a slip of another place": ({"called": ["muzejs"]}, {}, "'muzejs' already means the place 'energy_museum'"),
    "a word of any question": ({"called": ["kad"]}, {}, "the name 'kad' stands in all sorts of questions"),
    "too short a name": ({"called": ["L"]}, {}, "place 'liepaja_centre': a name has 3 letters or more"),
    "a pattern": ({"called": ["Liep.*"]}, {}, "place 'liepaja_centre': a name is plain text; correct 'Liep.*'"),
    "10,000 characters": ({"called": ["x" * 10_000]}, {}, "place 'liepaja_centre': a name has 3 letters or more"),
    "a language is missing": (
        {"name": {"lv": "Centrs"}},
        {},
        "place 'liepaja_centre', name: the text in 'en' is missing",
    ),
    "an id of other signs": ({"id": "Liepāja"}, {}, "place 'Liepāja', id: string does not match regex"),
    "an unknown key": ({"town": "Liepāja"}, {}, "place 'liepaja_centre', town: unknown key"),
    "a record about another": ({}, {"places": ["ventspils_centre"]}, "there is no place 'ventspils_centre'"),
}


@pytest.mark.parametrize(("place", "record", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_a_sentence(
    session: Session, place: dict[str, Any], record: dict[str, Any], told: str
) -> None:
    with pytest.raises(KnowledgeError) as raised:
        propose(session, bringing(place, record), AUTHOR)
    assert told in str(raised.value)


def test_a_place_is_brought_only_once(brought: Session) -> None:
    again = content(id="again", places=[PLACE])
    with pytest.raises(KnowledgeError, match="the place 'liepaja_centre' is there already"):
        propose(brought, announcement_of(again, "announcement"), AUTHOR)


def test_a_name_that_a_published_place_has_is_refused(brought: Session) -> None:
    again = content(id="again", places=[{**PLACE, "id": "liepaja_museum", "called": ["pucesroze"]}])
    with pytest.raises(KnowledgeError, match="already means the place 'liepaja_centre'"):
        propose(brought, announcement_of(again, "announcement"), AUTHOR)
