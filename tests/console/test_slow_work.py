"""Work beside the pages: done once for whoever asks, tried again after a failure, not begun without end."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from bot.console.slow_work import AT_ONCE, MOST_WAITING, SlowTask, SlowWork, TooMuchWork, WorkOutcome, in_a_process

PATIENCE = 30  # seconds


class Counted:
    """A runner that counts, and waits until it may end."""

    def __init__(self, *, outcome: WorkOutcome | None = None) -> None:
        self.times = 0
        self.may_end = threading.Event()
        self._outcome = outcome

    def __call__(self, task: SlowTask, given: Mapping[str, Any]) -> WorkOutcome:
        """Do it."""
        self.times += 1
        self.may_end.wait(PATIENCE)
        if self._outcome is None:
            raise RuntimeError("a mistake of ours")
        return self._outcome


def ended(work: SlowWork, key: str) -> WorkOutcome:
    until = time.monotonic() + PATIENCE
    while (outcome := work.outcome(key)) is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    return outcome


def test_whoever_asks_for_the_same_gets_the_same() -> None:
    run = Counted(outcome=WorkOutcome({"a": 1}))
    work = SlowWork(run)
    keys = {work.ask(SlowTask.CHECK, {"b": 2, "c": 3}, "v1")[0], work.ask(SlowTask.CHECK, {"c": 3, "b": 2}, "v1")[0]}
    run.may_end.set()
    (key,) = keys
    assert (ended(work, key).result, run.times) == ({"a": 1}, 1)
    other, _ = work.ask(SlowTask.CHECK, {"b": 2, "c": 3}, "v2")
    assert (ended(work, other).result, run.times, key == other) == ({"a": 1}, 2, False)
    work.close()


@pytest.mark.parametrize("outcome", [None, WorkOutcome(has_failed=True)], ids=["raised", "failed"])
def test_what_failed_is_tried_again(outcome: WorkOutcome | None) -> None:
    run = Counted(outcome=outcome)
    run.may_end.set()
    work = SlowWork(run)
    for times in (1, 2):
        key, at_once = work.ask(SlowTask.CHECK, {}, "v1")
        assert ((at_once or ended(work, key)).has_failed, run.times) == (True, times)
    work.close()


def test_more_than_can_be_done_is_refused() -> None:
    run = Counted(outcome=WorkOutcome(1))
    work = SlowWork(run)
    for number in range(MOST_WAITING):
        work.ask(SlowTask.CHECK, {"number": number}, "v1")
    with pytest.raises(TooMuchWork):
        work.ask(SlowTask.CHECK, {"number": -1}, "v1")
    assert run.times <= AT_ONCE
    run.may_end.set()
    work.close()


def test_a_process_of_its_own_says_what_is_wrong(database: str) -> None:
    found = in_a_process(SlowTask.UNDO_PREVIEW, {"announcement": "nothing"})
    assert (found.result, "There is no announcement 'nothing'" in str(found.problem)) == (None, True)


def test_a_process_that_fails_tells_nothing_of_what_it_worked_on(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = in_a_process(SlowTask.CHECK, {"document": {"secret": "Anna Bērziņa"}})
    assert (found.has_failed, "Anna" in caplog.text, "ValidationError" in caplog.text) == (True, False, True)
