"""Work that takes longer than a page may: in processes of its own, of low priority, with a deadline.

A page asks for a result; until it is there, the page says so and asks again. What was found is kept for a while under
everything that it depends on, so whoever asks for the same gets it at once, and another console process that is asked
works it out itself.
"""

import hashlib
import json
import logging
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot import deadlines
from bot.observing.error_place import place_of
from bot.settings import PROJECT

logger = logging.getLogger(__name__)
AT_ONCE = 2  # processes
MOST_WAITING = 20
FAILED = "Failed: "  # begins the last line of a process that could not do its task
MOST_KEPT = 30  # results; a preview has some hundred kilobytes


class SlowTask(StrEnum):
    """What is worked out (`bot.console.announcement_tasks`)."""

    CHECK = "check"
    PREVIEW = "preview"
    UNDO_PREVIEW = "undo-preview"
    PUBLISH = "publish"
    DRAFT = "draft"
    CONFLICTS = "conflicts"


@dataclass(frozen=True)
class WorkOutcome:
    """What came of it.

    Attributes:
        result: JSON's types; None where there is a problem.
        problem: why there is none, in a sentence that says what to do.
        has_failed: it ended without an answer, or took too long; asked again, it is tried again.
    """

    result: Any = None
    problem: str | None = None
    has_failed: bool = False


class TooMuchWork(Exception):
    """So much is being worked out that no more is begun now."""


Runner = Callable[[SlowTask, Mapping[str, Any]], WorkOutcome]


class SlowWork:
    """The work of this process's pages.

    Args:
        run: does one task, in a thread that waits for it.
    """

    def __init__(self, run: Runner | None = None) -> None:
        self._run = run or in_a_process
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slow-work")
        self._known: OrderedDict[str, Future[WorkOutcome]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, task: SlowTask, given: Mapping[str, Any], depends_on: str) -> tuple[str, WorkOutcome | None]:
        """The key of some work, which is begun where nobody has asked for it yet, and what came of it so far.

        Args:
            given: JSON's types.
            depends_on: what else decides the result, such as the version of the facts and the day.

        Raises:
            TooMuchWork: it cannot be begun now.
        """
        whole = json.dumps([task, given, depends_on], sort_keys=True, ensure_ascii=False)
        key = hashlib.sha256(whole.encode()).hexdigest()
        with self._lock:
            if key not in self._known:
                if sum(not one.done() for one in self._known.values()) >= MOST_WAITING:
                    raise TooMuchWork
                self._known[key] = self._pool.submit(self._run, task, given)
                self._forget()
        return key, self.outcome(key)

    def outcome(self, key: str) -> WorkOutcome | None:
        """What came of some work; None while it lasts, and where nobody has asked for it here."""
        with self._lock:
            found = self._known.get(key)
            if found is None or not found.done():
                return None
            try:
                outcome = found.result()
            except Exception as error:  # a runner's own mistake must not stay for ever
                logger.error("Slow work ended with %s, %s.", type(error).__name__, place_of(error))
                outcome = WorkOutcome(has_failed=True)
            if outcome.has_failed:
                del self._known[key]
            else:
                self._known.move_to_end(key)
            return outcome

    def is_known(self, key: str) -> bool:
        """Whether somebody has asked for this work here, and it was not forgotten."""
        with self._lock:
            return key in self._known

    def close(self) -> None:
        """Begin nothing more; what runs ends by its deadline."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self) -> None:
        done = [key for key, one in self._known.items() if one.done()]
        for key in done[: max(len(self._known) - MOST_KEPT, 0)]:
            del self._known[key]


def in_a_process(task: SlowTask, given: Mapping[str, Any]) -> WorkOutcome:
    """Do a task in a process of its own (`bot.console.slow_worker`)."""
    command = [sys.executable, "-m", "bot.console.slow_worker"]
    sent = json.dumps({"task": task, "given": given})
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command,
            input=sent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=PROJECT,
            timeout=deadlines.SLOW_WORK,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.error("Slow work takes too long: %s.", task)
        return WorkOutcome(has_failed=True)
    if done.returncode:
        logger.error("Slow work failed: %s, status %s, %s.", task, done.returncode, _kind(done.stderr))
        return WorkOutcome(has_failed=True)
    return WorkOutcome(**json.loads(done.stdout))


def _kind(told: str) -> str:
    """The error, and where it was raised, as the process itself says; nothing else that it wrote is logged."""
    last = (told.strip().splitlines() or [""])[-1]
    return last.removeprefix(FAILED) if last.startswith(FAILED) else "it could not say why"
