"""The durable inbox: exactly once, in order, by one worker at a time; retries and dead letters."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.models import MessengerEvent, MessengerThread
from bot.storage.engine import session_scope

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("database")]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
RECEIVED = NOW - inbox.SETTLE
LATER = NOW + inbox.CLAIM + timedelta(seconds=1)
ANNA, JANIS = "7000000001", "7000000002"


def said(text: str, person: str = ANNA, seconds: float = 0) -> Incoming:
    return Incoming(
        f"{person} {text}", person, MessengerEventKind.TEXT, NOW + timedelta(seconds=seconds), {"text": text}
    )


def work(worker: str = "w", now: datetime = NOW) -> list[tuple[str, str]]:
    """Process all waiting events; returns who said what, in the order of processing."""
    done = []
    while person := inbox.claim(worker, now):
        while task := inbox.begin_next(person, now):
            assert task.content is not None
            done.append((person, task.content["text"]))
            outcomes.finish(task.id)
        inbox.release(worker, person, now)
    return done


def test_what_is_delivered_again_is_there_once() -> None:
    for _ in range(3):
        inbox.take([said("a"), said("a")], RECEIVED)
    assert work() == [(ANNA, "a")]
    inbox.take([said("a")], RECEIVED)
    assert work() == []


def test_a_persons_events_are_worked_in_the_order_they_happened() -> None:
    inbox.take([said("second", seconds=2)], RECEIVED)
    inbox.take([said("first", seconds=1), said("third", seconds=3)], RECEIVED)
    assert [text for _, text in work()] == ["first", "second", "third"]


def test_what_has_just_come_waits_for_what_happened_before() -> None:
    inbox.take([said("second", seconds=2)], NOW)
    assert work() == []
    inbox.take([said("first", seconds=1)], NOW)
    assert [text for _, text in work(now=NOW + inbox.SETTLE)] == ["first", "second"]


def test_who_is_claimed_is_left_to_that_worker() -> None:
    inbox.take([said("a"), said("b", JANIS)], RECEIVED)
    claimed = {inbox.claim(worker, NOW) for worker in ("one", "two")}
    assert claimed == {ANNA, JANIS}
    assert inbox.claim("three", NOW) is None


def test_a_claim_whose_worker_has_died_runs_out() -> None:
    inbox.take([said("a")], RECEIVED)
    inbox.claim("dead", NOW)
    assert work("alive", NOW) == []
    assert work("alive", LATER) == [(ANNA, "a")]


def test_a_claim_that_is_held_does_not_run_out() -> None:
    inbox.take([said("a")], RECEIVED)
    inbox.claim("alive", NOW)
    inbox.hold("alive", [ANNA], LATER)
    assert inbox.claim("other", LATER) is None


def test_who_holds_no_claim_cannot_end_it() -> None:
    inbox.take([said("a")], RECEIVED)
    inbox.claim("one", NOW)
    inbox.release("other", ANNA, NOW)
    assert inbox.claim("other", NOW) is None


def test_after_a_failure_the_person_rests_and_nobody_else() -> None:
    inbox.take([said("a")], RECEIVED)
    inbox.claim("w", NOW)
    inbox.release("w", ANNA, NOW, timedelta(hours=1))
    inbox.take([said("b", JANIS)], RECEIVED)
    assert work() == [(JANIS, "b")]
    assert work(now=NOW + timedelta(hours=1)) == [(ANNA, "a")]


@pytest.mark.parametrize(
    ("age", "rest"), [(0, 1), (1, 1), (3, 1.5), (20, 10), (119, 59.5), (600, 60), (20 * 60 * 60, 60)]
)
def test_the_older_an_event_is_the_longer_it_rests(age: float, rest: float) -> None:
    assert outcomes.pause(timedelta(seconds=age)).total_seconds() == rest


def next_of(person: str = ANNA) -> inbox.Task:
    task = inbox.begin_next(person, NOW)
    assert task is not None
    return task


def test_what_could_not_be_answered_is_next_again_however_often() -> None:
    inbox.take([said("a"), said("next", seconds=1)], RECEIVED)
    for _ in range(3 * outcomes.MOST_TRIES):
        outcomes.count_try(next_of().id)
        outcomes.later(next_of().id, outcomes.UNANSWERED)
    assert (next_of().tries, next_of().problem) == (0, outcomes.UNANSWERED)
    assert [text for _, text in work()] == ["a", "next"]


def test_servers_that_died_with_an_event_are_counted() -> None:
    inbox.take([said("poison")], RECEIVED)
    for _ in range(3):
        outcomes.count_try(next_of().id)  # and never finishes
    assert next_of().tries == 3


def test_a_try_of_which_is_known_that_the_server_survived_it_is_the_first() -> None:
    inbox.take([said("a")], RECEIVED)
    for _ in range(outcomes.MOST_TRIES):
        outcomes.count_try(next_of().id, True)
    assert next_of().tries == 1


def test_what_was_set_aside_is_passed_over_and_may_be_tried_again() -> None:
    inbox.take([said("a"), said("next", seconds=1)], RECEIVED)
    outcomes.count_try(next_of().id)
    outcomes.set_aside(next_of().id, "Graph error 190")
    assert work() == [(ANNA, "next")]
    assert outcomes.try_again() == 1
    assert next_of().tries == 0
    assert work() == [(ANNA, "a")]


def test_whose_events_are_stuck_is_told() -> None:
    inbox.take([said("a"), said("b", JANIS, 1), said("c", JANIS, 2)], RECEIVED)
    outcomes.set_aside(next_of().id, "Graph error 190")
    outcomes.later(next_of(JANIS).id, outcomes.UNANSWERED)
    assert [(each.person, each.conversation, each.problem, each.is_set_aside) for each in outcomes.stuck()] == [
        (ANNA, inbox.conversation_of(ANNA), "Graph error 190", True),
        (JANIS, inbox.conversation_of(JANIS), outcomes.UNANSWERED, False),
    ]
    assert outcomes.waiting() == 2


def test_that_it_takes_longer_is_told_once_for_an_event() -> None:
    inbox.take([said("a"), said("b", seconds=1)], RECEIVED)
    first = next_of()
    assert [outcomes.may_tell_of_delay(first.id) for _ in range(3)] == [True, False, False]
    outcomes.keep_replies(first.id, [{"message": 1}])
    assert [item for _, item in outcomes.unsent(first.id)] == [{"message": 1}]
    outcomes.finish(first.id)
    assert outcomes.may_tell_of_delay(next_of().id)


def test_rests_end_for_those_alone_who_could_not_be_answered() -> None:
    inbox.take([said("a"), said("b", JANIS)], RECEIVED)
    for person, problem in ((ANNA, outcomes.UNANSWERED), (JANIS, "Graph error 4")):
        inbox.claim("w", NOW)
        outcomes.later(next_of(person).id, problem)
    for person in (ANNA, JANIS):
        inbox.release("w", person, NOW, timedelta(hours=1))
    outcomes.end_rests()
    assert (inbox.claim("w", NOW), inbox.claim("w", NOW)) == (ANNA, None)


@pytest.mark.parametrize(("after", "heard"), [(-1, None), (0, 0), (4, 0), (30, 10)])
def test_when_a_person_last_wrote_is_known(after: int, heard: int | None) -> None:
    echo = Incoming("echo", ANNA, MessengerEventKind.PERSON_SPOKE, NOW + timedelta(seconds=3))
    inbox.take([said("a"), said("b", seconds=10), said("c", JANIS, 4), echo], RECEIVED)
    found = inbox.last_heard(ANNA, NOW + timedelta(seconds=after))
    assert found == (None if heard is None else NOW + timedelta(seconds=heard))


def test_replies_are_worked_out_once_and_sent_in_order() -> None:
    inbox.take([said("a")], RECEIVED)
    first = next_of()
    outcomes.keep_replies(first.id, [{"message": 1}, {"message": 2}])
    outcomes.sent(outcomes.unsent(first.id)[0][0])
    assert next_of().replied  # for another worker, after this one has died
    assert [item for _, item in outcomes.unsent(first.id)] == [{"message": 2}]


def test_of_what_is_done_nothing_can_be_read() -> None:
    inbox.take([said("Anna Bērziņa, 29000000")], RECEIVED)
    with session_scope() as session:
        sealed = session.execute(select(MessengerEvent.sealed)).scalar_one()
    assert "Anna" not in sealed
    work()
    with session_scope() as session:
        assert session.execute(select(MessengerEvent.sealed)).scalar_one() is None


def test_a_conversation_does_not_tell_who_it_is() -> None:
    inbox.take([said("a")], RECEIVED)
    with session_scope() as session:
        conversation = session.execute(select(MessengerThread.conversation_id)).scalar_one()
    assert ANNA not in conversation


def test_many_workers_work_each_event_once_and_each_person_in_order() -> None:
    persons = [str(7_000_000_000 + n) for n in range(20)]
    events = [said(f"{n:02}", person, seconds=n) for person in persons for n in range(10)]
    deliveries = [event for event in events for _ in range(3)]
    Random(5).shuffle(deliveries)
    batches = [deliveries[start : start + 7] for start in range(0, len(deliveries), 7)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda batch: inbox.take(batch, RECEIVED), batches))
        done = [each for some in pool.map(work, [f"w{n}" for n in range(8)]) for each in some]
    done += work("last")
    assert Counter(done) == Counter({(event.person, event.content["text"]): 1 for event in events})
    for person in persons:
        assert [text for who, text in done if who == person] == [f"{n:02}" for n in range(10)]
