"""Several acts at the same moment."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy.exc import OperationalError

BUSY_PATIENCE = 30.0  # seconds


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of this at the same moment, each in a thread; what fails fails the test.

    A database that is busy is tried again, as a customer's client does.
    """
    barrier = Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        barrier.wait(BUSY_PATIENCE)
        deadline = time.monotonic() + BUSY_PATIENCE
        while True:
            try:
                act()
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(do, act) for act in acts]:
            done.result()
