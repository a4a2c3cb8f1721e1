"""An announcement opens an event: its facts hold until it ends; it is told apart from others, and has versions."""

from datetime import date
from typing import Any

import pytest
from announcing import AUTHOR, LEFT_OUT, announce, content, said, undo_by_two
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.preview import preview
from bot.announcements.publishing import propose
from bot.knowledge.emergency_events import all_events, emergency, end, reopen, set_official_end
from bot.knowledge.event_versions import event_versions
from bot.knowledge.fact_versions import Signed
from bot.knowledge.facts_on_day import FactStatus, look_up
from bot.knowledge.records import KnowledgeError

pytestmark = pytest.mark.both_databases
STORM = {
    "id": "storm",
    "name": {"lv": "vētra", "en": "the storm"},
    "cases": {"genitive": "vētras", "accusative": "vētru"},
    "official_end": "2020-05-24",
}
BILLS = {
    "id": "storm-bills",
    "key": "storm_bills",
    "kind": "outside",
    "quote": LEFT_OUT,
    "valid_until": {"event": "storm"},
    "text": {"lv": "Rēķinu termiņi ir par nedēļu vēlāk.", "en": "Bills are due a week later."},
    "ended": {"lv": "Termiņi bija vēlāk līdz {ended_on:dative}.", "en": "Bills were due later until {ended_on}."},
}
NEWS, HELD = "ask_emergency_changes", "Bills are due a week later."


def storm(
    record: dict[str, Any] | None = None, event: dict[str, Any] | None = None, **changes: Any
) -> AnnouncementDocument:
    """A storm is announced on 14 May 2020."""
    opened = {name: value for name, value in {**STORM, **(event or {})}.items() if value is not LEFT_OUT}
    whole = content({**BILLS, **(record or {})}, id="storm-comes", events=[opened], **changes)
    return announcement_of(whole, "announcement")


def changed(announcement: str, day: str, **change: Any) -> AnnouncementDocument:
    whole = {"id": announcement, "made_public": day, "event_changes": [{"event": "storm", **change}]}
    return announcement_of(whole, "announcement")


@pytest.fixture
def stormy(session: Session) -> Session:
    announce(session, storm())
    return session


DAYS = {
    "the day before": ("2020-05-13", False),
    "its first day": ("2020-05-14", True),
    "its official last day": ("2020-05-24", True),
    "in doubt": ("2020-05-25", True),
}


@pytest.mark.parametrize(("day", "told"), DAYS.values(), ids=DAYS)
def test_what_holds_because_of_an_event_is_told_beside_the_other(stormy: Session, day: str, told: bool) -> None:
    answered = said(stormy, NEWS, day)
    assert ("In connection with the storm, it has been announced:\n• Bills" in answered, "closed" in answered) == (
        told,
        True,
    )


@pytest.mark.parametrize(("day", "doubted"), [("2020-05-24", False), ("2020-05-25", True)])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "the last day set for the storm, 24 May 2020, has passed"),
        ("lv", "noteiktā vētras beigu diena, 2020. gada 24. maijs, ir"),
    ],
)
def test_the_caution_is_of_the_event_whose_official_end_has_passed(
    stormy: Session, day: str, doubted: bool, language: str, words: str
) -> None:
    assert ((words in said(stormy, NEWS, day, language)), "9. jūnij" in said(stormy, NEWS, day, language)) == (
        doubted,
        False,
    )


def test_a_later_official_end_takes_the_caution_away(stormy: Session) -> None:
    announce(stormy, changed("longer", "2020-05-23", official_end="2020-05-31"))
    doubted = {day: "has passed" in said(stormy, NEWS, day) for day in ("2020-05-25", "2020-05-31", "2020-06-01")}
    assert doubted == {"2020-05-25": False, "2020-05-31": False, "2020-06-01": True}


def test_two_events_at_once_are_told_apart(stormy: Session) -> None:
    """The fact of March names its own event; that of the storm does not, so it is said."""
    announce(
        stormy,
        announcement_of(
            {
                "id": "late-storm",
                "made_public": "2020-05-15",
                "source": "order-103",
                "keeps": ["ask_late_fees", "ask_disconnection_guarantee", "ask_payment_delay"],
                "records": [
                    {
                        "id": "storm-fees",
                        "key": "silent_on_fees",
                        "kind": "outside",
                        "replaces": "silent-on-fees",
                        "valid_until": {"event": "storm"},
                        "text": {"lv": "Soda nav.", "en": "There is no penalty."},
                        "ended": {"lv": "Soda nebija.", "en": "There was none."},
                    }
                ],
            },
            "announcement",
        ),
    )
    alone = said(stormy, "ask_disconnection_guarantee", "2020-05-16")
    assert (
        "There is no penalty. This was announced in connection with the storm."
        in said(stormy, "ask_late_fees", "2020-05-16"),
        "Soda nav. Tas paziņots sakarā ar vētru." in said(stormy, "ask_late_fees", "2020-05-16", "lv"),
        "in connection with" in alone,
    ) == (True, True, False)


def standings(session: Session, day: str, *keys: str) -> list[FactStatus]:
    found = look_up(session, keys, date.fromisoformat(day))
    return [found[key].status for key in keys]


def test_ending_one_event_leaves_the_facts_of_the_other(stormy: Session) -> None:
    end(stormy, date(2020, 5, 20), AUTHOR, "storm")
    assert standings(stormy, "2020-05-21", "storm_bills", "no_disconnection") == [FactStatus.ENDED, FactStatus.IN_FORCE]
    end(stormy, date(2020, 6, 9), AUTHOR, "emergency")
    reopen(stormy, AUTHOR, "storm")
    assert standings(stormy, "2020-06-10", "storm_bills", "no_disconnection") == [FactStatus.IN_FORCE, FactStatus.ENDED]


def test_an_end_is_known_from_the_day_on_which_it_was_made_public(stormy: Session) -> None:
    """Recorded on 27 May that the storm was over on the 20th: on the 25th that was not known."""
    announce(stormy, changed("over", "2020-05-27", end_on="2020-05-20"))
    known = {day: standings(stormy, day, "storm_bills")[0] for day in ("2020-05-20", "2020-05-26", "2020-05-27")}
    assert known == {
        "2020-05-20": FactStatus.IN_FORCE,
        "2020-05-26": FactStatus.IN_FORCE,
        "2020-05-27": FactStatus.ENDED,
    }


def test_an_end_recorded_at_once_may_be_known_from_a_day_too(session: Session) -> None:
    end(session, date(2020, 6, 9), AUTHOR, None, Signed(AUTHOR, "heard late", date(2020, 6, 15)))
    known = [standings(session, day, "no_disconnection")[0] for day in ("2020-06-10", "2020-06-14", "2020-06-15")]
    assert known == [FactStatus.IN_FORCE, FactStatus.IN_FORCE, FactStatus.ENDED]


def test_every_change_of_an_event_is_kept(session: Session) -> None:
    end(session, date(2020, 6, 9), AUTHOR, None, Signed(AUTHOR, "the order"))
    reopen(session, "Bruno")
    set_official_end(session, "emergency", date(2020, 6, 30), Signed("Bruno"))
    kept = [(one.act, one.who, one.why, one.ended_on) for one in event_versions(session, "emergency")]
    assert kept == [
        ("files", "data/knowledge", None, None),
        ("ended", AUTHOR, "the order", date(2020, 6, 9)),
        ("reopened", "Bruno", None, None),
        ("official end", "Bruno", None, None),
    ]


@pytest.mark.parametrize("change", ["UPDATE event_versions SET who = 'x'", "DELETE FROM event_versions"])
def test_the_database_refuses_to_change_the_history(session: Session, change: str) -> None:
    with pytest.raises(DatabaseError, match="only appended to"):
        session.execute(text(change))


def test_undoing_an_announcement_takes_its_event_back(stormy: Session) -> None:
    undo_by_two(stormy, "storm-comes", AUTHOR, date(2020, 5, 16))
    told = {day: HELD in said(stormy, NEWS, day) for day in ("2020-05-15", "2020-05-16")}
    assert ([event.id for event in all_events(stormy)], told) == (
        ["emergency"],
        {"2020-05-15": True, "2020-05-16": False},
    )


def test_undoing_an_end_opens_the_event_again(stormy: Session) -> None:
    announce(stormy, changed("over", "2020-05-20", end_on="2020-05-20"))
    undo_by_two(stormy, "over", AUTHOR, date(2020, 5, 22))
    known = [standings(stormy, day, "storm_bills")[0] for day in ("2020-05-21", "2020-05-22")]
    assert known == [FactStatus.ENDED, FactStatus.IN_FORCE]


def test_an_event_on_which_other_records_hang_is_not_taken_back(stormy: Session) -> None:
    more = {"id": "more", "key": "more_news", "kind": "outside", "valid_until": {"event": "storm"}}
    texts = {"text": {"lv": "Vēl.", "en": "More."}, "ended": {"lv": "Vairs ne.", "en": "No more."}}
    whole = {"id": "more-news", "made_public": "2020-05-15", "source": "order-103", "records": [{**more, **texts}]}
    announce(stormy, announcement_of(whole, "announcement"))
    with pytest.raises(KnowledgeError, match="The record 'more' holds until the event 'storm' ends"):
        undo_by_two(stormy, "storm-comes", AUTHOR, date(2020, 5, 16))


def test_the_preview_shows_what_an_event_brings(session: Session) -> None:
    changes = [
        change for change in preview(session, storm()) if change.question.name == NEWS and change.language == "en"
    ]
    days = {day.isoformat(): HELD in change.after.web for change in changes for day in change.days}
    assert days == {"2020-05-14": True, "2020-05-24": True, "2020-05-25": True}


def test_restarting_keeps_what_was_announced_of_an_event(stormy: Session) -> None:
    from bot.knowledge.fact_store import bring_in
    from bot.knowledge.validation import load_folder

    set_official_end(stormy, "emergency", date(2020, 6, 30), Signed(AUTHOR))
    bring_in(stormy, load_folder())
    assert (emergency(stormy, "emergency").official_end, emergency(stormy, "storm").official_end) == (
        date(2020, 6, 30),
        date(2020, 5, 24),
    )


MISTAKES: dict[str, tuple[AnnouncementDocument | dict[str, Any], str]] = {
    "an end before its begin": (
        {"event": {"official_end": "2020-05-01"}},
        "event 'storm': official_end is before began; correct one of the two days",
    ),
    "a case is missing": (
        {"event": {"cases": {"genitive": "vētras"}}},
        "event 'storm', cases: the Latvian name's accusative are missing; add them",
    ),
    "a language is missing": ({"event": {"name": {"lv": "vētra"}}}, "event 'storm', name: the text in 'en' is missing"),
    "a name in markup": ({"event": {"name": {"lv": "<b>vētra", "en": "x"}}}, "event 'storm', name: HTML is not shown"),
    "an unknown key": ({"event": {"ended": "2020-05-20"}}, "event 'storm', ended: unknown key"),
    "an id that is taken": ({"event": {"id": "emergency"}}, "The event 'emergency' is there already; give"),
    "a name that is taken": (
        {"event": {"name": {"lv": "vētra", "en": "the Emergency situation"}}},
        "would be called as 'emergency', which may be in force at the same time; end that first",
    ),
    "an event that is not there": (
        {"record": {"valid_until": {"event": "flood"}}},
        "record 'storm-bills': there is no event 'flood'",
    ),
    "no text for afterwards": (
        {"record": {"ended": LEFT_OUT}},
        "a fact that ends with an event needs the text 'ended'",
    ),
}


@pytest.mark.parametrize(("wrong", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_a_sentence(session: Session, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        propose(session, storm(**wrong), AUTHOR)
    assert told in str(raised.value)


CHANGES = {
    "an event that is not there": ({"event": "flood", "reopen": True}, "There is no event 'flood'"),
    "an end before the begin": ({"end_on": "2020-05-01"}, "The storm began on 2020-05-14; it cannot end on 2020-05-01"),
    "an official end before the begin": ({"official_end": "2020-05-01"}, "its official end cannot be 2020-05-01"),
    "reopening what is open": ({"reopen": True}, "The storm is open; there is no end to undo"),
    "the same official end": ({"official_end": "2020-05-24"}, "is 2020-05-24 already"),
    "two changes at once": ({"end_on": "2020-05-20", "reopen": True}, "give one of end_on, official_end, reopen"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_a_mistake_in_a_change_is_told_in_a_sentence(stormy: Session, change: dict[str, Any], told: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        propose(stormy, changed("wrong", "2020-05-20", **change), AUTHOR)
    assert told in str(raised.value)


def test_where_no_event_is_named_there_must_be_one_that_is_meant(stormy: Session) -> None:
    with pytest.raises(KnowledgeError, match="There are several events: emergency, storm; name the one that you mean"):
        end(stormy, date(2020, 6, 9), AUTHOR)
