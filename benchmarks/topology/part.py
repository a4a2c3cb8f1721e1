"""One process of the topology: started, waited for, stopped, killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

PATIENCE = 90.0  # seconds until a part that does not get ready is given up
GRACE = 15.0  # seconds to stop by itself before it is killed
LOOK_AGAIN = 0.05
TAIL = 2000  # characters of a log that are shown


class PartError(RuntimeError):
    """A part could not be started, or has died; the message says which and shows the end of its log."""


@dataclass
class Part:
    """A process of its own session.

    Attributes:
        is_ready: whether it does its work.
        user: runs it where we are root, for programs that refuse to run as root.
        stop_signal: asks it to end by itself.
    """

    name: str
    command: list[str]
    log: Path
    is_ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        return self._started().pid

    def start(self) -> None:
        """Start it; `wait` waits until it is ready.

        The system stops it when the thread that started it ends, so that nothing is left of a test that was killed.
        """
        command = ["setpriv", "--pdeathsig", "TERM"]
        if self.user and os.geteuid() == 0:
            command += ["--reuid", self.user, "--regid", self.user, "--init-groups"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 (our own commands)
                [*command, "--", *self.command],
                cwd=self.log.parent,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it is ready.

        Raises:
            PartError: it died, or was not ready in time.
        """
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:]
                raise PartError(f"{self.name} did not get ready. The end of its log:\n{said}")
            time.sleep(LOOK_AGAIN)

    def stop(self) -> int:
        """Let it end by itself; gives back its exit status."""
        process = self._started()
        with suppress(ProcessLookupError):
            process.send_signal(self.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        self.kill()
        return process.wait()

    def kill(self) -> None:
        """SIGKILL for it and all that it has started; gives back when they are gone."""
        if self.process is None:
            return
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            family = [parent, *parent.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=GRACE)

    def family(self) -> list[psutil.Process]:
        """It and its children, as they are now."""
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise PartError(f"{self.name} was not started.")
        return self.process
