"""Circuit breaker: while a part is down, most turns are not tried, since each delays everybody who waits behind it."""

import time
from collections.abc import Callable

IN_A_ROW = 2  # failed turns in a row, of any persons, that open the breaker
PROBE = 1.0  # seconds between two probing turns while it is open


class Breaker:
    """Open while turns fail: then one turn a second is tried as a probe. The first success closes the breaker."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed, self._next = 0, 0.0

    def holds_back(self) -> bool:
        """Whether a turn must not be tried now. Where False, the caller tries it and reports the result."""
        if self._failed < IN_A_ROW:
            return False
        if self._clock() < self._next:
            return True
        self._next = self._clock() + PROBE
        return False

    def failed(self) -> None:
        """A turn failed."""
        self._failed += 1
        self._next = self._clock() + PROBE

    def succeeded(self) -> None:
        """A turn succeeded."""
        self._failed = 0
