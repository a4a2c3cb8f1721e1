"""Measures durations without the time for which a busy machine kept the processes waiting for a CPU."""

import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil


class PromisedTime:
    """Measures a block; `seconds` is there after it. On a quiet machine that is the time by the clock.

    The promised times assume that the servers have a CPU to run on. Linux counts for each thread how long it was
    runnable but not running; elsewhere only wall-clock time is available.
    """

    def __init__(self, *servers: int) -> None:
        """
        Args:
            servers: processes that, with their children, do the work; this process is included.
        """
        self._servers = servers
        self.seconds = 0.0

    def __enter__(self) -> "PromisedTime":
        self._began, self._kept_waiting = time.monotonic(), self._waited()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        took = time.monotonic() - self._began
        self.seconds = took - max(0.0, self._waited() - self._kept_waiting)

    def _waited(self) -> float:
        pids = [os.getpid(), *self._servers]
        for server in self._servers:
            with suppress(psutil.NoSuchProcess):
                pids += [child.pid for child in psutil.Process(server).children(recursive=True)]
        return sum(_waited_by(thread) for pid in pids for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _waited_by(thread: Path) -> float:
    with suppress(OSError):  # it has ended
        return int(thread.read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0
