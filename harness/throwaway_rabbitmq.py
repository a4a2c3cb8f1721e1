"""A temporary RabbitMQ server for tests. `scripts/topology` installs the programs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.topology import services
from harness.topology.part import Part, PartError

CTL = services.RABBITMQ.with_name("rabbitmqctl")
MEMORY = 0.4  # RabbitMQ's own high watermark, a share of the machine's memory


class RabbitServer:
    """A running server.

    Attributes:
        url: to set as RABBITMQ_URL; its user has all permissions.
    """

    def __init__(self, part: Part, url: str) -> None:
        self.part, self.url = part, url

    def ctl(self, *arguments: str) -> str:
        """The output of a rabbitmqctl command.

        Raises:
            PartError: it failed.
        """
        environment = {**os.environ, **self.part.environment}
        node = self.part.environment["RABBITMQ_NODENAME"]
        command = [str(CTL), "--quiet", "--node", node, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise PartError(f"rabbitmqctl {arguments[0]} failed: {done.stderr}")
        return done.stdout

    @contextmanager
    def alarm(self) -> Iterator[None]:
        """A context in which RabbitMQ has a memory alarm and blocks publishers."""
        self.ctl("set_vm_memory_high_watermark", "absolute", "1")
        try:
            yield
        finally:
            self.ctl("set_vm_memory_high_watermark", str(MEMORY))

    def kill(self) -> None:
        """SIGKILL."""
        self.part.kill()

    def start(self) -> None:
        """Start or restart it with its data on disk; `wait` waits until it is ready."""
        self.part.start()

    def wait(self) -> None:
        """Wait until it takes commands."""
        self.part.wait()
        self.ctl("await_startup")


@contextmanager
def rabbitmq_server() -> Iterator[RabbitServer]:
    """A context with a server on a free loopback port.

    Raises:
        PartError: the programs are not installed, or it does not start.
    """
    with TemporaryDirectory(prefix="rabbitmq-") as folder:
        (epmd, part), url = services.rabbitmq(Path(folder) / "rabbitmq")
        try:
            epmd.start()
            epmd.wait()
            server = RabbitServer(part, url)
            server.start()
            server.wait()
            yield server
        finally:
            part.kill()
            epmd.kill()
