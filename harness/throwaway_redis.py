"""A temporary Redis server for tests. `scripts/redis` installs the program."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from redis import Redis
from redis.exceptions import RedisError

from harness.ports import free_port

START_TIME = 20  # seconds


class RedisServerError(RuntimeError):
    """A Redis server could not be started; the message says why."""


@dataclass
class RedisServer:
    """A running server that keeps nothing on disk, with the URL to set as REDIS_URL."""

    process: subprocess.Popen[bytes]
    url: str


@contextmanager
def redis_server(password: str | None = None) -> Iterator[RedisServer]:
    """A context with a server on a free loopback port.

    Raises:
        RedisServerError: the program is not installed, or does not start.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise RedisServerError("redis-server is not installed; 'scripts/redis' installs it.")
    port = free_port()
    with TemporaryDirectory(prefix="redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        options += ["--requirepass", password] if password else []
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        server = RedisServer(process, f"redis://{f':{password}@' if password else ''}127.0.0.1:{port}/0")
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.kill()
            process.wait()


def _wait_until_ready(server: RedisServer) -> None:
    deadline = time.monotonic() + START_TIME
    with Redis.from_url(server.url) as client:
        while True:
            try:
                client.ping()
                return
            except RedisError as error:
                if server.process.poll() is not None or time.monotonic() > deadline:
                    raise RedisServerError(f"redis-server did not start: {error}") from error
                time.sleep(0.02)
