"""A server started by `bot serve` ends with it, also when that is killed."""

import os
import signal
import sys
import threading
import time

from bot import deadlines

WITH_PARENT = "--with-parent"  # an argument of the servers


def end_with_parent() -> None:
    """Stop this process when its standard input ends, where it was started with `--with-parent`.

    Standard input is a pipe that the parent keeps open and never writes to; the operating system closes it when the
    parent ends, also by SIGKILL.
    """
    if WITH_PARENT in sys.argv:
        sys.argv.remove(WITH_PARENT)
        threading.Thread(target=_wait, name="parent", daemon=True).start()


def _wait() -> None:
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(deadlines.KILL)
    os.kill(os.getpid(), signal.SIGKILL)
