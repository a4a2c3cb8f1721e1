"""A server that `bot serve` has started ends with it, however that ends."""

import os
import signal
import sys
import threading
import time

WITH_PARENT = "--with-parent"  # an argument of the servers
GRACE = 8.0  # seconds to stop by itself


def end_with_parent() -> None:
    """Stop this process when its standard input ends, where it was started with `--with-parent`.

    Standard input is a pipe that the parent holds open and never writes to; the system closes it when the parent is
    gone, also by SIGKILL.
    """
    if WITH_PARENT in sys.argv:
        sys.argv.remove(WITH_PARENT)
        threading.Thread(target=_wait, name="parent", daemon=True).start()


def _wait() -> None:
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
