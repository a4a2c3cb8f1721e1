"""A place that an announcement brought is given other names, withdrawn, restored, undone; each as a version."""

from datetime import date
from typing import Any

import pytest
from announcing import APPROVER, AUTHOR, announce, content, undo_by_two
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.publishing import propose
from bot.cli import app
from bot.clock import pretending
from bot.knowledge.place_versions import PlaceAct, place_versions
from bot.knowledge.published_places import places_on
from bot.knowledge.records import KnowledgeError
from bot.nlu.entity_extractor import EntityExtractor
from bot.storage.engine import session_scope

PLACE = {
    "id": "liepaja_centre",
    "name": {"lv": "Elektrum centrs Liepājā", "en": "Elektrum centre in Liepāja"},
    "called": ["Pūcesroze", "the harbour office"],
}
MOVED_TO = {"called": ["Karosta", "the harbour office"]}
BROUGHT, CHANGED = date(2020, 5, 14), date(2020, 5, 20)
extractor = EntityExtractor()


def bringing(**place: Any) -> AnnouncementDocument:
    return announcement_of(content(id="brings", places=[{**PLACE, **place}]), "announcement")


def changing_place(name: str = "changes", day: date = CHANGED, **change: Any) -> AnnouncementDocument:
    changes = [{"place": "liepaja_centre", **change}]
    return announcement_of({"id": name, "made_public": day, "place_changes": changes}, "announcement")


@pytest.fixture
def brought(session: Session) -> Session:
    announce(session, bringing())
    return session


def recognised(sentence: str, day: date) -> list[str]:
    with pretending(day.isoformat()):
        return [item.value for item in extractor.extract(sentence, "en") if item.name == "place"]


@pytest.fixture
def renamed(database: str) -> None:
    """On 14 May a place is brought, on 20 May it gets another name."""
    with session_scope(database) as session:
        announce(session, bringing())
        announce(session, changing_place(correct=MOVED_TO))


OPEN_AT = "is {} open?"
FOUND = {
    "the former name, before": ("Pūcesroze", date(2020, 5, 19), ["liepaja_centre"]),
    "the new name, before": ("Karosta", date(2020, 5, 19), []),
    "the former name, since": ("Pūcesroze", CHANGED, []),
    "the new name, since": ("Karosta", CHANGED, ["liepaja_centre"]),
    "a name that stays": ("the harbour office", CHANGED, ["liepaja_centre"]),
}


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize(("name", "day", "places"), FOUND.values(), ids=FOUND)
def test_it_is_recognised_by_the_names_of_that_day(name: str, day: date, places: list[str]) -> None:
    assert recognised(OPEN_AT.format(name), day) == places


@pytest.mark.both_databases
def test_a_withdrawn_place_is_there_on_earlier_days_and_when_it_is_restored(brought: Session) -> None:
    announce(brought, changing_place("withdraws", withdraw=True))
    announce(brought, changing_place("restores", date(2020, 5, 25), restore=True))
    days = (date(2020, 5, 13), BROUGHT, date(2020, 5, 19), CHANGED, date(2020, 5, 24), date(2020, 5, 25))
    assert [len(places_on(brought, day)) for day in days] == [0, 1, 1, 0, 0, 1]


@pytest.mark.both_databases
def test_undoing_a_change_gives_the_names_of_before(brought: Session) -> None:
    announce(brought, changing_place(correct=MOVED_TO))
    undo_by_two(brought, "changes", AUTHOR, date(2020, 5, 22))
    versions = place_versions(brought, "liepaja_centre")
    assert [(one.act, one.who, one.known_from) for one in versions] == [
        (PlaceAct.BROUGHT, AUTHOR, BROUGHT),
        (PlaceAct.CORRECTED, AUTHOR, CHANGED),
        (PlaceAct.UNDONE, APPROVER, date(2020, 5, 22)),
    ]
    assert versions[0].called == versions[2].called != versions[1].called


def test_what_was_changed_since_is_undone_first(brought: Session) -> None:
    announce(brought, changing_place(correct=MOVED_TO))
    with pytest.raises(KnowledgeError, match=r"was changed since \(corrected, by announcement 'changes'\); undo that"):
        undo_by_two(brought, "brings", AUTHOR, CHANGED)


def test_undone_in_turn_it_is_gone_and_can_be_brought_again(brought: Session) -> None:
    announce(brought, changing_place(correct=MOVED_TO))
    for one in ("changes", "brings"):
        undo_by_two(brought, one, AUTHOR, CHANGED)
    gone = places_on(brought, CHANGED)
    announce(brought, bringing())
    assert (gone, places_on(brought, date(2020, 5, 14))) == ([], ["liepaja_centre"])


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["UPDATE place_versions SET who = 'x'", "DELETE FROM place_versions"])
def test_the_database_refuses_to_change_a_version(brought: Session, change: str) -> None:
    with pytest.raises(DatabaseError, match="only appended to"):
        brought.execute(text(change))


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a place of the files": ({"place": "riga_centre", "withdraw": True}, "has brought the place 'riga_centre'"),
    "nothing to restore": ({"restore": True}, "the place 'liepaja_centre' is there; there is nothing to restore"),
    "a name of another place": ({"correct": {"called": ["Daugavpilī"]}}, "already means the place 'daugavpils_centre'"),
    "the names that it has": ({"correct": {"called": PLACE["called"]}}, "has these names already"),
    "a pattern": ({"correct": {"called": ["Karo.*"]}}, "place 'liepaja_centre': a name is plain text"),
}


@pytest.mark.parametrize(("change", "told"), REFUSED.values(), ids=REFUSED)
def test_a_change_that_cannot_be_is_told_with_what_to_do(brought: Session, change: dict[str, Any], told: str) -> None:
    with pytest.raises(KnowledgeError, match="announcement 'changes'") as raised:
        propose(brought, changing_place(**change), AUTHOR)
    assert told in str(raised.value)


MISWRITTEN: dict[str, tuple[dict[str, Any], str]] = {
    "no change": ({}, "place 'liepaja_centre': give one of correct, withdraw, restore"),
    "two changes": ({"withdraw": True, "restore": True}, "give one of correct, withdraw, restore"),
    "an empty correction": ({"correct": {}}, "correct needs one of name, cases, called"),
    "an unknown key": ({"correct": {"town": "Liepāja"}}, "unknown key"),
}


@pytest.mark.parametrize(("change", "told"), MISWRITTEN.values(), ids=MISWRITTEN)
def test_a_change_that_is_written_wrongly_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(KnowledgeError, match=told):
        changing_place(**change)


@pytest.mark.usefixtures("renamed")
def test_the_commands_show_places_and_their_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    listed = CliRunner().invoke(app, ["places", "list", "--as-of", "2020-05-20"]).stdout
    history = CliRunner().invoke(app, ["places", "history", "liepaja_centre"]).stdout
    assert ("Karosta" in listed, "Pūcesroze" in listed) == (True, False)
    assert [word in history for word in ("brought, Anna", "corrected, Anna", "Pūcesroze", "2020-05-20")] == [True] * 4


@pytest.mark.usefixtures("database")
def test_a_place_that_nobody_brought_has_no_history() -> None:
    done = CliRunner().invoke(app, ["places", "history", "nowhere"])
    assert (done.exit_code, "'bot places list' shows them" in done.stderr) == (1, True)
