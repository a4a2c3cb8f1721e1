"""The process that does one slow task: told on standard input as JSON, answered on standard output."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from bot.console.announcement_tasks import TASKS
from bot.console.slow_work import FAILED, SlowTask, WorkOutcome
from bot.knowledge.records import KnowledgeError
from bot.observing.error_place import place_of

NICER_BY = 10  # priority: pages and streams come first


def done(task: SlowTask, given: Mapping[str, Any]) -> WorkOutcome:
    """Do a task, in a transaction of its own.

    Raises:
        SQLAlchemyError: the database fails.
    """
    try:
        return WorkOutcome(TASKS[task](given))
    except KnowledgeError as error:
        return WorkOutcome(problem=str(error))


def main() -> None:
    """Do the task that is asked for."""
    os.nice(NICER_BY)
    asked = json.load(sys.stdin)
    # Libraries write to standard output as they are loaded; the answer goes out alone.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        found = done(SlowTask(asked["task"]), asked["given"])
    except Exception as error:  # its message may have somebody's words
        sys.exit(f"{FAILED}{type(error).__name__}, {place_of(error)}")
    json.dump({"result": found.result, "problem": found.problem}, answer, ensure_ascii=False)
    answer.close()


if __name__ == "__main__":
    main()
