"""The whole of 2020 as announcements, on the days on which each was known: what was said in every part of the year.

The days are those of the list of outside facts (X17 to X20). Nothing is said of the emergency situation of November:
it is another one, and what was promised in March was not promised for it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from announcing import announce, changing, said, undo_by_two
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.questions import all_questions
from bot.knowledge.emergency_events import end
from bot.knowledge.fact_store import bring_in
from bot.knowledge.validation import load_folder
from bot.storage.engine import session_scope

DURATION, PROMISE = "ask_guarantee_duration", "ask_disconnection_guarantee"
EVERYTHING = sorted({question.intent for question in all_questions()})
SET = {
    "lv": "Valdība ārkārtējo situāciju noteikusi līdz {}.",
    "en": "The government has set the emergency situation until {}.",
}


def legal_end(day: str, source: str, row: str, lv: str, en: str, replaces: str | None = None) -> AnnouncementDocument:
    """The government sets or moves the end of the emergency."""
    record: dict[str, Any] = {
        "id": f"story-legal-end-{day}",
        "key": "legal_end",
        "kind": "outside",
        "rows": ["X17", row],
        "text": {"lv": SET["lv"].format(lv), "en": SET["en"].format(en)},
    }
    if replaces:
        record["replaces"] = f"story-legal-end-{replaces}"
    whole = {"id": f"end-set-{day}", "made_public": day, "source": source, "records": [record], "keeps": EVERYTHING}
    return announcement_of(whole, "story")


STORY = [
    legal_end("2020-03-12", "bnn-2020-03-13", "X18", "2020. gada 14. aprīlim", "14 April 2020"),
    legal_end("2020-04-07", "bnn-2020-04-07", "X19", "2020. gada 12. maijam", "12 May 2020", "2020-03-12"),
    legal_end("2020-05-07", "order-103", "X20", "2020. gada 9. jūnijam", "9 June 2020", "2020-04-07"),
]
ENDS = {
    "lv": ("14. aprīlim", "12. maijam", "9. jūnijam"),
    "en": ("until 14 April 2020", "until 12 May 2020", "until 9 June 2020"),
}


@pytest.fixture(scope="module")
def year(own_database: OwnDatabase) -> Iterator[Session]:
    """A database at the end of 2020, in which everything was announced on its day."""
    knowledge = load_folder()
    for name in [name for name, record in knowledge.facts.items() if record.key == "legal_end"]:
        del knowledge.facts[name]
    with own_database("sqlite") as url, session_scope(url) as session:
        bring_in(session, knowledge)
        for announced in STORY:
            announce(session, announced)
        end(session, date(2020, 6, 9), "operator")
        yield session


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize(
    ("day", "which"),
    [
        ("2020-03-20", 0),
        ("2020-04-06", 0),
        ("2020-04-07", 1),
        ("2020-05-06", 1),
        ("2020-05-07", 2),
        ("2020-06-09", 2),
        ("2020-06-10", None),
        ("2020-11-06", None),
    ],
)
def test_the_end_is_the_one_known_on_the_day(year: Session, day: str, which: int | None, language: str) -> None:
    text = said(year, DURATION, day, language)
    assert [words in text for words in ENDS[language]] == [number == which for number in range(3)]


PROMISED = {
    "the day before the emergency": ("2020-03-11", "Nothing has been announced about that yet"),
    "the emergency is declared": ("2020-03-12", "Nothing has been announced about that yet"),
    "the day before the release": ("2020-03-19", "Nothing has been announced about that yet"),
    "the release": ("2020-03-20", "does not disconnect the supply because of late payments"),
    "extended until May": ("2020-04-07", "does not disconnect the supply because of late payments"),
    "extended until June": ("2020-05-07", "does not disconnect the supply because of late payments"),
    "the last day": ("2020-06-09", "does not disconnect the supply because of late payments"),
    "the day after": ("2020-06-10", "The emergency situation ended on 9 June 2020"),
    "before another emergency": ("2020-11-06", "The emergency situation ended on 9 June 2020"),
    "within another emergency": ("2020-11-09", "The emergency situation ended on 9 June 2020"),
}


@pytest.mark.parametrize(("day", "told"), PROMISED.values(), ids=PROMISED)
def test_the_promise_holds_from_the_release_to_the_end(year: Session, day: str, told: str) -> None:
    assert told in said(year, PROMISE, day)


@pytest.mark.parametrize("day", ["2020-06-10", "2020-11-06", "2020-11-09", "2020-12-31"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_promise_of_march_is_not_stretched(year: Session, day: str, language: str) -> None:
    held = load_folder().facts["no-disconnection"].text[language]
    assert (held in said(year, PROMISE, "2020-06-09", language), held in said(year, PROMISE, day, language)) == (
        True,
        False,
    )


@pytest.mark.parametrize("announced", STORY[1:], ids=lambda announced: announced.id)
def test_an_extension_is_not_known_the_day_before(year: Session, announced: AnnouncementDocument) -> None:
    before = date.fromordinal(announced.made_public.toordinal() - 1).isoformat()
    assert announced.records[0].text["en"] not in said(year, DURATION, before)


WEEKS = [
    # what is announced, and what is then known of the museum on which day: c closed, s soon, o open
    ("announced", {"2020-05-11": "c", "2020-05-12": "s", "2020-05-19": "s", "2020-05-20": "o"}),
    ("moved later", {"2020-05-12": "s", "2020-05-15": "s", "2020-05-20": "s", "2020-05-26": "s", "2020-05-27": "o"}),
    ("moved earlier", {"2020-05-17": "s", "2020-05-18": "s", "2020-05-21": "s", "2020-05-22": "o"}),
    ("corrected", {"2020-05-19": "s", "2020-05-22": "o", "2020-05-23": "o"}),
    ("closed again", {"2020-05-22": "o", "2020-05-31": "o", "2020-06-01": "x"}),
    ("undone", {"2020-05-22": "o", "2020-05-31": "o", "2020-06-01": "o", "2020-06-30": "o"}),
]
OPENS = {
    "id": "museum-open",
    "key": "place_energy_museum",
    "replaces": "closed-energy-museum",
    "valid_from": "2020-05-20",
    "coming": {"lv": "Muzeju atvērs {begins_on:locative}.", "en": "The museum opens on {begins_on}."},
    "text": {"lv": "Muzejs ir atvērts.", "en": "The museum is open."},
    "kind": "outside",
    "places": ["energy_museum"],
    "answers": ["ask_reopening", "ask_place_closed"],
}
RECORD = "museum-open"
STEPS = {
    "announced": {"id": "opens", "made_public": "2020-05-12", "source": "order-103", "records": [OPENS]},
    "moved later": ("later", "2020-05-15", {"record": RECORD, "move_to": "2020-05-27"}),
    "moved earlier": ("earlier", "2020-05-18", {"record": RECORD, "move_to": "2020-05-22"}),
    "corrected": (
        "corrected",
        "2020-05-23",
        {
            "record": RECORD,
            "correct": {"text": {"lv": "Muzejs atkal ir atvērts.", "en": "The museum is open. Welcome."}},
        },
    ),
    "closed again": ("closed", "2020-05-30", {"record": RECORD, "withdraw_from": "2020-06-01"}),
}
KINDS = {
    "c": "is closed for the time",
    "s": "The museum opens on",
    "o": "The museum is open.",
    "x": "not been in force",
}


@pytest.mark.both_databases
def test_weeks_of_announcements(session: Session) -> None:
    """After each step, each day is answered as it was known then: also the days before the step."""
    for step, known in WEEKS:
        if step == "undone":
            undo_by_two(session, "closed", "Anna", date(2020, 5, 31))
        else:
            announce(session, _announced(step))
        told = {day: said(session, "ask_place_closed@energy_museum", day) for day in known}
        assert {day: _kind(text) for day, text in told.items()} == known, step


def _announced(step: str) -> AnnouncementDocument:
    written: Any = STEPS[step]
    whole = changing(*written) if isinstance(written, tuple) else announcement_of(written, step)
    return whole.copy(update={"keeps": EVERYTHING})


def _kind(text: str) -> str:
    return next(kind for kind, words in KINDS.items() if words in text)
