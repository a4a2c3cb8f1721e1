"""Restarts a server that died, with back-off, and gives up after too many deaths."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from bot.preparation_error import PreparationError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds of back-off before a restart, doubled with each death
# More deaths than one poison message of Messenger can cause (bot.channels.messenger.outcomes).
MOST, WITHIN = 8, 600.0  # deaths, seconds


class Mortal(Protocol):
    """A server that may die."""

    name: str

    def start(self) -> None: ...

    def died(self) -> str | None: ...

    def clear_away(self) -> None: ...


class Restarts:
    """Restarts one server when it has died.

    Attributes:
        is_awaited: whether it was restarted and is not ready yet.
    """

    def __init__(self, server: Mortal, report: Callable[[str], None]) -> None:
        self._server, self._report = server, report
        self._deaths: deque[float] = deque()
        self._again_at: float | None = None
        self.is_awaited = False

    def look(self, now: float) -> None:
        """Check the server, and restart it if due; to be called periodically.

        Args:
            now: seconds of a monotonic clock.

        Raises:
            PreparationError: it has died too often.
        """
        if self._again_at is not None:
            if now >= self._again_at:
                self._start(now)
            return
        if reason := self._server.died():
            self._server.clear_away()
            self._note_death(reason, now)

    def answers(self) -> None:
        """Note that the restarted server is ready again."""
        if self.is_awaited:
            self.is_awaited = False
            self._report(f"The {self._server.name} runs again.")

    def _start(self, now: float) -> None:
        try:
            self._server.start()
        except OSError as error:  # no memory, no more processes
            self._note_death(f"The {self._server.name} could not be started: {error.strerror}.", now)
        else:
            self._again_at, self.is_awaited = None, True

    def _note_death(self, reason: str, now: float) -> None:
        self.is_awaited = False
        self._deaths.append(now)
        while self._deaths[0] < now - WITHIN:
            self._deaths.popleft()
        if len(self._deaths) >= MOST:
            often = f"It has died {len(self._deaths)} times within {WITHIN / 60:.0f} minutes"
            raise PreparationError(f"{reason} {often}, so it is not started again; the others were stopped too.")
        pause = min(FIRST_PAUSE * 2 ** (len(self._deaths) - 1), LONGEST_PAUSE)
        self._again_at = now + pause
        self._report(f"{reason} It is started again in {pause:.0f} s.")
