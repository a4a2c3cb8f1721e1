"""The facts for code that must neither wait for the database nor fail without it: as they are or were last seen.

The greeting names the events that are in force, and messages name places that announcements brought. Both still work
while the database is down: then with what this process read last, or with what the files say.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.knowledge.remembered import Remembered, facts_now
from bot.settings import settings
from bot.storage.engine import single_statements

logger = logging.getLogger(__name__)


class LastKnown:
    """The facts of one database, looked up in the background, one look-up at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="last-known")
        self._running: Future[Remembered] | None = None
        self._seen: Remembered | None = None
        self._failed = False

    def facts(self) -> Remembered | None:
        """The facts now, or as they were last seen; None where they never were. Waits `deadlines.LAST_KNOWN` at most.

        Nobody waits while an earlier look-up hangs, or after one failed: then it is tried again in the background.
        """
        if self._running is not None and self._running.done():
            self._note(self._running, 0.0)
        wait = 0.0 if self._failed or self._is_looking() else deadlines.LAST_KNOWN
        if not self._is_looking():
            self._running = self._worker.submit(self._look)
        if self._running is not None:
            self._note(self._running, wait)
        return self._seen

    def _is_looking(self) -> bool:
        return self._running is not None and not self._running.done()

    def _note(self, look_up: Future[Remembered], wait: float) -> None:
        try:
            self._seen, self._failed = look_up.result(wait), False
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            if not self._failed:
                logger.warning("The facts cannot be read (%s); the last known ones are used.", type(error).__name__)
            self._failed = True

    def _look(self) -> Remembered:
        with single_statements(self._url) as session:
            return facts_now(session)


@lru_cache(maxsize=4)
def _of_database(url: str) -> LastKnown:
    return LastKnown(url)


def last_known() -> Remembered | None:
    """The facts of the assistant's database, as they are or were last seen; None where they never were."""
    return _of_database(settings().database_url).facts()
