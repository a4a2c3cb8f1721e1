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

READY_PATIENCE = 90.0  # seconds that a part may take to become ready
GRACE = 15.0  # seconds to stop by itself before it is killed
LOOK_AGAIN = 0.05
TAIL = 2000  # characters of a log that are shown


class PartError(RuntimeError):
    """A part could not be started, or has died; the message says which and shows the end of its log."""


@dataclass
class Part:
    """A process in its own session.

    Attributes:
        is_ready: readiness check.
        user: runs it where we are root, for programs that refuse to run as root.
        stop_signal: signal for a graceful shutdown.
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
        """PID of the process that was started last."""
        return self._started().pid

    def start(self) -> None:
        """Start it; `wait` waits until it is ready.

        The system kills it when the thread that started it ends, so that a killed test leaves no process behind.
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
        deadline = time.monotonic() + READY_PATIENCE
        while not self.is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:]
                raise PartError(f"{self.name} did not get ready. The end of its log:\n{said}")
            time.sleep(LOOK_AGAIN)

    def stop(self) -> int:
        """Stop it gracefully; returns its exit status."""
        process = self._started()
        self._ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        self.kill()
        return process.wait()

    def kill(self) -> None:
        """SIGKILL it and its children; returns when they are gone."""
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

    def _ask_to_end(self) -> None:
        with suppress(ProcessLookupError):
            self._started().send_signal(self.stop_signal)

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise PartError(f"{self.name} was not started.")
        return self.process
