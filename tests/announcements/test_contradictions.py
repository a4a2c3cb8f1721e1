"""Which answers contradict an announcement, why, how surely, and what to look at besides."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from announcing import announce, changing, content, document, example
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.checking import AnnouncementCheck, check
from bot.announcements.contradiction_groups import grouped
from bot.announcements.contradictions import Reason
from bot.knowledge.fact_list import fact_list
from bot.knowledge.validation import load_folder
from bot.storage.engine import session_scope

TEXT = {"lv": "Centrs Rīgā ir atvērts.", "en": "The centre in Riga is open."}
COMING = {"lv": "Centru Rīgā atvērs {begins_on:locative}.", "en": "The centre in Riga opens on {begins_on}."}
OPENS: dict[str, Any] = {
    "key": "place_riga_centre",
    "replaces": "closed-riga-centre",
    "valid_from": "2020-05-18",
    "coming": COMING,
    "text": TEXT,
}


@pytest.fixture(scope="module")
def facts(own_database: OwnDatabase) -> Iterator[Session]:
    """A database that no test of this module changes."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


def reasons(found: AnnouncementCheck) -> dict[str, Reason]:
    """By question, why its answer contradicts."""
    assert found.problem is None
    return {one.question.name: one.reason for one in found.contradictions}


NAMES_NO_DAY = {
    "a record that names the day": document(OPENS),
    "in its text only": document(
        {"key": "place_riga_centre", "replaces": "closed-riga-centre", "text": {**TEXT, "en": "It opens on 18 May."}}
    ),
    "with the rows of the old one": document({**OPENS, "rows": ["hours", "S23"]}),
    "taking over the whole topic for the place": document(
        {**OPENS, "key": "line_hours", "replaces": None, "places": ["riga_centre"], "answers": ["ask_reopening"]}
    ),
    "a correction of another source's record": announcement_of(
        {
            "id": "corrected",
            "made_public": "2020-05-14",
            "changes": [{"record": "place-news", "correct": {"text": {**TEXT, "en": "It opens on 18 May."}}}],
        },
        "announcement",
    ),
}


@pytest.mark.parametrize("announced", NAMES_NO_DAY.values(), ids=NAMES_NO_DAY)
def test_that_no_day_is_named_contradicts_a_record_that_names_one(
    session: Session, announced: AnnouncementDocument
) -> None:
    if announced.changes:
        news = document(
            {**OPENS, "id": "place-news", "valid_from": date(2020, 5, 1)}, id="first", made_public="2020-05-01"
        )
        announce(session, news.copy(update={"keeps": everything()}))
    found = check(session, announced)
    told = {one.record: one for one in found.contradictions if one.reason is Reason.NAMES_NO_DAY}
    assert (told["silent-on-reopening"].question.intent, told["silent-on-reopening"].rows) == ("ask_reopening", ("N8",))


def everything() -> list[str]:
    from bot.announcements.questions import all_questions

    return sorted({question.intent for question in all_questions()})


QUIET: dict[str, AnnouncementDocument] = {
    "a record that names no day": document({"key": "place_riga_centre", "replaces": "closed-riga-centre"}),
    "another topic": document({"text": {"lv": "No 18. maija.", "en": "From 18 May."}}),
    "a silence": document({**OPENS, "kind": "silence", "quote": None}),
    "the source that says both": announcement_of(
        {
            "id": "same",
            "made_public": "2020-05-14",
            "changes": [{"record": "closed-riga-centre", "correct": {"text": {**TEXT, "en": "Until 18 May."}}}],
        },
        "announcement",
    ),
    "with the silence replaced": example(),
    "kept": document(OPENS, keeps=["ask_reopening", "ask_place_closed"]),
}


@pytest.mark.parametrize("announced", QUIET.values(), ids=QUIET)
def test_otherwise_a_silence_is_no_contradiction(facts: Session, announced: AnnouncementDocument) -> None:
    assert Reason.NAMES_NO_DAY not in reasons(check(facts, announced)).values()


def test_other_places_keep_their_silence(facts: Session) -> None:
    found = reasons(check(facts, document(OPENS)))
    assert "ask_reopening/when@riga_centre" in found
    assert "ask_reopening/when@daugavpils_centre" not in found


SURENESS = {
    "ask_reopening": Reason.NAMES_NO_DAY,
    "ask_reopening/when@riga_centre": Reason.NAMES_NO_DAY,
    "ask_place_closed/open@riga_centre": Reason.RESTS_MAINLY,
    "ask_place_closed/address@riga_centre": Reason.RESTS_PARTLY,
    "ask_how_to_pay/cash": Reason.RESTS_PARTLY,
}


def test_the_most_certain_come_first(facts: Session) -> None:
    found = reasons(check(facts, document(OPENS)))
    assert {name: found[name] for name in SURENESS} == SURENESS
    order = [[*Reason].index(reason) for reason in found.values()]
    assert order == sorted(order)


def test_an_answer_that_falls_back_is_the_most_certain(session: Session) -> None:
    announce(session, example())
    shorter = document(
        {"key": "example_places", "replaces": "example-places", "valid_from": date(2020, 5, 18), "coming": COMING}
    )
    first = check(session, shorter).contradictions[0]
    assert (first.reason, first.record) == (Reason.FALLS_BACK, "example-places")


def test_groups_name_the_record_and_what_its_rows_say(facts: Session) -> None:
    groups = grouped(check(facts, document(OPENS)).contradictions)
    told = [(group.reason, group.record, group.sentences) for group in groups]
    closed = ("S23: For the time of the emergency, the customer service centres in Riga and Daugavpils are closed.",)
    assert told == [
        (Reason.NAMES_NO_DAY, None, (f"N8: {fact_list().rows['N8']}",)),
        (Reason.RESTS_MAINLY, "closed-riga-centre", closed),
        (Reason.RESTS_PARTLY, "closed-riga-centre", closed),
    ]


def test_answers_that_repeat_one_another_stand_in_one_line(facts: Session) -> None:
    found = check(facts, document(OPENS)).contradictions
    groups = grouped(found)
    lines = [alike.questions for group in groups for alike in group.answers]
    alike = tuple(f"ask_place_closed/{name}" for name in ("open", "open@riga_centre", "closed", "closed@riga_centre"))
    assert alike in lines
    assert sum(map(len, lines)) == sum(group.count for group in groups) == len(found)
    assert len(lines) < len(found) * 2 / 3


def test_every_row_of_the_facts_is_explained() -> None:
    used = {row for record in load_folder().facts.values() for row in record.rows}
    assert used - fact_list().rows.keys() == set()


def test_what_stays_true_whatever_ends_is_no_reason(facts: Session) -> None:
    """Many answers rest on the day of the announcement (S2), which does not end with a record of it."""
    found = check(facts, document({"key": "no_disconnection", "replaces": "no-disconnection"})).contradictions
    assert {row for one in found for row in one.rows} == {"S1", "S4", "S5", "S6", "S7"}
    assert "ask_contact/how" not in {one.question.name for one in found}


SILENCES: dict[str, tuple[dict[str, Any], str | None]] = {
    "of the topic that it answers a question of": ({"answers": ["ask_contact/hours"]}, "silent-on-line-hours"),
    # An answer that an announcement leads leaves out what an older source does not say.
    "of the topic that it leads": ({"key": "channels", "replaces": "channels"}, None),
    "of another topic": ({}, None),
    "replaced": ({"key": "silent_on_line", "replaces": "silent-on-line-hours", "answers": ["ask_contact/hours"]}, None),
}


@pytest.mark.parametrize(("record", "silence"), SILENCES.values(), ids=SILENCES)
def test_a_silence_about_the_same_is_named(facts: Session, record: dict[str, Any], silence: str | None) -> None:
    found = check(facts, document(record))
    assert {one.record for one in found.silences} == ({silence} if silence else set())
    assert {one.reason for one in found.silences} <= {Reason.SAYS_NOTHING}


SWALLOWED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "the whole topic for a place": (
        {"places": ["riga_centre"], "answers": ["ask_place_closed"]},
        {"address", "hours", "since_when"},
    ),
    "single questions": ({"places": ["riga_centre"], "answers": ["ask_place_closed/address"]}, set()),
    "the whole topic and one singly": (
        {"places": ["riga_centre"], "answers": ["ask_place_closed", "ask_place_closed/address"]},
        {"hours", "since_when"},
    ),
    "a topic that it answers": ({"places": ["riga_centre"], "answers": ["ask_reopening"]}, set()),
}


@pytest.mark.parametrize(("record", "names"), SWALLOWED.values(), ids=SWALLOWED)
def test_questions_that_the_new_text_does_not_answer_are_named(
    facts: Session, record: dict[str, Any], names: set[str]
) -> None:
    found = check(facts, document({**OPENS, **record})).swallowed
    assert {one.question.name for one in found} == {f"ask_place_closed/{name}@riga_centre" for name in names}


def test_a_swallowed_question_shows_what_was_and_what_would_be_said(facts: Session) -> None:
    found = check(facts, document({**OPENS, "places": ["riga_centre"], "answers": ["ask_place_closed"]})).swallowed
    address = next(one for one in found if one.question.about == "ask_place_closed/address")
    assert "does not say in which street" in address.before
    assert address.after == "The centre in Riga opens on 18 May 2020."
    assert (address.record, address.topic, address.row) == ("line-hours", "ask_place_closed", "N9")


MOVED: dict[str, tuple[Callable[[], AnnouncementDocument], set[tuple[str, str]]]] = {
    "a record": (
        lambda: changing("later", "2020-05-16", *move("example-riga-centre-open")),
        {("example-places", "2020-05-18"), ("example-services", "2020-05-18"), ("example-changes", "2020-05-18")},
    ),
    "corrected together": (
        lambda: changing(
            "later", "2020-05-16", *move("example-riga-centre-open"), correction("example-places"),
            correction("example-services"), correction("example-changes"),
        ),
        set(),
    ),
    "to the same announcement's other day": (
        lambda: changing("later", "2020-05-16", {"record": "own-case", "move_to": "2020-03-21"}),
        {(name, "2020-03-20") for name in ("no-disconnection", "promise-period")},
    ),
}  # fmt: skip


def correction(record: str) -> dict[str, Any]:
    return {"record": record, "correct": dict.fromkeys(("text", "coming"), TEXT)}


def move(record: str) -> tuple[dict[str, Any], ...]:
    return {"record": record, "move_to": "2020-05-25"}, correction(record)


@pytest.mark.parametrize(("announced", "named"), MOVED.values(), ids=MOVED)
def test_a_move_names_the_other_records_that_name_the_day(
    session: Session, announced: Callable[[], AnnouncementDocument], named: set[tuple[str, str]]
) -> None:
    announce(session, example())
    found = {(one.record, one.day.isoformat()) for one in check(session, announced()).former_days}
    assert named <= found
    assert bool(named) == bool(found)


def test_another_official_end_names_the_records_with_the_former_one(facts: Session) -> None:
    longer = announcement_of(
        {
            "id": "longer",
            "made_public": "2020-06-01",
            "event_changes": [{"event": "emergency", "official_end": "2020-06-30"}],
        },
        "announcement",
    )
    found = {one.record for one in check(facts, longer).former_days}
    assert {"legal-end-3", "caution-emergency"} <= found
    assert "legal-end-2" not in found  # has ended before


def test_what_names_another_day_is_left_alone(facts: Session) -> None:
    moved = changing("later", "2020-05-16", {"record": "caution-emergency", "move_to": "2020-06-12"})
    found = {one.record for one in check(facts, moved).former_days}
    assert content()["records"][0]["id"] not in found
    assert "legal-end-3" not in found
