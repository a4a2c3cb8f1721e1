"""Free ports of this machine, for servers that tests and benchmarks start."""

import os
import socket
from contextlib import suppress
from itertools import count, islice

# Below the ephemeral ports (from 32768 on Linux, from 49152 on macOS): any outgoing connection could take one of those
# before the server starts.
PORTS = range(20_000, 32_000)
# Concurrent processes start searching far apart.
_numbers = count(os.getpid() * 97)


def free_port() -> int:
    """A free port of this machine that this process has not been given before.

    Raises:
        RuntimeError: all are taken.
    """
    for number in islice(_numbers, len(PORTS)):
        port = PORTS[number % len(PORTS)]
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"All ports from {PORTS.start} to {PORTS.stop} are taken.")
