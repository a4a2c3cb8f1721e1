"""The durable inbox: once, in order, by one worker at a time, and not for ever."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.channels.messenger import inbox
from bot.channels.messenger.incoming import Incoming, Kind
from bot.storage.engine import session_scope
from bot.storage.messenger_models import MessengerEvent, MessengerThread

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("database")]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
RECEIVED = NOW - inbox.SETTLE
LATER = NOW + inbox.CLAIM + timedelta(seconds=1)
ANNA, JANIS = "7000000001", "7000000002"


def said(text: str, person: str = ANNA, seconds: float = 0) -> Incoming:
    return Incoming(f"{person} {text}", person, Kind.TEXT, NOW + timedelta(seconds=seconds), {"text": text})


def work(worker: str = "w", now: datetime = NOW) -> list[tuple[str, str]]:
    """Work all that waits; gives back who said what, in the order of work."""
    done = []
    while person := inbox.claim(worker, now):
        while task := inbox.begin_next(person, now):
            assert task.content is not None
            done.append((person, task.content["text"]))
            inbox.finish(task.id)
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


def test_what_fails_five_times_is_set_aside_and_the_next_is_worked() -> None:
    inbox.take([said("poison"), said("next", seconds=1)], RECEIVED)
    rests = []
    for _ in range(inbox.MOST_TRIES):
        task = inbox.begin_next(ANNA, NOW)
        assert task is not None
        rests.append(inbox.fail(task.id, "ValueError"))
    assert [rest.seconds for rest in rests] == [1, 3, 10, 30, 0]
    assert [event.problem for event in inbox.set_aside()] == ["ValueError"]
    assert work() == [(ANNA, "next")]


def test_what_kills_its_worker_five_times_is_set_aside() -> None:
    inbox.take([said("poison"), said("next", seconds=1)], RECEIVED)
    for _ in range(inbox.MOST_TRIES):
        inbox.begin_next(ANNA, NOW)  # and nothing is heard of it any more
    task = inbox.begin_next(ANNA, NOW)
    assert task is not None
    assert task.content is None
    assert [event.problem for event in inbox.set_aside()] == ["the worker died with it"]
    assert work() == [(ANNA, "next")]


def test_what_was_set_aside_may_be_tried_again() -> None:
    inbox.take([said("a")], RECEIVED)
    task = inbox.begin_next(ANNA, NOW)
    assert task is not None
    inbox.fail(task.id, "Graph error 190", True)
    assert inbox.try_again() == 1
    assert work() == [(ANNA, "a")]


def test_replies_are_worked_out_once_and_sent_in_order() -> None:
    inbox.take([said("a")], RECEIVED)
    first = inbox.begin_next(ANNA, NOW)
    assert first is not None
    inbox.keep_replies(first.id, [{"message": 1}, {"message": 2}])
    inbox.sent(inbox.unsent(first.id)[0][0])
    again = inbox.begin_next(ANNA, NOW)  # another worker, after this one has died
    assert again is not None
    assert again.replied
    assert [item for _, item in inbox.unsent(first.id)] == [{"message": 2}]


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
