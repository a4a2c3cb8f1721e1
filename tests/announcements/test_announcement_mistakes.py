"""What is wrong with an announcement is told in a sentence that says what to do, and nothing half is published."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from announcing import AUTHOR, LEFT_OUT, announce, content, document, example
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import announcement_of, read_announcement
from bot.announcements.checking import check
from bot.announcements.models import AnnouncementStep
from bot.announcements.publishing import approve, propose, publish
from bot.data_files import DataFileError
from bot.knowledge.models import Fact, FactSource, FactVersion
from bot.knowledge.records import KnowledgeError
from bot.storage.engine import session_scope

JUNE = date(2020, 6, 1)
WHEN = {"answers": ["ask_reopening/when"]}
TEXTS = {"lv": "Sveiki.", "en": "Hello."}
SECOND = {**content()["records"][0], "id": "second", "key": "second"}

MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "a missing language": (
        content({"text": {"lv": "Sveiki."}}),
        "record 'line-hours', text: the text in 'en' is missing or empty; write it in both languages",
    ),
    "a missing language in between": (
        content({"valid_from": JUNE, "coming": {"en": "Soon."}}),
        "record 'line-hours', coming: the text in 'lv' is missing or empty; write it in both languages",
    ),
    "HTML": (content({"text": {"lv": "<b>Sveiki</b>", "en": "Hi"}}), "HTML is not shown anywhere; write plain text"),
    "an entity of HTML": (content({"text": {"lv": "A&nbsp;B", "en": "Hi"}}), "write plain text instead of '&nbsp;B'"),
    "10,000 characters": (
        content({"text": {"lv": "a" * 10_000, "en": "Hi"}}),
        "a text has 10,000 characters; shorten it to 1,000 at most",
    ),
    "a wording of a megabyte": (
        content(source={**content()["source"], "wording": "a" * 1_000_000}),
        "ensure this value has at most 200000 characters",
    ),
    "a quote that the source does not have": (
        content({"quote": "Tālrunis strādā visu nakti."}),
        "the source 'news' does not say 'Tālrunis strādā visu nakti.'; quote it word for word",
    ),
    "a quote that a shipped source does not have": (
        content({"source": "release-2020-03-20"}),
        "the source 'release-2020-03-20' does not say",
    ),
    "no quote": (content({"quote": LEFT_OUT}), "a statement needs the verbatim quote from its source; add it, or"),
    "an end before the begin": (
        content({"valid_until": date(2020, 5, 13)}),
        "valid_until is before valid_from; correct one of the two days",
    ),
    "a begin before the announcement": (
        content({"valid_from": date(2020, 5, 13)}),
        "it begins on 2020-05-13, before the announcement was made public on 2020-05-14; give valid_from: 2020-05-14",
    ),
    "nothing for the time between": (
        content({"valid_from": JUNE}),
        "it is known from 2020-05-14 and begins on 2020-06-01; add 'coming', which is said in between",
    ),
    "an overlap": (
        content({"key": "own_case"}),
        "overlapping validity with 'own-case' for the key 'own_case'; withdraw that one first (bot facts withdraw "
        "own-case --on DATE) or let the new record say 'replaces: own-case'",
    ),
    "an overlap with a later one": (
        content({"key": "legal_end", "valid_from": date(2020, 5, 14), "replaces": "legal-end-3"}),
        "overlapping validity with 'legal-end-past' for the key 'legal_end', which begins later, on 2020-06-10; give "
        "the new record a valid_until before that day",
    ),
    "a place that is there already": (
        content({"key": "place_riga_centre"}),
        "overlapping validity with 'closed-riga-centre' for the key 'place_riga_centre'",
    ),
    "two that answer the same": (
        content(WHEN, records=[{**content(WHEN)["records"][0]}, {**SECOND, **WHEN}]),
        "the records 'line-hours' and 'second' both answer 'ask_reopening__when'; leave that question out",
    ),
    "the same id twice": (
        content(records=[SECOND, {**SECOND, "key": "third"}]),
        "record 'second' stands twice; give one of them another id",
    ),
    "an id that is taken": (content({"id": "own-case"}), "record 'own-case': this id is already published; give"),
    "a source that is another": (
        content(source={**content()["source"], "id": "order-103"}),
        "source 'order-103': this id is already used; name it in 'source' instead",
    ),
    "an unknown source": (content(source="hearsay"), "there is no source 'hearsay'"),
    "no source": (content(source=LEFT_OUT), "record 'line-hours', source: is missing; add it"),
    "an unknown question": (content({"answers": ["ask_me"]}), "there is no question 'ask_me'; 'bot announcement"),
    "an unknown place": (
        content({"places": ["paris"], **WHEN}),
        "there is no place 'paris'; the places are daugavpils_centre,",
    ),
    "a question without that place": (
        content({"places": ["riga_centre"], "answers": ["ask_place_closed/which"]}),
        "ask_place_closed/which has no answer of its own for the place 'riga_centre'; leave it out",
    ),
    "an unknown answer to keep": (content(keeps=["ask_me/why"]), "keeps: there is no question 'ask_me/why'"),
    "nothing in it": (content(records=[]), "it has neither 'records' nor 'changes', so it would change nothing; add"),
    "no day": (content(made_public="soon"), "made_public: invalid date format"),
    "no id": (content(id=LEFT_OUT), "id: is missing; add it"),
    "an unknown key": (content(colour="red"), "colour: unknown key; correct its name or take it out"),
    "an unknown placeholder": (
        content({"text": {"lv": "{today}", "en": "Hi"}}),
        "the only placeholders are {begins_on} and {day_before}",
    ),
    "replacing nothing": (content({"replaces": "nothing"}), "there is no record 'nothing' to replace"),
    "two changes in one": (
        content(changes=[{"record": "own-case", "restore": True, "move_to": JUNE}]),
        "record 'own-case': give one of withdraw_from, move_to, correct, restore",
    ),
    "withdrawing before the begin": (
        content(changes=[{"record": "channels", "withdraw_from": date(2020, 1, 1)}]),
        "'channels' begins on 2020-03-20, so it cannot be withdrawn from 2020-01-01 on. Give a day from 2020-03-20 on",
    ),
    "changing nothing that is there": (
        content(changes=[{"record": "nothing", "restore": True}]),
        "There is no fact 'nothing'; 'bot facts list' shows them all",
    ),
    "correcting nothing": (
        content(changes=[{"record": "nothing", "correct": {"text": {"en": "Hi"}}}]),
        "record 'nothing', correct.text: the text in 'lv' is missing or empty",
    ),
}


@pytest.fixture(scope="module")
def facts(own_database: Any) -> Any:
    """A database that no test of a mistake may change."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


def counted(session: Session) -> list[int]:
    """How many rows each table of facts and announcements has."""
    tables = (Fact, FactVersion, FactSource, AnnouncementStep)
    return [int(session.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables]


@pytest.mark.parametrize(("wrong", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_kept(facts: Session, wrong: dict[str, Any], told: str) -> None:
    before = counted(facts)
    with pytest.raises(KnowledgeError) as caught:
        propose(facts, announcement_of(wrong, "announcement"), AUTHOR)
    assert told in str(caught.value)
    assert counted(facts) == before


FILES = {
    "no mapping": ("- a\n", "a mapping with 'id', 'made_public', 'source' and 'records' is expected"),
    "not YAML": ("id: [", "not readable as YAML"),
    "no record": (yaml.safe_dump({**content(), "records": ["hello"]}), "record 'number 1': value is not a valid dict"),
    "no text of the source": (
        yaml.safe_dump({**content(), "source": {"id": "news", "text": "missing.txt"}}),
        "the text of its source cannot be read",
    ),
}


@pytest.mark.parametrize(("written", "told"), FILES.values(), ids=FILES)
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "announcement.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_announcement(path)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


@pytest.mark.both_databases
def test_what_no_longer_fits_is_published_not_at_all(database: str) -> None:
    """Between approval and publishing somebody else took a place."""
    with session_scope(database) as session:
        propose(session, example(), AUTHOR)
        approve(session, example().id, "Bruno")
        other = document({"key": "silent_on_reopening", "replaces": "silent-on-reopening", "rows": ["hours", "N8"]})
        announce(session, other)
        before = counted(session)
    with pytest.raises(KnowledgeError, match="overlapping validity"), session_scope(database) as session:
        publish(session, example().id, AUTHOR)
    with session_scope(database) as session:
        assert counted(session) == before


CONTRADICTED = ["ask_reopening/when@riga_centre", "ask_place_closed/open", "ask_services_available/person"]


def test_an_answer_that_would_contradict_stops_it(facts: Session) -> None:
    alone = {**example().dict(), "records": [record.dict() for record in example().records[:1]]}
    alone["records"][0] |= {"answers": []}
    found = check(facts, announcement_of(alone, "announcement"))
    assert found.problem is None
    assert set(CONTRADICTED) <= {one.question.name for one in found.contradictions}


def test_a_contradiction_is_not_published_and_the_answers_are_named(session: Session) -> None:
    announced = document({"key": "place_riga_centre", "replaces": "closed-riga-centre"})
    propose(session, announced, AUTHOR)
    approve(session, announced.id, "Bruno")
    with pytest.raises(KnowledgeError, match=r"answers would go on .*: ask_.*; add them to 'answers' of a record"):
        publish(session, announced.id, AUTHOR)


def test_the_example_contradicts_no_answer(facts: Session) -> None:
    found = check(facts, example())
    assert (found.problem, found.contradictions, found.unchecked) == (None, (), ())


def test_an_answer_that_would_fall_back_is_found(session: Session) -> None:
    """An earlier announcement answered it; the new one replaces that and does not."""
    announce(session, example())
    shorter = document(
        {"key": "example_places", "replaces": "example-places", "valid_from": date(2020, 5, 18), "coming": TEXTS}
    )
    found = {one.question.name for one in check(session, shorter).contradictions}
    assert "ask_reopening/when" in found
