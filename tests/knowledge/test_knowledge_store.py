"""Publishing, withdrawing and replacing facts, and loading the files without undoing an operator's decision."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fact_files import fact, write
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.emergency_events import emergency, end, reopen
from bot.knowledge.fact_store import FactOnDay, FactStatus, all_facts, bring_in, look_up, publish, withdraw
from bot.knowledge.models import Fact
from bot.knowledge.records import KnowledgeError
from bot.knowledge.validation import Knowledge, load_folder
from bot.schema.tables import EmergencyEvent, FactSource
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
APRIL = date(2020, 4, 15)
LINE_HOURS = "line_hours"


@pytest.fixture
def knowledge() -> Knowledge:
    """The records of the files, to be changed by a test."""
    return load_folder()


def published(session: Session, folder: Path, **changes: Any) -> list[str]:
    """Publish one fact, the valid one with these keys changed."""
    return publish(session, write(folder / "new.yml", facts=[fact(**changes)]))


def on(session: Session, key: str, day: date) -> FactOnDay:
    """The state of the fact with this key on a day."""
    return look_up(session, [key], day)[key]


def everything(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    """Every column of every source, event and fact."""
    return {
        (table.__tablename__, row.id): {column.name: getattr(row, column.name) for column in table.__table__.columns}
        for table in (FactSource, EmergencyEvent, Fact)
        for row in session.execute(select(table)).scalars()
    }


def test_published_fact_holds_in_every_process_at_once(database: str, tmp_path: Path) -> None:
    with session_scope(database) as operator:
        published(operator, tmp_path)
    with session_scope(database) as server:
        assert on(server, LINE_HOURS, APRIL).texts == fact()["text"]


def test_publishing_gives_the_ids(session: Session, tmp_path: Path) -> None:
    assert published(session, tmp_path) == ["line-hours"]


def test_new_source_is_published_with_its_facts(session: Session, tmp_path: Path) -> None:
    titles = {"lv": "Ziņa", "en": "News"}
    content = {"sources": [{"id": "news", "title": titles, "spoken": titles}], "facts": [fact(source="news")]}
    publish(session, write(tmp_path / "new.yml", **content))
    assert on(session, LINE_HOURS, APRIL).source.titles == titles


REFUSED = {
    "id that is taken": ({"id": "own-case"}, "record 'own-case': this id is already published"),
    "unknown source": ({"source": "hearsay"}, "record 'line-hours': there is no source 'hearsay'"),
    "unknown event": (
        {"valid_until": {"event": "war"}, "ended": {"lv": "Beidzās.", "en": "Ended."}},
        "record 'line-hours': there is no event 'war'",
    ),
    "overlap": (
        {"key": "own_case"},
        "record 'line-hours': overlapping validity with 'own-case' for the key 'own_case'",
    ),
    "replacing nothing": ({"replaces": "nothing"}, "record 'line-hours': there is no record 'nothing' to replace"),
    "replacing another key": ({"replaces": "own-case"}, "replaces 'own-case', which has another key, 'own_case'"),
}


@pytest.mark.parametrize(("changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_fact_is_not_published(database: str, tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(KnowledgeError, match=reason), session_scope(database) as session:
        published(session, tmp_path, **changes)


def test_refused_file_leaves_nothing_behind(database: str, tmp_path: Path) -> None:
    path = write(tmp_path / "new.yml", facts=[fact(), fact(id="second")])
    with pytest.raises(KnowledgeError, match="overlapping validity"), session_scope(database) as session:
        publish(session, path)
    with session_scope(database) as session:
        assert on(session, LINE_HOURS, APRIL).status is FactStatus.UNKNOWN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"facts": []}, "there are no facts in it"),
        (
            {"events": [{"id": "flood", "name": {"lv": "plūdi", "en": "flood"}, "began": APRIL}], "facts": [fact()]},
            "events are changed with 'bot emergency', not published",
        ),
    ],
    ids=["no facts", "events"],
)
def test_file_is_not_published(session: Session, tmp_path: Path, content: dict[str, Any], reason: str) -> None:
    with pytest.raises(KnowledgeError, match=reason):
        publish(session, write(tmp_path / "new.yml", **content))


def test_quote_is_looked_up_in_a_new_source(session: Session, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Centri ir slēgti.", encoding="utf-8")
    titles = {"lv": "Ziņa", "en": "News"}
    source = {"id": "news", "title": titles, "spoken": titles, "text": "news.txt"}
    path = write(tmp_path / "new.yml", sources=[source], facts=[fact(source="news", quote="Centri ir atvērti.")])
    with pytest.raises(KnowledgeError, match=r"record 'line-hours': the quote is not in news\.txt"):
        publish(session, path)


@pytest.mark.parametrize(
    ("day", "fact_id"),
    [(date(2020, 4, 9), "own-case"), (date(2020, 4, 10), "own-case-2")],
    ids=["the day before", "its first day"],
)
def test_replacing_fact_takes_over_on_its_first_day(session: Session, tmp_path: Path, day: date, fact_id: str) -> None:
    published(session, tmp_path, id="own-case-2", key="own_case", valid_from=date(2020, 4, 10), replaces="own-case")
    assert on(session, "own_case", day).id == fact_id


@pytest.mark.parametrize(
    ("day", "status"),
    [(date(2020, 4, 9), FactStatus.IN_FORCE), (date(2020, 4, 10), FactStatus.WITHDRAWN)],
    ids=["the day before", "from that day"],
)
def test_withdrawn_fact_no_longer_holds_from_its_day(session: Session, day: date, status: FactStatus) -> None:
    withdraw(session, "own-case", date(2020, 4, 10))
    assert on(session, "own_case", day).status is status


def test_withdrawing_makes_room_for_a_new_fact(session: Session, tmp_path: Path) -> None:
    withdraw(session, "own-case", date(2020, 4, 10))
    published(session, tmp_path, id="own-case-2", key="own_case", valid_from=date(2020, 4, 10))
    assert on(session, "own_case", APRIL).id == "own-case-2"


def test_fact_is_withdrawn_only_once(session: Session) -> None:
    withdraw(session, "own-case", date(2020, 4, 10))
    with pytest.raises(KnowledgeError, match="is withdrawn already, from 2020-04-10 on"):
        withdraw(session, "own-case", date(2020, 4, 20))


def test_unknown_fact_cannot_be_withdrawn(session: Session) -> None:
    with pytest.raises(KnowledgeError, match="There is no fact 'no-such-fact'"):
        withdraw(session, "no-such-fact", APRIL)


STANDINGS = {
    "unknown": ("no_such_key", APRIL, FactStatus.UNKNOWN, None),
    "before its first day": ("no_disconnection", date(2020, 3, 19), FactStatus.NOT_YET, None),
    "first day": ("no_disconnection", date(2020, 3, 20), FactStatus.IN_FORCE, date(2020, 6, 9)),
    "last day of its event": ("no_disconnection", date(2020, 6, 9), FactStatus.IN_FORCE, date(2020, 6, 9)),
    "day after its event": ("no_disconnection", date(2020, 6, 10), FactStatus.ENDED, date(2020, 6, 9)),
    "without an end": ("own_case", date(2026, 1, 1), FactStatus.IN_FORCE, None),
    "one of several in turn": ("legal_end", date(2020, 4, 7), FactStatus.IN_FORCE, date(2020, 5, 6)),
}


@pytest.mark.parametrize(("key", "day", "status", "last"), STANDINGS.values(), ids=STANDINGS)
def test_standing_of_a_fact_on_a_day(
    session: Session, key: str, day: date, status: FactStatus, last: date | None
) -> None:
    end(session, date(2020, 6, 9), "operator")
    found = on(session, key, day)
    assert (found.status, found.ended_on) == (status, last)


def test_bringing_the_files_in_again_changes_nothing(session: Session, knowledge: Knowledge) -> None:
    """`changed_at` too: it tells an operator when a fact was really changed."""
    before = everything(session)
    bring_in(session, knowledge)
    session.flush()
    session.expire_all()
    assert everything(session) == before


def test_only_the_changed_record_counts_as_changed(session: Session, knowledge: Knowledge) -> None:
    before = {row.id: row.changed_at for row in all_facts(session)}
    knowledge.facts["own-case"] = knowledge.facts["own-case"].copy(update={"text": {"lv": "Jauns.", "en": "New."}})
    bring_in(session, knowledge)
    changed = {row.id for row in all_facts(session) if row.changed_at != before[row.id]}
    assert changed == {"own-case"}


def test_new_wording_in_the_files_is_said(session: Session, knowledge: Knowledge) -> None:
    texts = {"lv": "Jauns.", "en": "New."}
    knowledge.facts["own-case"] = knowledge.facts["own-case"].copy(update={"text": texts})
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).texts == texts


def test_end_of_the_emergency_survives_a_restart(session: Session, knowledge: Knowledge) -> None:
    end(session, date(2020, 6, 9), "operator")
    bring_in(session, knowledge)
    event = emergency(session)
    assert (event.ended_on, event.changed_by) == (date(2020, 6, 9), "operator")


def test_withdrawal_survives_a_restart(session: Session, knowledge: Knowledge) -> None:
    withdraw(session, "own-case", date(2020, 4, 10))
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).status is FactStatus.WITHDRAWN


def test_published_fact_survives_a_restart(session: Session, knowledge: Knowledge, tmp_path: Path) -> None:
    published(session, tmp_path)
    bring_in(session, knowledge)
    assert on(session, LINE_HOURS, APRIL).status is FactStatus.IN_FORCE


def test_replacement_survives_a_restart(session: Session, knowledge: Knowledge, tmp_path: Path) -> None:
    published(session, tmp_path, id="own-case-2", key="own_case", replaces="own-case")
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).id == "own-case-2"


def test_record_gone_from_the_files_is_withdrawn(session: Session, knowledge: Knowledge) -> None:
    del knowledge.facts["own-case"]
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).status is FactStatus.WITHDRAWN


def test_record_under_a_new_id_takes_the_place_of_the_old(session: Session, knowledge: Knowledge) -> None:
    renamed = knowledge.facts.pop("own-case").copy(update={"id": "own-case-renamed"})
    knowledge.facts[renamed.id] = renamed
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).id == "own-case-renamed"


def test_record_that_returns_to_the_files_holds_again(session: Session, knowledge: Knowledge) -> None:
    record = knowledge.facts.pop("own-case")
    bring_in(session, knowledge)
    knowledge.facts["own-case"] = record
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).status is FactStatus.IN_FORCE


def test_record_that_an_operator_withdrew_stays_so_when_it_leaves_and_returns(
    session: Session, knowledge: Knowledge
) -> None:
    withdraw(session, "own-case", date(2020, 4, 10))
    record = knowledge.facts.pop("own-case")
    bring_in(session, knowledge)
    knowledge.facts["own-case"] = record
    bring_in(session, knowledge)
    assert on(session, "own_case", APRIL).status is FactStatus.WITHDRAWN


def test_files_cannot_contradict_what_an_operator_published(
    session: Session, knowledge: Knowledge, tmp_path: Path
) -> None:
    published(session, tmp_path)
    twin = knowledge.facts["own-case"].copy(update={"id": "hours", "key": LINE_HOURS, "valid_from": date(2020, 4, 20)})
    knowledge.facts["hours"] = twin
    with pytest.raises(KnowledgeError, match="overlapping validity with 'line-hours' for the key 'line_hours'"):
        bring_in(session, knowledge)


def test_reopening_cannot_bring_back_a_fact_beside_its_successor(session: Session, tmp_path: Path) -> None:
    end(session, date(2020, 6, 9), "operator")
    published(session, tmp_path, id="promise-2", key="no_disconnection", valid_from=date(2020, 6, 10))
    with pytest.raises(KnowledgeError, match="cannot be reopened: overlapping validity with 'no-disconnection'"):
        reopen(session, "operator")
