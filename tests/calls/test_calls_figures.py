"""Figures of recorded calls, from rows that are made up."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.calls.call_figures import ReportDays, TextTally, collect, count_calls
from bot.calls.figure_records import Figures
from bot.calls.models import RecordedCall, RecordedTurn
from bot.calls.review_queue import correct
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases


def call(key: str, held_at: str = "2026-11-25T10:00", **others: Any) -> RecordedCall:
    """A call; times are UTC."""
    held = datetime.fromisoformat(held_at).replace(tzinfo=UTC)
    topics = [{"intent": intent, "confidence": 0.9, "turns": turns} for intent, turns in others.pop("topics", ())]
    plain = {"source": "made up", "model": "m", "imported_at": held, "summary": "", "requests": []}
    return RecordedCall(id=key, held_at=held, topics=topics, **plain | others)


def turn(key: str, position: int, text: str = "x", **others: Any) -> RecordedTurn:
    return RecordedTurn(call_id=key, position=position, text=text, alternatives=[], entities=[], **others)


def figures_of(*rows: Any, span: ReportDays = ReportDays()) -> Figures:  # noqa: B008 (it is frozen)
    with session_scope() as session:
        for kind in (RecordedCall, RecordedTurn):
            session.add_all([row for row in rows if isinstance(row, kind)])
            session.flush()
        return collect(session, span)


def test_nothing_gives_nothing(database: str) -> None:
    found = figures_of()
    assert (found.calls, found.turns, found.periods, found.first, found.confidence.mean) == (0, 0, [], None, None)


@pytest.mark.parametrize(
    ("moments", "step", "periods"),
    [
        (["2026-11-25T10:00", "2026-11-25T11:00"], "day", [("2026-11-25", 2)]),
        (["2026-11-24T21:59", "2026-11-24T22:00"], "day", [("2026-11-24", 1), ("2026-11-25", 1)]),  # midnight in Riga
        (["2026-11-01T10:00", "2026-11-14T10:00"], "day", [("2026-11-01", 1), ("2026-11-14", 1)]),
        (["2026-11-01T10:00", "2026-11-15T10:00"], "week", [("2026-W44", 1), ("2026-W46", 1)]),
        (["2026-12-30T10:00", "2027-01-03T10:00", "2027-01-20T10:00"], "week", [("2026-W53", 2), ("2027-W03", 1)]),
    ],
)
def test_calls_are_counted_by_day_or_week(database: str, moments: list[str], step: str, periods: Any) -> None:
    found = figures_of(*(call(str(number), moment) for number, moment in enumerate(moments)))
    assert (found.step, [(one.name, one.calls) for one in found.periods]) == (step, periods)


@pytest.mark.parametrize(
    ("span", "calls", "turns"),
    [
        (ReportDays(), 3, 3),
        (ReportDays(since=date(2026, 11, 25)), 2, 2),
        (ReportDays(until=date(2026, 11, 25)), 2, 2),
        (ReportDays(date(2026, 11, 25), date(2026, 11, 25)), 1, 1),
        (ReportDays(since=date(2026, 11, 27)), 0, 0),
    ],
)
def test_a_span_is_days_in_riga(database: str, span: ReportDays, calls: int, turns: int) -> None:
    rows = [call("a", "2026-11-24T21:59"), call("b", "2026-11-24T22:00"), call("c", "2026-11-25T22:00")]
    found = figures_of(*rows, *(turn(key, 0) for key in "abc"), span=span)
    assert (found.calls, found.turns) == (calls, turns)


def test_topics_are_counted_by_call_turn_language_and_time(database: str) -> None:
    found = figures_of(
        call("a", language="lv", topics=[("pay", 2), ("outage", 1)]),
        call("b", language="en", topics=[("pay", 3)]),
        call("c"),
    )
    assert [(one.intent, one.calls, one.turns) for one in found.topics] == [("pay", 2, 5), ("outage", 1, 1)]
    assert {one.language: (one.calls, one.topics) for one in found.languages} == {
        "lv": (1, {"outage": 1, "pay": 1}),
        "en": (1, {"pay": 1}),
        None: (1, {}),
    }
    assert found.periods[0].topics == {"pay": 2, "outage": 1}


def test_requests_moods_and_answers_are_counted_by_call(database: str) -> None:
    found = figures_of(
        call("a", requests=["request_human", "request_human"], mood="angry", answered=True),
        call("b", requests=["request_human", "complain"], answered=False),
        call("c", mood="angry"),
    )
    assert (found.handoffs, found.requests) == (2, {"request_human": 2, "complain": 1})
    assert found.moods == {"angry": 2}
    assert found.calls_answered == {"yes": 1, "no": 1, "unknown": 1}


def test_unanswered_questions_have_at_most_five_different_examples(database: str) -> None:
    many = [turn("a", number, f"question {number}", intent="pay", answered=False) for number in range(7)]
    again = turn("a", 7, "QUESTION 6", intent="pay", answered=False)
    others = [turn("a", 8, "fine", intent="pay", answered=True), turn("a", 9), turn("a", 10, "?", answered=False)]
    found = figures_of(call("a"), *many, again, *others)
    assert (found.questions, [(one.intent, one.turns) for one in found.unanswered]) == (10, [("pay", 8), (None, 1)])
    examples = [(one.call, one.position) for one in found.unanswered[0].examples]
    assert examples == [("a", 7), ("a", 5), ("a", 4), ("a", 3), ("a", 2)]


def test_problems_have_their_most_frequent_texts_whatever_their_case(database: str) -> None:
    said = ["Ko?", "Š", "ko? ", "š", "KO?"]
    turns = [turn("a", number, text, problem="low_confidence") for number, text in enumerate(said)]
    found = figures_of(call("a"), *turns, turn("a", 9, problem="out_of_scope"), turn("a", 10))
    counted = {one.problem: [text.turns for text in one.texts] for one in found.problems}
    assert counted == {"low_confidence": [3, 2], "out_of_scope": [1]}
    assert [one.turns for one in found.problems] == [5, 1]


@pytest.mark.parametrize(
    ("confidences", "bins", "unknown"),
    [
        ([0.0, 0.05], {0: 2}, 0),
        ([0.99, 1.0], {9: 2}, 0),
        ([1.5, -1.0], {0: 1, 9: 1}, 0),
        ([None, 0.5], {5: 1}, 1),
    ],
)
def test_confidence_is_counted_by_tenths(database: str, confidences: Any, bins: dict[int, int], unknown: int) -> None:
    found = figures_of(call("a"), *(turn("a", at, confidence=one) for at, one in enumerate(confidences))).confidence
    assert ({at: one for at, one in enumerate(found.bins) if one}, found.unknown) == (bins, unknown)


def test_figures_can_be_written_as_json(database: str) -> None:
    found = figures_of(call("a", topics=[("pay", 1)]), turn("a", 0, "x", answered=False, problem="out_of_scope"))
    assert json.loads(json.dumps(asdict(found), allow_nan=False)) == asdict(found)


def test_rare_texts_are_dropped_when_there_are_too_many() -> None:
    tally = TextTally(held=10)
    for number in range(100):
        tally.add(f"rare {number}", "en", "a", 0)
        tally.add("Often", "en", "a", 0)
    assert (tally.turns, tally.exact) == (200, False)
    assert (tally.most_frequent()[0].text, tally.most_frequent()[0].turns) == ("Often", 100)


def test_what_people_added_for_the_training_data_is_no_call(session: Session) -> None:
    correct(session, "kā pieteikt jaunu skaitītāju mājai", "out_of_scope", "lv")
    session.flush()
    assert (count_calls(session), collect(session, ReportDays()).turns) == (0, 0)
